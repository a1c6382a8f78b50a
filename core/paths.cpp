#include "paths.hpp"

#include <cstdlib>
#include <string>

#include <dlfcn.h>

namespace ohmlab::core {
namespace {

std::vector<std::filesystem::path> folders_of(const char* variable) {
  std::vector<std::filesystem::path> out;
  const char* value =
      std::getenv(variable);  // NOLINT(concurrency-mt-unsafe): no code here sets variables
  std::string rest = value ? value : "";
  while (!rest.empty()) {
    const auto colon = rest.find(':');
    if (colon != 0) out.emplace_back(rest.substr(0, colon));
    rest = colon == std::string::npos ? "" : rest.substr(colon + 1);
  }
  return out;
}

/// Folder of the executable or shared module that contains this function.
std::filesystem::path own_folder() {
  Dl_info info{};
  if (dladdr(reinterpret_cast<const void*>(&own_folder), &info) == 0 || !info.dli_fname) return {};
  std::error_code error;
  auto file = std::filesystem::canonical(info.dli_fname, error);
  if (error) file = std::filesystem::canonical("/proc/self/exe", error);
  return error ? std::filesystem::path{} : file.parent_path();
}

}  // namespace

std::vector<std::filesystem::path> config_roots() {
  std::vector<std::filesystem::path> roots = folders_of("OHMLAB_CONFIGS");
  for (auto folder = own_folder(); !folder.empty(); folder = folder.parent_path()) {
    const auto presets = folder / "share/ohmlab/configs";
    if (std::error_code ignored; std::filesystem::is_directory(presets, ignored)) {
      roots.push_back(presets);
      break;
    }
    if (folder == folder.root_path()) break;
  }
  return roots;
}

std::filesystem::path find_data(const std::filesystem::path& name,
                                const std::filesystem::path& beside) {
  std::error_code ignored;
  if (name.is_absolute())
    return std::filesystem::exists(name, ignored) ? name : std::filesystem::path{};
  std::vector<std::filesystem::path> roots{beside.empty() ? std::filesystem::path(".") : beside};
  for (auto& root : folders_of("OHMLAB_DATA")) roots.push_back(std::move(root));
  for (const auto& root : roots) {
    if (std::filesystem::exists(root / name, ignored)) return (root / name).lexically_normal();
  }
  return {};
}

}  // namespace ohmlab::core
