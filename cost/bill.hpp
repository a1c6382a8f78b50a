#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "draws.hpp"
#include "prices.hpp"
#include "tally.hpp"

namespace ohmlab::cost {

/// One line of a bill: the sum over one label.
struct BillLine {
  std::string label;
  Draws joules;   ///< joules at the boundary of its bill
  Draws seconds;  ///< seconds on the critical path; only of stages, since parts and actions overlap
};

/// Pulses on the cells of one component, and the pulses that they survive. All cells wear alike.
struct Wear {
  std::string component;  ///< component, with its layer if the model has several
  double pulses = 0;      ///< pulses on a cell, mean over the cells
  double endurance = 0;   ///< pulses that a cell survives
};

struct Bill {
  Boundary boundary = Boundary::core;  ///< boundary of the lines and of the place's own prices
  Draws seconds;                       ///< time of the whole schedule
  /// Joules at each boundary; absent if the list has no prices for it.
  std::optional<Draws> core, node, facility;
  std::optional<Draws> host;  ///< J of the host, a part of the node's; absent if inside its prices
  std::optional<Draws>
      dollars;  ///< electricity at the meter, and hardware paid off over its time of use
  std::optional<Draws> co2;   ///< kg, from operation alone
  Band area;                  ///< m2
  double cells_seconds = 0;   ///< s in which cells are read or pulsed; otherwise they wait
  double launch_seconds = 0;  ///< s in which an accelerator waits for what it starts
  std::vector<Wear> wear;     ///< wear of components whose cells have a stated endurance
  std::vector<BillLine> components, actions, stages,
      groups;                    ///< lines by component, action, stage, and group of actions
  std::vector<BillLine> layers;  ///< lines by layer of the model; empty if no entry names one

  /// Sum of the lines: joules at `boundary`.
  /// \pre the bill was priced
  [[nodiscard]] const Draws& lines_total() const { return at(boundary).value(); }
  /// Joules at a boundary, or nothing.
  [[nodiscard]] const std::optional<Draws>& at(Boundary where) const noexcept;
};

/// Change of a bill when one price alone goes from its 5th to its 95th percentile.
struct Swing {
  std::string price;         ///< key in the list; "… form" for the uncertain shape of its law
  double low = 0, high = 0;  ///< J of the bill at the chosen boundary
};

/// Prices tallies. Each price is drawn once; all tallies share its draws.
class Pricer {
 public:
  /// \param prices  must outlive this
  explicit Pricer(const Prices& prices, const DrawOptions& options = {});

  [[nodiscard]] const Prices& prices() const noexcept { return *prices_; }

  /// Energy = count × price + dissipation in the cells × supply + idle power × whole time.
  /// Time = serial × latency + physics, stage after stage. In a pipeline only the slowest action
  /// counts.
  ///
  /// \param place  key of `prices.places`
  /// \throws core::UserError if the list has no such place, the place has no price for an entry or
  /// a holding, or the machine does not fit into it
  [[nodiscard]] Bill price(const std::vector<Entry>& entries, const std::vector<Holding>& holdings,
                           const std::string& place);
  /// \throws core::UserError also if the tally holds work that cannot be priced
  [[nodiscard]] Bill price(const Tally& tally, const std::string& place);

  /// Swings of a bill: one price at its 5th and 95th percentile, all others at their medians. The
  /// widest swing comes first.
  /// \param boundary  boundary of the joules; that of the place's own prices unless given
  [[nodiscard]] std::vector<Swing> tornado(const std::vector<Entry>& entries,
                                           const std::vector<Holding>& holdings,
                                           const std::string& place,
                                           std::optional<Boundary> boundary = {});
  /// \throws core::UserError also if the tally holds work that cannot be priced
  [[nodiscard]] std::vector<Swing> tornado(const Tally& tally, const std::string& place,
                                           std::optional<Boundary> boundary = {});

 private:
  class Desk;
  enum class Mode { sample, record, swing };

  [[nodiscard]] const std::vector<double>& deviates(const std::string& name);

  const Prices* prices_;
  DrawOptions options_;
  Mode mode_ = Mode::sample;
  std::vector<std::string> order_;  ///< names that move the bill, in a tornado
  std::map<std::string, std::vector<double>> deviates_;
  std::map<std::pair<std::string, double>, std::vector<double>> multiples_;
};

/// Prices one tally under one list.
[[nodiscard]] Bill price(const std::vector<Entry>& entries, const std::vector<Holding>& holdings,
                         const Prices& prices, const std::string& place,
                         const DrawOptions& options = {});
/// \throws core::UserError also if the tally holds work that cannot be priced
[[nodiscard]] Bill price(const Tally& tally, const Prices& prices, const std::string& place,
                         const DrawOptions& options = {});

}  // namespace ohmlab::cost
