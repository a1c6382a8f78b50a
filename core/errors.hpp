#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>

namespace ohmlab::core {

/// Location of a value: a line of a file, a `--set` option, a Python argument.
struct Location {
  /// File, option or argument, e.g. "configs/x.toml" or "--set"; empty if unknown
  std::string source;
  int line = 0;  ///< line from 1; 0 if the source has no lines

  [[nodiscard]] std::string text() const;  ///< "configs/x.toml:12", "--set" or ""
};

/// The user's mistake, in a config or a data file. The program ends with exit code 2.
class UserError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;

  /// "configs/x.toml:12: device.dw_min = -0.1: expected a number above 0"; empty parts are left
  /// out.
  UserError(const Location& where, const std::string& key, const std::string& value,
            const std::string& expected);

  /// A wrong data or result file: "path: expected …, found …".
  UserError(const std::filesystem::path& file, const std::string& expected,
            const std::string& found);
};

/// A fault of the system: a disk, a permission, a vanished file. The program ends with exit code 1.
class WorldError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;

  WorldError(const std::filesystem::path& path, const std::string& what);
};

}  // namespace ohmlab::core
