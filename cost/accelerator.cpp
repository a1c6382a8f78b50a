#include "ohmlab/cost/accelerator.hpp"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "ohmlab/core/config.hpp"
#include "ohmlab/core/errors.hpp"
#include "ohmlab/core/paths.hpp"
#include "ohmlab/core/suggest.hpp"

namespace ohmlab::cost {

std::vector<std::string> accelerator_presets() {
  std::vector<std::string> names;
  for (const auto& root : core::config_roots()) {
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator(root / "accelerators", ignored)) {
      if (entry.path().extension() == ".toml") names.push_back(entry.path().stem().string());
    }
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

Accelerator accelerator_preset(const std::string& name) {
  for (const auto& root : core::config_roots()) {
    const auto file = root / "accelerators" / (name + ".toml");
    if (std::filesystem::exists(file)) return core::read<Accelerator>(core::load_config(file));
  }
  const std::vector<std::string> names = accelerator_presets();
  const std::vector<std::string_view> known(names.begin(), names.end());
  throw core::UserError({}, "accelerator", name,
                        fmt::format("no such accelerator{}; there are: {}", core::did_you_mean(name, known),
                                    fmt::join(names, ", ")));
}

}  // namespace ohmlab::cost
