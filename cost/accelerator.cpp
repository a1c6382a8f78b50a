#include "accelerator.hpp"

#include <filesystem>

#include <fmt/format.h>

#include "../core/config.hpp"
#include "../core/errors.hpp"
#include "../core/field_values.hpp"
#include "../core/paths.hpp"
#include "../core/presets.hpp"
#include "../core/suggest.hpp"

namespace ohmlab::cost {

const Share& rated_node_share() {
  static const Share share{
      0.70, 0.60, 0.82, Evidence::derived,
      "six measured training runs draw 0.57 to 0.76 of the rating, 0.68 in the middle (8 x H100: "
      "0.76 Newkirk et al., arXiv 2506.14551, 0.68 and 0.57 audited in MLPerf v4.0; V100 0.75, TPU "
      "v3 0.69 and 0.64, Patterson et al., arXiv 2104.10350); 0.82 is the most seen (Latif et al., "
      "arXiv 2412.08602), 0.7 is Epoch AI's rule. 0.57 to 0.78 would have the same ratio, 1.37, "
      "and so give the same lognormal draws, but they lie between 0.60 and 0.82 around 0.70"};
  return share;
}

std::vector<std::string> accelerator_presets() { return core::preset_names("accelerators"); }

std::string Accelerator::problem() const {
  if (peak.empty()) return "peak is empty: expected operations a second of at least one format";
  const auto missing = [](const std::string& key) {
    return key + ": expected a median above 0: times are divided by it";
  };
  for (const auto& [format, rate] : peak)
    if (rate.median <= 0) return missing("peak." + format);
  if (memory.median <= 0) return missing("memory");
  if (bandwidth.median <= 0) return missing("bandwidth");
  if (link.median <= 0) return missing("link");
  if (network.median <= 0) return missing("network");
  if (idle.median > tdp.median) return "idle: expected at most the power at full load, tdp";
  if (tdp.median <= 0) return "tdp: expected a median above 0";
  return "";
}

Accelerator accelerator_preset(const std::string& name) {
  for (const auto& root : core::config_roots()) {
    const auto file = root / "accelerators" / (name + ".toml");
    if (std::error_code ignored; std::filesystem::exists(file, ignored))
      return core::read<Accelerator>(core::load_config(file));
  }
  const std::vector<std::string> names = accelerator_presets();
  const std::vector<std::string_view> known(names.begin(), names.end());
  throw core::UserError({}, "accelerator", name,
                        fmt::format("no such accelerator{}; there are: {}",
                                    core::did_you_mean(name, known), fmt::join(names, ", ")));
}

}  // namespace ohmlab::cost
