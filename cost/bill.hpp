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

/// One line of a bill: everything with the same label.
struct BillLine {
  std::string label;
  Draws joules;   ///< at the boundary of its bill
  Draws seconds;  ///< on the critical path; of stages only, since parts and actions overlap
};

/// What pulses have taken of the life of the cells of one component, of all cells alike.
struct Wear {
  std::string component;  ///< with its layer, if the model has several
  double pulses = 0;      ///< that a cell has had, mean over the cells
  double endurance = 0;   ///< pulses that a cell survives
};

struct Bill {
  Boundary boundary = Boundary::core;  ///< what the lines cover: that of the place's own prices
  Draws seconds;                       ///< along the schedule
  /// Joules at each boundary; those that the list has no prices for are absent.
  std::optional<Draws> core, node, facility;
  std::optional<Draws>
      dollars;  ///< electricity at the meter and hardware paid off over its time of use
  std::optional<Draws> co2;  ///< kg, of operation alone
  Band area;                 ///< m2
  double cells_seconds =
      0;                   ///< s in which cells are read or pulsed; the rest of the time they wait
  std::vector<Wear> wear;  ///< of components whose cells are said to survive so many pulses
  std::vector<BillLine> components, actions, stages,
      groups;  ///< by part of the machine, by what it did, when, and by kind of work
  std::vector<BillLine> layers;  ///< by layer of the model; none if no entry names one

  /// What the lines add up to: joules at `boundary`. Of a bill that was priced.
  [[nodiscard]] const Draws& lines_total() const { return at(boundary).value(); }
  /// Joules at a boundary, or nothing.
  [[nodiscard]] const std::optional<Draws>& at(Boundary where) const noexcept;
};

/// What one price does to a bill when it alone goes from its 5th to its 95th percentile.
struct Swing {
  std::string price;         ///< its key in the list; "… form" for the uncertain shape of its law
  double low = 0, high = 0;  ///< J at the boundary that was asked for
};

/// Prices tallies. Draws are made once for each price, however many tallies are priced.
class Pricer {
 public:
  /// \param prices  must outlive this
  explicit Pricer(const Prices& prices, const DrawOptions& options = {});

  [[nodiscard]] const Prices& prices() const noexcept { return *prices_; }

  /// Energy = count × price + dissipation in the cells × supply; time = serial × latency + physics,
  /// stage after stage, where of a pipeline only the slowest action counts; idle power for the
  /// whole time.
  ///
  /// \param place  key of `prices.places`
  /// \throws core::UserError if there is no such place, or it has no price for something in the
  /// tally
  [[nodiscard]] Bill price(const std::vector<Entry>& entries, const std::vector<Holding>& holdings,
                           const std::string& place);
  /// \throws core::UserError also if the tally holds work that cannot be priced
  [[nodiscard]] Bill price(const Tally& tally, const std::string& place);

  /// Every price of a bill, one at a time, at its 5th and 95th percentile with all others at their
  /// medians; the widest swing first.
  /// \param boundary  of the joules; that of the place's own prices unless given
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
  std::vector<std::string> order_;  ///< of a tornado: the names that move the bill
  std::map<std::string, std::vector<double>> deviates_;
  std::map<std::pair<std::string, double>, std::vector<double>> multiples_;
};

/// One tally under one list.
[[nodiscard]] Bill price(const std::vector<Entry>& entries, const std::vector<Holding>& holdings,
                         const Prices& prices, const std::string& place,
                         const DrawOptions& options = {});
/// \throws core::UserError also if the tally holds work that cannot be priced
[[nodiscard]] Bill price(const Tally& tally, const Prices& prices, const std::string& place,
                         const DrawOptions& options = {});

}  // namespace ohmlab::cost
