#pragma once

#include <filesystem>
#include <string>

namespace ohmlab::validation {

/// File of published records, by its name in `configs/validation`. It is searched like a preset: in
/// the current folder's `validation`, one folder up, in $OHMLAB_CONFIGS, then beside the program.
/// \throws core::WorldError if there is none
[[nodiscard]] std::filesystem::path records_file(const std::string& name);

}  // namespace ohmlab::validation
