#pragma once

#include <string>
#include <vector>

#include "../../core/fields.hpp"
#include "../sweep_plan.hpp"

/// Changes that could turn a verdict, each up to a limit.
namespace ohmlab::verdict {

/// A change with its limit: values that move together, switches, and prices.
struct Lever {
  std::string label, room, limit;
  std::map<std::string, core::Node> down_to, up_to, change;
  std::vector<std::string> prices;
  bool both = false;

  static constexpr auto fields = core::Fields{
      core::field("label", &Lever::label, "name of the change for the reader",
                  core::Need::required),
      core::field("room", &Lever::room, "what is changed: device, array or system",
                  core::Need::required),
      core::field("limit", &Lever::limit, "what sets the limit, with its source",
                  core::Need::required),
      core::field("down_to", &Lever::down_to, "least values by dotted key; lower is better"),
      core::field("up_to", &Lever::up_to, "largest values by dotted key; higher is better"),
      core::field("change", &Lever::change, "values by dotted key that are either set or not"),
      core::field("prices", &Lever::prices,
                  "KEY=VALUE of the price list, as of `ohmlab price --assume`; set or not"),
      core::field("both", &Lever::both, "digital machines are changed in the same way"),
  };
  [[nodiscard]] std::string problem() const;
};

/// One value that a lever moves.
struct Move {
  std::string key;
  core::Node from, to;
  bool gradual = false;  ///< a number with values between
};

/// The values of a resolved config that a lever moves: those that the config has and that are not
/// at their limit or beyond it.
[[nodiscard]] std::vector<Move> moves_of(const Lever& lever, const core::Node& config);

/// True if some value has values between.
[[nodiscard]] bool is_gradual(const std::vector<Move>& moves);

/// Values at a share of the way: of the logarithm between positive numbers, else of the number.
/// Integers are rounded. What has no values between is set.
/// \param share  above 0, at most 1
[[nodiscard]] std::vector<core::Setting> settings_at(const std::vector<Move>& moves, double share);

}  // namespace ohmlab::verdict
