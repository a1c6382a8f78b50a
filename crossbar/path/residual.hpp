#pragma once

#include <cmath>
#include <string>
#include <string_view>
#include <vector>

#include "../../core/fields.hpp"
#include "transfer.hpp"

namespace ohmlab::crossbar {

/// Residual learning on several tiles. Group n counts gamma^n in the weights. The finest group
/// takes the pulses of all changes; each group is moved on to the next coarser one, the more
/// rarely the coarser that is. The source is not reset: the sum is what is learned, so that finer
/// groups learn what the coarser ones miss.
///
/// The symmetry point of every group must be at w = 0. During the warm start, the finest group is
/// moved straight to group 0, then to group 1, and so on.
struct ResidualPath : TransferSchedule {
  static constexpr std::string_view name = "residual";
  static constexpr std::string_view summary =
      "The weight is a sum of groups of falling significance; the finest learns and is moved on to "
      "the coarser ones.";
  static constexpr std::string_view equation =
      "weight = Σ_n gamma^n w_n; w_last <- w_last + fast_rate change; every changes_per_transfer "
      "growth^(last - 1 - n) changes: w_n row <- w_n row + transfer_rate rate_growth^(last - 1 - "
      "n) read(w_(n+1) row), by pulses";
  static constexpr std::string_view source =
      "arXiv 2510.02516; two groups: Wu et al., arXiv 2502.06309. "
      "The warm start has a fixed length here; in the paper it follows the loss";
  std::int64_t tiles = 3;
  double gamma = 0.2;
  double fast_rate = 1;
  double growth = 5;
  double rate_growth = 1;
  std::int64_t warm_changes = 0;
  static constexpr auto fields = core::joined(
      TransferSchedule::fields,
      core::Fields{
          core::field("tiles", &ResidualPath::tiles, "", core::between(2, 8),
                      "groups of cells of one weight"),
          core::field("gamma", &ResidualPath::gamma, "",
                      core::Range{.low = 0, .high = 1, .low_open = true},
                      "significance of a group relative to the next coarser one"),
          core::field("fast_rate", &ResidualPath::fast_rate, "", core::above(0),
                      "factor of a change before it is written to the finest group"),
          core::field("growth", &ResidualPath::growth, "", core::at_least(1),
                      "ratio of the periods of transfers from one group to the next coarser one"),
          core::field("rate_growth", &ResidualPath::rate_growth, "", core::above(0),
                      "ratio of the transfer rates from one group to the next coarser one"),
          core::field("warm_changes", &ResidualPath::warm_changes, "", core::at_least(0),
                      "changes of the weights in which the finest group is moved to each of the "
                      "others alone, at the start")});
  [[nodiscard]] std::string problem() const {
    const double longest = static_cast<double>(changes_per_transfer) *
                           std::pow(growth, static_cast<double>(tiles - 2));
    return longest > 1e15 ? "expected the longest period, changes_per_transfer growth^(tiles - 2), "
                            "below 1e15 changes"
                          : "";
  }

  struct Memory {
    std::uint64_t changes = 0;
    std::vector<Index> next;  ///< [coarser group], the row that is next
    void state(core::Archive& archive) {
      archive.item("changes", changes);
      archive.item("next", next);
    }
  };
  static constexpr bool reads_rows = true;
  [[nodiscard]] Memory start(const core::Matrix&) const {
    return {0, std::vector<Index>(static_cast<std::size_t>(tiles - 1))};
  }
  [[nodiscard]] std::vector<double> gains() const {
    std::vector<double> out;
    for (std::int64_t n = 0; n < tiles; ++n) out.push_back(std::pow(gamma, static_cast<double>(n)));
    return out;
  }
  [[nodiscard]] std::size_t home() const { return 0; }
  [[nodiscard]] double memory_bits(double, double) const { return 0; }

  void write(const Change& change, CellGroups& cells, Memory& memory) const {
    const auto last = static_cast<std::size_t>(tiles - 1);
    cells.pulse(last, change, fast_rate);
    ++memory.changes;
    const auto warm = static_cast<std::uint64_t>(warm_changes);
    if (memory.changes <= warm * last) {
      const auto to = static_cast<std::size_t>((memory.changes - 1) / warm);
      if (memory.changes % static_cast<std::uint64_t>(changes_per_transfer) == 0)
        transfer(last, to, transfer_rate, cells, memory);
      return;
    }
    for (std::size_t to = last; to-- > 0;) {
      const double level = static_cast<double>(last - 1 - to);
      const auto period = static_cast<std::uint64_t>(
          std::llround(static_cast<double>(changes_per_transfer) * std::pow(growth, level)));
      if (memory.changes % period == 0)
        transfer(to + 1, to, transfer_rate * std::pow(rate_growth, level), cells, memory);
    }
  }

 private:
  void transfer(std::size_t from, std::size_t to, double rate, CellGroups& cells,
                Memory& memory) const {
    for (std::int64_t k = 0; k < rows_per_transfer; ++k) {
      Index& row = memory.next[to];
      const core::Vector values = cells.read_row(from, row);
      cells.post({.multiplied = static_cast<double>(values.size())});
      cells.pulse_row(to, row, static_cast<float>(rate) * values);
      row = (row + 1) % cells.rows();
    }
  }
};

}  // namespace ohmlab::crossbar
