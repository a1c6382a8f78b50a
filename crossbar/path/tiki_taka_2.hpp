#pragma once

#include <string_view>
#include <vector>

#include "../../core/fields.hpp"
#include "transfer.hpp"

namespace ohmlab::crossbar {

/// Parameters of paths that move rows on through a digital buffer. The buffer adds up what is read
/// of the fast group; where it holds whole steps, they are written to the weights.
struct BufferedTransfer : TransferSchedule {
  double fast_rate = 1;
  double threshold = 1;
  double keep = 0;
  std::int64_t most_steps = 1;
  static constexpr auto fields = core::joined(
      TransferSchedule::fields,
      core::Fields{
          core::field("fast_rate", &BufferedTransfer::fast_rate, "", core::above(0),
                      "factor of a change before it is written to the fast group"),
          core::field("threshold", &BufferedTransfer::threshold, "", core::above(0),
                      "content of the buffer that makes one pulse, in mean steps of a cell"),
          core::field("keep", &BufferedTransfer::keep, "", core::fraction,
                      "share of a written step that stays in the buffer (momentum)"),
          core::field("most_steps", &BufferedTransfer::most_steps, "", core::between(1, 64),
                      "most pulses on one cell in one transfer; the rest waits in the buffer"),
      });

  /// Adds values to a row of the buffer, takes whole steps from it and applies them to the weights.
  void move_on(std::size_t group, Index row, const core::Vector& values, CellGroups& cells,
               core::Matrix& buffer) const {
    const auto step = static_cast<float>(threshold * cells.granularity());
    const auto most = static_cast<float>(most_steps), kept = static_cast<float>(keep) * step;
    core::Matrix steps(1, values.size());
    for (Index j = 0; j < values.size(); ++j) {
      float& held = buffer(row, j);
      held += values[j];
      steps(0, j) = take_steps(held, step, most);
      held += kept * steps(0, j);
    }
    const auto n = static_cast<double>(values.size());
    cells.post({.multiplied = n, .added = 3 * n, .read = n, .written = n});
    cells.step_rows(group, row, steps);
  }
};

/// Tiki-Taka, version 2: a digital buffer between the fast group and the weights.
struct TikiTaka2Path : BufferedTransfer {
  static constexpr std::string_view name = "tiki_taka_2";
  static constexpr std::string_view summary =
      "Pulses go to a fast group of cells; what is read of it is added up in digital memory, and "
      "whole steps are written to the weights.";
  static constexpr std::string_view equation =
      "a <- a + fast_rate change; every changes_per_transfer: h_row <- h_row + transfer_rate "
      "read(a_row), n = trunc(h_row/(threshold step)) up to most_steps, w_row <- w_row + n pulses, "
      "h_row <- h_row - (1 - keep) n threshold step; weight = w + gamma a";
  static constexpr std::string_view source =
      "Gokmen, Front. Artif. Intell. 4, 699148 (2021). One change is a mini-batch; rows are the "
      "paper's columns";
  double gamma = 0;
  static constexpr auto fields = core::joined(
      BufferedTransfer::fields,
      core::Fields{core::field("gamma", &TikiTaka2Path::gamma, "", core::between(0, 1),
                               "factor of the fast group in the weights; 0: reads do not see it")});

  struct Memory {
    TransferCursor cursor;
    core::Matrix buffer;
    void state(core::Archive& archive) {
      cursor.state(archive);
      archive.item("buffer", buffer);
    }
  };
  static constexpr bool reads_rows = true;
  static constexpr std::size_t fast = 0, slow = 1;
  [[nodiscard]] Memory start(const core::Matrix& programmed) const {
    const core::Matrix zero = core::Matrix::Zero(programmed.rows(), programmed.cols());
    return {{}, zero};
  }
  [[nodiscard]] std::vector<double> gains() const { return {gamma, 1}; }
  [[nodiscard]] std::size_t home() const { return slow; }
  [[nodiscard]] double memory_bits(double rows, double cols) const {
    return rows * cols * path_bits;
  }

  void write(const Change& change, CellGroups& cells, Memory& memory) const {
    cells.pulse(fast, change, fast_rate);
    memory.cursor.advance(static_cast<std::uint64_t>(changes_per_transfer), rows_per_transfer,
                          cells.rows(), [&](Index row) {
      const core::Vector values = cells.read_row(fast, row);
      move_on(slow, row, static_cast<float>(transfer_rate) * values, cells, memory.buffer);
    });
  }
};

}  // namespace ohmlab::crossbar
