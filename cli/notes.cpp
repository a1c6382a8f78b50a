#include "notes.hpp"

#include <csignal>

#include <fmt/format.h>

#include "../core/config.hpp"
#include "../core/presets.hpp"
#include "terminal.hpp"

namespace ohmlab::cli {

void note(const std::vector<std::string>& lines) {
  const auto before = std::signal(SIGPIPE, SIG_IGN);  // a closed stream must not end the work
  for (const std::string& line : lines) complain(line);
  std::signal(SIGPIPE, before);
}

std::filesystem::path named_config(const std::string& name) {
  const std::filesystem::path file = core::find_config(name);
  if (file != name) note({fmt::format("{}: read from {}", name, file.string())});
  return file;
}

void note_new_folder(const std::filesystem::path& folder) {
  std::error_code ignored;
  if (folder.empty() || std::filesystem::exists(folder, ignored)) return;
  std::filesystem::path there = folder;
  while (there.has_parent_path() && !std::filesystem::exists(there, ignored))
    there = there.parent_path();
  if (std::filesystem::exists(there, ignored) && !std::filesystem::is_directory(there, ignored))
    return;
  note({fmt::format("{}: a new folder", folder.string())});
}

}  // namespace ohmlab::cli
