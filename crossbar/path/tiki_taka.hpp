#pragma once

#include <string_view>
#include <vector>

#include "../../core/fields.hpp"
#include "transfer.hpp"

namespace ohmlab::crossbar {

/// Tiki-Taka. Group 0, the fast one, takes the pulses of all changes. Its rows are read one after
/// another and written to group 1, the weights. Steps of the fast group that shrink towards the
/// symmetry point let its states decay to it, so that a biased step does not pull the weights.
///
/// The symmetry point of the fast group must be at w = 0.
struct TikiTakaPath : TransferSchedule {
  static constexpr std::string_view name = "tiki_taka";
  static constexpr std::string_view summary =
      "Pulses go to a fast group of cells, whose rows are read in turn and written to the weights.";
  static constexpr std::string_view equation =
      "a <- a + fast_rate change; every changes_per_transfer: w_row <- w_row + transfer_rate "
      "read(a_row), by pulses; weight = w + gamma a";
  static constexpr std::string_view source =
      "Gokmen & Haensch, Front. Neurosci. 14, 103 (2020). One change is a mini-batch there; rows "
      "are the paper's columns";
  double fast_rate = 1;
  double gamma = 0;
  static constexpr auto fields = core::joined(
      TransferSchedule::fields,
      core::Fields{core::field("fast_rate", &TikiTakaPath::fast_rate, "", core::above(0),
                               "factor of a change before it is written to the fast group"),
                   core::field("gamma", &TikiTakaPath::gamma, "", core::between(0, 1),
                               "factor of the fast group in the weights; 0: reads do not see it")});

  struct Memory {
    TransferCursor cursor;
    void state(core::Archive& archive) { cursor.state(archive); }
  };
  static constexpr bool reads_rows = true;
  static constexpr std::size_t fast = 0, slow = 1;
  [[nodiscard]] Memory start(const core::Matrix&) const { return {}; }
  [[nodiscard]] std::vector<double> gains() const { return {gamma, 1}; }
  [[nodiscard]] std::size_t home() const { return slow; }
  [[nodiscard]] double memory_bits(double, double) const { return 0; }

  void write(const Change& change, CellGroups& cells, Memory& memory) const {
    cells.pulse(fast, change, fast_rate);
    memory.cursor.advance(static_cast<std::uint64_t>(changes_per_transfer), rows_per_transfer,
                          cells.rows(), [&](Index row) {
      const core::Vector values = cells.read_row(fast, row);
      cells.post({.multiplied = static_cast<double>(values.size())});
      cells.pulse_row(slow, row, static_cast<float>(transfer_rate) * values);
    });
  }
};

}  // namespace ohmlab::crossbar
