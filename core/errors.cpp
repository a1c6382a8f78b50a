#include "errors.hpp"

#include <fmt/format.h>

namespace ohmlab::core {

std::string Location::text() const {
  return line > 0 ? fmt::format("{}:{}", source, line) : source;
}

namespace {
std::string mistake(const Location& where, const std::string& key, const std::string& value,
                    const std::string& expected) {
  std::string message = where.text();
  if (!key.empty()) message += (message.empty() ? "" : ": ") + key;
  if (!value.empty()) message += (key.empty() ? (message.empty() ? "" : ": ") : " = ") + value;
  if (!expected.empty()) message += (message.empty() ? "" : ": ") + expected;
  return message;
}
}  // namespace

UserError::UserError(const Location& where, const std::string& key, const std::string& value,
                     const std::string& expected)
    : std::runtime_error(mistake(where, key, value, expected)) {}

UserError::UserError(const std::filesystem::path& file, const std::string& expected,
                     const std::string& found)
    : std::runtime_error(fmt::format("{}: expected {}, found {}", file.string(), expected, found)) {
}

WorldError::WorldError(const std::filesystem::path& path, const std::string& what)
    : std::runtime_error(fmt::format("{}: {}", path.string(), what)) {}

}  // namespace ohmlab::core
