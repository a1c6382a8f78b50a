#include "task.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "../../core/field_values.hpp"
#include "../../core/presets.hpp"
#include "../../core/suggest.hpp"

namespace ohmlab::verdict {
namespace {

constexpr std::string_view prefix = "verdict.";

std::filesystem::path file_of(const std::string& name) {
  if (name.ends_with(".toml")) return core::find_config(name);
  if (auto found = core::find_preset("verdicts/" + name, {}); !found.empty()) return found;
  const std::vector<std::string> known = core::preset_names("verdicts");
  const std::vector<std::string_view> views(known.begin(), known.end());
  throw core::UserError({"--task", 0}, "", name,
                        fmt::format("no such task{}; there are: {}",
                                    core::did_you_mean(name, views), fmt::join(known, ", ")));
}

}  // namespace

std::string Task::problem() const {
  if (levels.empty()) return "levels: expected at least one level of quality";
  if (!std::is_sorted(levels.begin(), levels.end()) ||
      std::adjacent_find(levels.begin(), levels.end()) != levels.end())
    return "levels: expected values in rising order";
  if (rates.empty() || rate_keys.empty()) return "expected at least one rate and a key for it";
  if (analog.ways.empty()) return "analog.ways: expected at least one way to learn";
  if (digital.empty()) return "digital: expected at least one digital machine";
  for (const Side& side : digital) {
    if (side.ways.empty()) return "digital.ways: expected at least one way to learn";
  }
  return "";
}

FoundTask find_task(const std::string& name, const std::vector<core::Setting>& sets) {
  FoundTask out{name, file_of(name), {}};
  core::Node tree = core::read_toml(out.file);
  for (const core::Setting& set : sets) {
    if (set.key.starts_with(prefix)) core::set_key(tree, set.key.substr(prefix.size()), set.value);
  }
  out.task = core::read<Task>(tree);
  return out;
}

}  // namespace ohmlab::verdict
