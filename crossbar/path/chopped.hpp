#pragma once

#include <string_view>
#include <vector>

#include "../../core/fields.hpp"
#include "tiki_taka_2.hpp"

namespace ohmlab::crossbar {

/// Tiki-Taka 2 with chopping: each row of the fast group is written and read with a sign of its
/// own, which turns over from time to time. What is constant in the fast group, e.g. an error of
/// its reference, then averages out of the buffer.
///
/// The signs are those of the whole change: all learning phases of a change are written with the
/// same ones. A sign turns over after the row has been read.
struct ChoppedPath : BufferedTransfer {
  static constexpr std::string_view name = "chopped";
  static constexpr std::string_view summary =
      "Tiki-Taka 2 whose rows are written and read with signs that turn over, so that offsets of "
      "the fast group average out.";
  static constexpr std::string_view equation =
      "a_row <- a_row + c_row fast_rate change_row; h_row <- h_row + transfer_rate c_row "
      "read(a_row), then as tiki_taka_2; after a read c_row turns over with probability "
      "chop_probability (random) or at every 1/chop_probability-th read (regular)";
  static constexpr std::string_view source =
      "Rasch, Carta, Fagbohungbe & Gokmen, Nat. Commun. 15, 7133 (2024), arXiv 2303.04721";
  double chop_probability = 0.1;
  bool regular = false;
  static constexpr auto fields = core::joined(
      BufferedTransfer::fields,
      core::Fields{core::field("chop_probability", &ChoppedPath::chop_probability, "",
                               core::Range{.low = 0, .high = 1, .low_open = true},
                               "probability that the sign of a row turns over after its read"),
                   core::field("regular", &ChoppedPath::regular,
                               "turn signs over at every 1/chop_probability-th read of their row "
                               "instead of at random")});

  struct Memory {
    TransferCursor cursor;
    core::Vector signs, reads;  ///< sign of each row; number of its reads since it turned
    core::Matrix buffer;
    void state(core::Archive& archive) {
      cursor.state(archive);
      archive.item("signs", signs);
      archive.item("reads", reads);
      archive.item("buffer", buffer);
    }
  };
  static constexpr bool reads_rows = true;
  static constexpr std::size_t fast = 0, slow = 1;
  [[nodiscard]] Memory start(const core::Matrix& programmed) const {
    const core::Matrix zero = core::Matrix::Zero(programmed.rows(), programmed.cols());
    return {{}, core::Vector::Ones(zero.rows()), core::Vector::Zero(zero.rows()), zero};
  }
  [[nodiscard]] std::vector<double> gains() const { return {0, 1}; }
  [[nodiscard]] std::size_t home() const { return slow; }
  [[nodiscard]] double memory_bits(double rows, double cols) const {
    return rows * cols * path_bits + rows;
  }

  void write(const Change& change, CellGroups& cells, Memory& memory) const {
    cells.pulse(fast, change, fast_rate, memory.signs);
    memory.cursor.advance(static_cast<std::uint64_t>(changes_per_transfer), rows_per_transfer,
                          cells.rows(), [&](Index row) {
      const core::Vector values = cells.read_row(fast, row);
      move_on(slow, row, static_cast<float>(transfer_rate) * memory.signs[row] * values, cells,
              memory.buffer);
      if (turns(row, cells, memory)) memory.signs[row] = -memory.signs[row];
    });
  }

 private:
  [[nodiscard]] bool turns(Index row, CellGroups& cells, Memory& memory) const {
    if (!regular) {
      float draw = 0;
      cells.draw({&draw, 1});
      return static_cast<double>(draw) < chop_probability;
    }
    memory.reads[row] += 1;
    if (static_cast<double>(memory.reads[row]) * chop_probability < 1) return false;
    memory.reads[row] = 0;
    return true;
  }
};

}  // namespace ohmlab::crossbar
