#include "tally.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <stdexcept>
#include <tuple>
#include <utility>

#include "../core/errors.hpp"

namespace ohmlab::cost {
namespace {

constexpr std::size_t names_most = 4096;
constexpr unsigned stage_shift = 52, component_shift = 40, overlap_shift = 39, action_shift = 32;

std::uint64_t key(std::uint16_t stage, std::uint16_t component, Action action,
                  const Posting& posting) {
  return std::uint64_t{stage} << stage_shift | std::uint64_t{component} << component_shift |
         std::uint64_t{posting.overlapped} << overlap_shift |
         std::uint64_t{static_cast<std::uint8_t>(action)} << action_shift |
         std::bit_cast<std::uint32_t>(static_cast<float>(posting.parameter));
}

/// Index of a name in a list; a new name is added.
template <class Name>
std::uint16_t interned(std::vector<Name>& names, Name name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found != names.end()) return static_cast<std::uint16_t>(found - names.begin());
  if (names.size() == names_most)
    throw std::length_error("a tally holds at most 4096 stages and components");
  names.push_back(std::move(name));
  return static_cast<std::uint16_t>(names.size() - 1);
}

}  // namespace

Tally::Component Tally::component(std::string_view name, std::string_view layer) {
  return Component{interned(components_, Place{std::string(name), std::string(layer)})};
}

void Tally::post(Component component, Action action, const Posting& posting) {
  const bool only_time = posting.count == 0 && posting.joules == 0;
  if (beside_ > 0 && only_time) return;
  Sums& sums = sums_[key(stage_, static_cast<std::uint16_t>(component), action, posting)];
  sums.count += posting.count;
  sums.joules += posting.joules;
  if (beside_ > 0) return;
  sums.serial += posting.serial;
  sums.seconds += posting.seconds;
}

Tally::Stage::Stage(Tally& tally, std::string_view name) : tally_(tally) {
  assert(tally_.stage_ == 0);
  tally_.stage_ = interned(tally_.stages_, std::string(name));
}

Tally::Stage::~Stage() { tally_.stage_ = 0; }

std::vector<Entry> Tally::entries() const {
  std::vector<Entry> out;
  for (const auto& [packed, sums] : sums_) {
    Entry entry;
    entry.stage = stages_[packed >> stage_shift];
    const Place& place = components_[packed >> component_shift & 0xfff];
    entry.component = place.component;
    entry.layer = place.layer;
    entry.action = static_cast<Action>(packed >> action_shift & 0x7f);
    entry.parameter = std::bit_cast<float>(static_cast<std::uint32_t>(packed));
    entry.count = sums.count;
    entry.serial = sums.serial;
    entry.joules = sums.joules;
    entry.seconds = sums.seconds;
    entry.overlapped = (packed >> overlap_shift & 1) != 0;
    out.push_back(std::move(entry));
  }
  std::sort(out.begin(), out.end(), [](const Entry& a, const Entry& b) {
    return std::tie(a.stage, a.component, a.layer, a.action, a.parameter, a.overlapped) <
           std::tie(b.stage, b.component, b.layer, b.action, b.parameter, b.overlapped);
  });
  return out;
}

void Tally::hold(Component component, Part part, double count, double parameter) {
  const Place& place = components_[static_cast<std::uint16_t>(component)];
  holdings_.push_back({place.component, part, parameter, count, place.layer});
}

void Tally::cannot_price(Component component, std::string_view missing) {
  if (missing.empty()) return;
  const Place& place = components_[static_cast<std::uint16_t>(component)];
  Unpriced one{place.component, std::string(missing), place.layer};
  if (std::find(unpriced_.begin(), unpriced_.end(), one) == unpriced_.end())
    unpriced_.push_back(std::move(one));
}

void Tally::add(const std::vector<Entry>& entries, double times) {
  const std::uint16_t stage = stage_;
  for (const Entry& entry : entries) {
    stage_ = interned(stages_, entry.stage);
    post(component(entry.component, entry.layer), entry.action,
         {entry.count * times, entry.serial * times, entry.parameter, entry.joules * times,
          entry.seconds * times, entry.overlapped});
  }
  stage_ = stage;
}

void Tally::state(core::Archive& archive) {
  std::vector<std::string> stages, components, layers, actions;
  std::vector<double> parameters, counts, serials, joules, seconds;
  std::vector<std::uint64_t> overlapped;
  for (const Entry& entry : entries()) {
    stages.push_back(entry.stage);
    components.push_back(entry.component);
    layers.push_back(entry.layer);
    actions.emplace_back(name(entry.action));
    parameters.push_back(entry.parameter);
    counts.push_back(entry.count);
    serials.push_back(entry.serial);
    joules.push_back(entry.joules);
    seconds.push_back(entry.seconds);
    overlapped.push_back(entry.overlapped ? 1 : 0);
  }
  const core::Archive::Part part(archive, "tally");
  archive.item("stage", stages);
  archive.item("component", components);
  archive.item("layer", layers);
  archive.item("action", actions);
  archive.item("parameter", parameters);
  archive.item("count", counts);
  archive.item("serial", serials);
  archive.item("joules", joules);
  archive.item("seconds", seconds);
  archive.item("overlapped", overlapped);
  if (!archive.restores()) return;
  sums_.clear();
  for (std::size_t i = 0; i < stages.size(); ++i) {
    const auto action = find_action(actions.at(i));
    if (!action) throw std::runtime_error("unknown action " + actions[i]);
    add({{stages[i], components.at(i), *action, parameters.at(i), counts.at(i), serials.at(i),
          joules.at(i), seconds.at(i), overlapped.at(i) != 0, layers.at(i)}});
  }
}

void require_priced(const Tally& tally) {
  if (tally.unpriced().empty()) return;
  const Unpriced& first = tally.unpriced().front();
  throw core::UserError({}, labelled(first.component, first.layer), "",
                        "cannot be billed: no " + first.missing);
}

}  // namespace ohmlab::cost
