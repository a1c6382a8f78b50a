#pragma once

#include <filesystem>
#include <string>
#include <vector>

/// What the program says beside its output, on standard error.
namespace ohmlab::cli {

/// "ohmlab: LINE" for each line.
void note(const std::vector<std::string>& lines);

/// The config that a user names, a path or a preset; says which file it is if it is not the one
/// that was typed.
/// \throws core::UserError, core::WorldError as `core::find_config`
[[nodiscard]] std::filesystem::path named_config(const std::string& name);

/// Says that a folder will be made, if it is not there and can be: a mistyped one is seen before
/// the work.
void note_new_folder(const std::filesystem::path& folder);

}  // namespace ohmlab::cli
