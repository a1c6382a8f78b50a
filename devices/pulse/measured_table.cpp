#include "measured_table.hpp"

#include <cstddef>
#include <filesystem>
#include <string_view>

#include <fmt/format.h>

#include "../../core/errors.hpp"
#include "../../core/hash.hpp"
#include "../../core/input_file.hpp"

namespace ohmlab::devices {

void MeasuredTable::read_files() {
  file.digest.clear();
  if (state_low >= state_high || !std::filesystem::is_regular_file(file.resolved)) return;
  constexpr std::size_t most = std::size_t{64} << 20;
  core::InputFile in(file.resolved);
  const std::vector<std::byte> bytes = in.read(most + 1);
  if (bytes.size() > most) {
    throw core::UserError(file.resolved, "a table of steps of at most 64 MiB", "a larger file");
  }
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  table_ = StepTable::parse(text, file.resolved.string(), {state_low, state_high});
  file.digest = core::Sha256().add(text).hex();
}

void MeasuredTable::require_files() const {
  if (file.text.empty() || !file.digest.empty()) return;
  if (!file.resolved.empty())
    throw core::UserError(file.where, file.key, "\"" + file.text + "\"", "expected a file");
  throw core::UserError(file.where, file.key, "\"" + file.text + "\"",
                        "no such file beside the config that names it, nor below $OHMLAB_DATA");
}

}  // namespace ohmlab::devices
