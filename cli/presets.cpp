#include "../lab/presets.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "commands.hpp"

namespace ohmlab::cli {
namespace {

struct PresetsArguments {
  std::string kind;
  bool json = false;
};

constexpr std::size_t columns = 100;

/// Billable or not with what is missing, and the node, as one remark; "" if there is nothing to
/// say.
std::string remark(const lab::PresetInfo& preset) {
  std::string out;
  if (preset.node) out = fmt::format("{:g} nm", *preset.node * 1e9);
  if (preset.billable.has_value()) {
    out += *preset.billable ? "billable"
                            : fmt::format("no bill: lacks {}", fmt::join(preset.missing, ", "));
  }
  return out;
}

/// The text cut to a width, at a space.
std::string cut(const std::string& text, std::size_t width) {
  if (text.size() <= width) return text;
  return text.substr(0, text.rfind(' ', width - 4)) + " ...";
}

void print_list(const std::vector<lab::PresetInfo>& presets) {
  std::string kind;
  for (const lab::PresetInfo& preset : presets) {
    if (preset.kind != kind) fmt::print("{}{}\n", kind.empty() ? "" : "\n", preset.kind);
    kind = preset.kind;
    if (!preset.broken.empty()) {
      fmt::print("  {:<24} cannot be read: {}\n", preset.name, preset.broken);
      continue;
    }
    const std::string said = remark(preset);
    const std::size_t taken = 3 + std::max<std::size_t>(24, preset.name.size());
    fmt::print("  {:<24} {}\n", preset.name, cut(preset.summary, columns - taken));
    if (!said.empty()) fmt::print("  {:<24} ({})\n", "", cut(said, columns - 29));
  }
}

nlohmann::ordered_json to_json(const lab::PresetInfo& preset) {
  nlohmann::ordered_json out{{"kind", preset.kind},
                             {"name", preset.name},
                             {"summary", preset.summary},
                             {"source", preset.source},
                             {"file", preset.file.string()}};
  if (preset.node) out["node"] = *preset.node;
  if (preset.billable) out["billable"] = *preset.billable;
  if (preset.billable) out["missing"] = preset.missing;
  if (!preset.broken.empty()) out["broken"] = preset.broken;
  return out;
}

void list(const PresetsArguments& arguments) {
  const std::vector<lab::PresetInfo> presets = lab::presets(arguments.kind);
  if (!arguments.json) return print_list(presets);
  auto out = nlohmann::ordered_json::array();
  for (const lab::PresetInfo& preset : presets) out.push_back(to_json(preset));
  fmt::print("{}\n", out.dump(2));
}

}  // namespace

void add_presets(CLI::App& app) {
  CLI::App* command =
      app.add_subcommand("presets", "List configs that come with ohmlab: devices, experiments, …");
  const auto arguments = std::make_shared<PresetsArguments>();
  command->add_option("kind", arguments->kind, "e.g. devices, experiments, prices, sweeps");
  command->add_flag("--json", arguments->json, "as JSON");
  command->callback([arguments] { list(*arguments); });
}

}  // namespace ohmlab::cli
