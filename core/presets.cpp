#include "presets.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "errors.hpp"
#include "paths.hpp"
#include "suggest.hpp"

namespace ohmlab::core {
namespace {

/// Folders to search for a name, in order, each once.
std::vector<std::filesystem::path> search_folders(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> out;
  const auto add = [&](const std::filesystem::path& root) {
    const std::filesystem::path plain = root.lexically_normal();
    if (std::find(out.begin(), out.end(), plain) == out.end()) out.push_back(plain);
  };
  const std::filesystem::path own = folder.empty() ? "." : folder;
  add(own);
  add(own / "..");
  add(".");
  for (const auto& root : config_roots()) add(root);
  return out;
}

/// Names of the presets in a folder, and in the folders below it if `deep`.
void add_presets(const std::filesystem::path& root, const std::filesystem::path& below, bool deep,
                 std::vector<std::string>& names) {
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(root / below, ignored)) {
    if (entry.path().extension() == ".toml")
      names.push_back((below / entry.path().stem()).string());
    if (deep && entry.is_directory(ignored))
      add_presets(root, below / entry.path().filename(), false, names);
  }
}

/// `, did you mean "accelerators/h100"?` for the nearest config in the folders of a search.
/// Compares whole names or, if `name` has no folder, the last parts of names.
std::string nearest_preset(std::string name, const std::filesystem::path& folder) {
  if (std::filesystem::path(name).is_absolute()) return "";
  if (name.ends_with(".toml")) name.resize(name.size() - 5);
  const std::filesystem::path below = std::filesystem::path(name).parent_path();
  std::vector<std::string> names;
  for (const auto& root : search_folders(folder)) add_presets(root, below, false, names);
  for (const auto& root : config_roots()) add_presets(root, "", true, names);
  std::sort(names.begin(), names.end());
  const std::string found =
      did_you_mean(name, std::vector<std::string_view>(names.begin(), names.end()));
  if (!found.empty() || !below.empty()) return found;
  std::vector<std::string_view> stems;
  for (const std::string& known : names)
    stems.push_back(std::string_view(known).substr(known.rfind('/') + 1));
  const std::string_view stem = nearest(name, stems);
  if (stem.empty()) return "";
  const auto at = std::find(stems.begin(), stems.end(), stem) - stems.begin();
  return fmt::format(", did you mean \"{}\"?", names[static_cast<std::size_t>(at)]);
}

}  // namespace

bool is_file(const std::filesystem::path& path) {
  std::error_code ignored;
  return std::filesystem::is_regular_file(path, ignored);
}

std::string preset_not_found(const std::string& name, const std::filesystem::path& folder) {
  std::string out = "no such config";
  if (!std::filesystem::path(name).is_absolute()) {
    std::vector<std::string> folders;
    for (const auto& root : search_folders(folder)) {
      folders.push_back(root == "." ? "the current folder" : root.string());
    }
    out += fmt::format(" in {}", fmt::join(folders, ", "));
  }
  return out + nearest_preset(name, folder);
}

std::vector<std::string> preset_names(const std::string& kind) {
  std::vector<std::string> names;
  for (const auto& root : config_roots()) {
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator(root / kind, ignored)) {
      if (entry.path().extension() == ".toml") names.push_back(entry.path().stem().string());
    }
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

std::filesystem::path find_preset(const std::string& name, const std::filesystem::path& folder) {
  const std::filesystem::path file = name.ends_with(".toml") ? name : name + ".toml";
  if (file.is_absolute()) return is_file(file) ? file : std::filesystem::path{};
  for (const auto& root : search_folders(folder)) {
    auto candidate = (root / file).lexically_normal();
    if (is_file(candidate)) return candidate;
  }
  return {};
}

std::filesystem::path find_config(const std::string& name) {
  std::error_code error;
  if (std::filesystem::exists(name, error) || error) return name;  // reading it reports the fault
  const std::filesystem::path preset = find_preset(name, {});
  if (!preset.empty()) return preset;
  if (!name.ends_with(".toml")) throw UserError({}, "", name, preset_not_found(name, {}));
  throw WorldError(
      name, "cannot read this config file: No such file or directory" + nearest_preset(name, {}));
}

}  // namespace ohmlab::core
