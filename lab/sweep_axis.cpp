#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "sweep_plan.hpp"

namespace ohmlab::lab {

std::string SweepAxis::problem() const {
  const int ways = !(key.empty() && values.empty()) + !zip.items.empty() + !cases.empty();
  if (ways != 1) return "expected one of: key with values, zip, cases";
  if (cases.empty() && zip.items.empty() && (key.empty() || values.empty())) {
    return "expected a key and at least one value";
  }
  if (zip.items.empty() ? name.empty() && !cases.empty() : name.empty())
    return "expected a name for this axis";
  for (const auto& [zipped, list] : zip.items) {
    const auto& [first, longest] = zip.items.front();
    if (list.empty() || list.size() != longest.size()) {
      return fmt::format("zip: expected lists of equal length, found {} values of {} and {} of {}",
                         longest.size(), first, list.size(), zipped);
    }
  }
  std::set<std::string> labels;
  for (const SweepCase& one : cases) {
    if (std::any_of(one.label.begin(), one.label.end(), is_control)) {
      return fmt::format("cases: expected a label without control characters, found {:?}",
                         one.label);
    }
    if (!labels.insert(one.label).second)
      return fmt::format("two cases are called \"{}\"", one.label);
  }
  if (name.find_first_of("./ ") != std::string::npos ||
      std::any_of(name.begin(), name.end(), is_control)) {
    return "name: expected one word without dots and slashes, it names a dimension";
  }
  return "";
}

}  // namespace ohmlab::lab
