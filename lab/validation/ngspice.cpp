#include "ngspice.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>

#include <fmt/format.h>

#include "../../core/errors.hpp"

namespace ohmlab::validation {
namespace {

/// Standard output of a shell command.
std::string output_of(const std::string& command) {
  const auto close = [](std::FILE* pipe) { pclose(pipe); };
  const std::unique_ptr<std::FILE, decltype(close)> pipe(popen(command.c_str(), "r"), close);
  if (!pipe) throw core::WorldError(command, "cannot be started");
  std::string out;
  std::array<char, 1 << 16> piece{};
  while (const std::size_t count = std::fread(piece.data(), 1, piece.size(), pipe.get()))
    out.append(piece.data(), count);
  return out;
}

/// A folder that is removed with its content.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "ohmlab-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw core::WorldError(name, "cannot be made");
    path_ = name;
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

 private:
  std::filesystem::path path_;
};

/// As one word of the shell.
std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string(R"('\'')") : std::string(1, c);
  return out + "'";
}

}  // namespace

std::string ngspice_version() {
  const std::string said = output_of("ngspice --version 2>/dev/null");
  const std::size_t at = said.find("ngspice-");
  return at == std::string::npos ? "" : said.substr(at, said.find_first_of(" \n", at) - at);
}

OperatingPoint run_ngspice(const std::string& netlist) {
  static const std::string version = ngspice_version();
  if (version.empty()) {
    throw core::UserError(
        "ngspice is not on the PATH: expected the Debian package \"ngspice\" "
        "(apt-get install ngspice); nothing was compared");
  }
  const TemporaryFolder folder;
  const std::string file = (folder.path() / "array.cir").string();
  std::ofstream(file, std::ios::binary) << netlist;
  const std::string said = output_of(fmt::format("ngspice -n -b {} 2>&1 </dev/null", quoted(file)));
  OperatingPoint out;
  for (std::size_t at = 0; at < said.size();) {
    const std::size_t end = std::min(said.find('\n', at), said.size()),
                      equal = said.find(" = ", at);
    if (equal < end) {
      double value = 0;
      const char* const last = said.data() + end;
      const auto [next, error] = std::from_chars(said.data() + equal + 3, last, value);
      if (error == std::errc() && next == last) out[said.substr(at, equal - at)] = value;
    }
    at = end + 1;
  }
  if (out.empty())
    throw core::WorldError("ngspice", "found no operating point: " + said.substr(0, 500));
  return out;
}

}  // namespace ohmlab::validation
