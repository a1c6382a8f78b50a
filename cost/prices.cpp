#include "ohmlab/cost/prices.hpp"

#include <algorithm>

#include "ohmlab/core/config.hpp"
#include "ohmlab/core/errors.hpp"
#include "ohmlab/core/paths.hpp"
#include "ohmlab/core/suggest.hpp"
#include "ohmlab/cost/actions.hpp"

namespace ohmlab::cost {
namespace {

std::vector<std::string_view> known_names(bool with_actions, bool with_parts) {
  std::vector<std::string_view> names;
  if (with_actions) {
    for (const ActionInfo& info : actions()) names.push_back(info.name);
  }
  if (with_parts) {
    for (const PartInfo& info : parts()) names.push_back(info.name);
  }
  return names;
}

void check_names(const core::Node& place, const std::string& key, const char* table, bool with_actions,
                 bool with_parts) {
  const core::Node* prices = place.find(table);
  if (!prices || !prices->is_table()) return;
  const auto names = known_names(with_actions, with_parts);
  for (const auto& [name, price] : prices->table()) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    throw core::UserError(price.where, key + "." + table + "." + name, "",
                          std::string("no such ") +
                              (with_actions ? with_parts ? "action or part" : "action" : "part") +
                              core::did_you_mean(name, names));
  }
}

Prices read_prices(const core::Node& tree) {
  const core::Node* places = tree.find("places");
  if (places && places->is_table()) {
    for (const auto& [name, place] : places->table()) {
      const std::string key = "places." + name;
      check_names(place, key, "energy", true, false);
      check_names(place, key, "latency", true, false);
      check_names(place, key, "power", false, true);
      check_names(place, key, "area", false, true);
      if (const core::Node* included = place.find("included")) {
        check_names(*included, key + ".included", "energy", true, false);
        check_names(*included, key + ".included", "latency", true, false);
        check_names(*included, key + ".included", "power", false, true);
        check_names(*included, key + ".included", "area", false, true);
      }
    }
  }
  return core::read<Prices>(tree);
}

}  // namespace

Prices load_prices(const std::filesystem::path& file, std::span<const std::string> sets,
                   const std::string& option) {
  return read_prices(core::load_config(file, sets, option));
}

Prices default_prices(std::span<const std::string> sets, const std::string& option) {
  for (const auto& root : core::config_roots()) {
    const auto file = root / "prices/default.toml";
    if (std::filesystem::exists(file)) return load_prices(file, sets, option);
  }
  throw core::WorldError("prices/default.toml", "the default prices are missing among the installed presets");
}

}  // namespace ohmlab::cost
