#pragma once

#include <filesystem>
#include <string>
#include <vector>

/// Messages on standard error, beside the output.
namespace ohmlab::cli {

/// Prints "ohmlab: LINE" for each line.
void note(const std::vector<std::string>& lines);

/// File of a config named by a path or as a preset. Prints its path if it differs from the name
/// typed.
/// \throws core::UserError, core::WorldError as `core::find_config`
[[nodiscard]] std::filesystem::path named_config(const std::string& name);

/// Announces a folder that does not exist and can be made: a mistyped name is seen before the work
/// starts.
void note_new_folder(const std::filesystem::path& folder);

}  // namespace ohmlab::cli
