#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>

namespace ohmlab::core {

/// Where a value was written down: a line of a file, a `--set` option, a Python argument.
struct Location {
  /// File path or front door, e.g. "configs/x.toml" or "--set"; empty when unknown
  std::string source;
  int line = 0;  ///< 1-based; 0 when the source has no lines

  [[nodiscard]] std::string text() const;  ///< "configs/x.toml:12", "--set" or ""
};

/// The user's mistake, in a config or a data file. The program answers it with exit code 2.
class UserError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;

  /// "configs/x.toml:12: device.dw_min = -0.1: expected a number above 0"; empty parts are left
  /// out.
  UserError(const Location& where, const std::string& key, const std::string& value,
            const std::string& expected);

  /// A data or result file that is not what it should be: "path: expected …, found …".
  UserError(const std::filesystem::path& file, const std::string& expected,
            const std::string& found);
};

/// The world's fault: a disk, a permission, a vanished file. The program answers it with exit
/// code 1.
class WorldError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;

  WorldError(const std::filesystem::path& path, const std::string& what);
};

}  // namespace ohmlab::core
