#include "lever.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>

#include "../../core/config.hpp"

namespace ohmlab::verdict {
namespace {

std::optional<double> number_of(const core::Node& node) {
  if (const auto* real = std::get_if<double>(&node.value)) return *real;
  if (const auto* whole = std::get_if<std::int64_t>(&node.value))
    return static_cast<double>(*whole);
  return std::nullopt;
}

/// Adds the moves of numbers. \param sign  +1 if higher is better, else -1
void add_numbers(const std::map<std::string, core::Node>& limits, double sign,
                 const core::Node& config, std::vector<Move>& out) {
  for (const auto& [key, limit] : limits) {
    const core::Node* now = core::find_key(config, key);
    if (!now) continue;
    const auto from = number_of(*now), to = number_of(limit);
    if (from && to && sign * (*to - *from) > 0) out.push_back({key, *now, limit, true});
  }
}

}  // namespace

std::string Lever::problem() const {
  if (down_to.empty() && up_to.empty() && change.empty() && prices.empty())
    return "expected values in down_to, up_to, change or prices";
  for (const auto* limits : {&down_to, &up_to}) {
    for (const auto& [key, value] : *limits) {
      if (!number_of(value)) return key + ": expected a number as its limit";
    }
  }
  if (room != "device" && room != "array" && room != "system")
    return "room: expected \"device\", \"array\" or \"system\"";
  return "";
}

std::vector<Move> moves_of(const Lever& lever, const core::Node& config) {
  std::vector<Move> out;
  add_numbers(lever.down_to, -1, config, out);
  add_numbers(lever.up_to, 1, config, out);
  for (const auto& [key, value] : lever.change) {
    const core::Node* now = core::find_key(config, key);
    if (now && now->text() != value.text()) out.push_back({key, *now, value, false});
  }
  return out;
}

bool is_gradual(const std::vector<Move>& moves) {
  return std::any_of(moves.begin(), moves.end(), [](const Move& move) { return move.gradual; });
}

std::vector<core::Setting> settings_at(const std::vector<Move>& moves, double share) {
  std::vector<core::Setting> out;
  for (const Move& move : moves) {
    core::Node value = move.to;
    if (move.gradual && share < 1) {
      const double from = *number_of(move.from), to = *number_of(move.to);
      const double at =
          from > 0 && to > 0 ? from * std::pow(to / from, share) : from + share * (to - from);
      if (std::holds_alternative<std::int64_t>(move.from.value)) {
        value.value = static_cast<std::int64_t>(std::llround(at));
      } else {
        value.value = at;
      }
    }
    out.push_back({move.key, value});
  }
  return out;
}

}  // namespace ohmlab::verdict
