#include "records.hpp"

#include "../../core/errors.hpp"
#include "../../core/presets.hpp"

namespace ohmlab::validation {

std::filesystem::path records_file(const std::string& name) {
  const auto file = core::find_preset("validation/" + name, {});
  if (file.empty()) {
    throw core::WorldError("validation/" + name + ".toml",
                           "is missing among the installed presets");
  }
  return file;
}

}  // namespace ohmlab::validation
