#pragma once

#include <cmath>
#include <string_view>
#include <vector>

#include "../../core/fields.hpp"
#include "tiki_taka_2.hpp"

namespace ohmlab::crossbar {

/// Analog gradient accumulation with dynamic reference (AGAD). As "chopped", with a reference for
/// each cell of the fast group that is estimated on the fly, as the mean of its readings during
/// the last period of its sign. It needs no symmetry point.
///
/// A row turns its sign over at every n-th read, n = ceil(1/chop_probability). Nothing is written
/// before a row has a reference.
struct AgadPath : BufferedTransfer {
  static constexpr std::string_view name = "agad";
  static constexpr std::string_view summary =
      "Chopped transfer with a reference for each cell that is estimated on the fly: no symmetry "
      "point is needed, but three numbers a cell in digital memory.";
  static constexpr std::string_view equation =
      "a_row <- a_row + c_row fast_rate change_row; at a read r of a row: h_row <- h_row + "
      "transfer_rate c_row (r - past_row), then as tiki_taka_2; mean_row <- mean_row + s (r - "
      "mean_row), s = min(1, tail/n); at every n-th read past_row <- mean_row and c_row <- -c_row";
  static constexpr std::string_view source =
      "Rasch, Carta, Fagbohungbe & Gokmen, Nat. Commun. 15, 7133 (2024), arXiv 2303.04721";
  double chop_probability = 0.1;
  double tail = 5;
  static constexpr auto fields = core::joined(
      BufferedTransfer::fields,
      core::Fields{
          core::field("chop_probability", &AgadPath::chop_probability, "",
                      core::Range{.low = 0, .high = 1, .low_open = true},
                      "inverse of the number of reads of a row between turns of its sign"),
          core::field("tail", &AgadPath::tail, "", core::above(0),
                      "weight of the last readings in the mean of a period: above 1 the end of "
                      "the period counts more")});

  struct Memory {
    TransferCursor cursor;
    core::Vector signs;  ///< sign of each row
    core::Vector reads,
        periods;  ///< reads of a row since its sign turned; number of turns, up to 1
    core::Matrix buffer, mean, past;
    void state(core::Archive& archive) {
      cursor.state(archive);
      archive.item("signs", signs);
      archive.item("reads", reads);
      archive.item("periods", periods);
      archive.item("buffer", buffer);
      archive.item("mean", mean);
      archive.item("past", past);
    }
  };
  static constexpr bool reads_rows = true;
  static constexpr std::size_t fast = 0, slow = 1;
  [[nodiscard]] Memory start(const core::Matrix& programmed) const {
    const core::Matrix zero = core::Matrix::Zero(programmed.rows(), programmed.cols());
    return {{},
            core::Vector::Ones(zero.rows()),
            core::Vector::Zero(zero.rows()),
            core::Vector::Zero(zero.rows()),
            zero,
            zero,
            zero};
  }
  [[nodiscard]] std::vector<double> gains() const { return {0, 1}; }
  [[nodiscard]] std::size_t home() const { return slow; }
  [[nodiscard]] double memory_bits(double rows, double cols) const {
    return 3 * rows * cols * path_bits + rows;
  }

  void write(const Change& change, CellGroups& cells, Memory& memory) const {
    cells.pulse(fast, change, fast_rate, memory.signs);
    memory.cursor.advance(static_cast<std::uint64_t>(changes_per_transfer), rows_per_transfer,
                          cells.rows(), [&](Index row) { transfer(row, cells, memory); });
  }

 private:
  void transfer(Index row, CellGroups& cells, Memory& memory) const {
    const core::Vector values = cells.read_row(fast, row);
    const double period = std::ceil(1 / chop_probability);
    const auto share = static_cast<float>(std::min(1.0, tail / period));
    const auto n = static_cast<double>(values.size());
    if (memory.periods[row] > 0) {
      const float factor = static_cast<float>(transfer_rate) * memory.signs[row];
      move_on(slow, row, factor * (values - memory.past.row(row)), cells, memory.buffer);
      cells.post({.added = n, .read = n});
    }
    memory.mean.row(row) += share * (values - memory.mean.row(row));
    cells.post({.multiplied = n, .added = 2 * n, .read = n, .written = n});
    memory.reads[row] += 1;
    if (static_cast<double>(memory.reads[row]) < period) return;
    memory.past.row(row) = memory.mean.row(row);
    cells.post({.read = n, .written = n});
    memory.signs[row] = -memory.signs[row];
    memory.reads[row] = 0;
    memory.periods[row] = 1;
  }
};

}  // namespace ohmlab::crossbar
