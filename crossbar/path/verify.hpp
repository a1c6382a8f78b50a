#pragma once

#include <cmath>
#include <string_view>
#include <vector>

#include "../../core/fields.hpp"
#include "../figure.hpp"
#include "transfer.hpp"

namespace ohmlab::crossbar {

/// Write and verify: the wanted weights stand in digital memory. A cell whose wanted state has
/// moved far enough from what was last written is pulsed and read until it is right, or the budget
/// is used up.
struct VerifyPath : OneGroup {
  static constexpr std::string_view name = "verify";
  static constexpr std::string_view summary =
      "The wanted weights stand in digital memory; cells that are too far from them are pulsed and "
      "read, row by row, until they are right.";
  static constexpr std::string_view equation =
      "want <- want + change; rows with |want - set| > threshold: up to `budget` rounds of r = "
      "read(row), n = round((want - r)/step) up to most_steps where |want - r| > tolerance, w <- w "
      "+ n pulses; then set <- want";
  static constexpr std::string_view source =
      "threshold updates with verify: arXiv 2305.14547; the loop itself is "
      "program-verify, e.g. Wan et al., Nature 608, 504 (2022)";
  double threshold = 0.05;
  double tolerance = 0.02;
  std::int64_t budget = 10;
  std::int64_t most_steps = 31;
  static constexpr auto fields = core::Fields{
      core::field("threshold", &VerifyPath::threshold, "", core::at_least(0),
                  "distance of the wanted state from the one last set, in w, that makes a write"),
      core::field("tolerance", &VerifyPath::tolerance, "", core::above(0),
                  "largest distance of a reading from the wanted state, in w, that passes"),
      core::field("budget", &VerifyPath::budget, "", core::between(1, 1000),
                  "most rounds of reading and pulsing of a row"),
      core::field("most_steps", &VerifyPath::most_steps, "", core::between(1, 64),
                  "most pulses on one cell in one round"),
  };

  struct Memory {
    core::Matrix want, set;
    double writes = 0, failures = 0;
    void state(core::Archive& archive) {
      archive.item("want", want);
      archive.item("set", set);
      archive.item("writes", writes);
      archive.item("failures", failures);
    }
    [[nodiscard]] std::vector<Figure> figures() const {
      return {{"verify_failed", writes > 0 ? failures / writes : 0, "1",
               "share of writes that were not within tolerance when their budget was used up",
               writes}};
    }
  };
  static constexpr bool reads_rows = true;
  [[nodiscard]] Memory start(const core::Matrix& programmed) const {
    return {programmed, programmed};
  }
  [[nodiscard]] double memory_bits(double rows, double cols) const {
    return 2 * rows * cols * path_bits;
  }

  void write(const Change& change, CellGroups& cells, Memory& memory) const {
    cells.add(change, memory.want);
    const auto n = static_cast<double>(memory.want.size());
    cells.post({.added = n, .read = 2 * n});
    for (Index row = 0; row < cells.rows(); ++row) set_row(row, cells, memory);
  }

 private:
  void set_row(Index row, CellGroups& cells, Memory& memory) const {
    const auto due = static_cast<float>(threshold), near = static_cast<float>(tolerance);
    const auto step = static_cast<float>(cells.granularity());
    const auto most = static_cast<float>(most_steps);
    std::vector<Index> open;
    for (Index j = 0; j < cells.cols(); ++j) {
      if (std::abs(memory.want(row, j) - memory.set(row, j)) > due) open.push_back(j);
    }
    if (open.empty()) return;
    memory.writes += static_cast<double>(open.size());
    cells.post({.written = static_cast<double>(open.size())});
    for (const Index j : open) memory.set(row, j) = memory.want(row, j);
    for (std::int64_t round = 0; round <= budget; ++round) {
      const core::Vector values = cells.read_row(0, row);
      cells.post({.multiplied = static_cast<double>(open.size()),
                  .added = static_cast<double>(open.size()),
                  .read = static_cast<double>(open.size())});
      core::Matrix steps = core::Matrix::Zero(1, cells.cols());
      std::vector<Index> left;
      for (const Index j : open) {
        const float off = memory.want(row, j) - values[j];
        if (std::abs(off) <= near) continue;
        left.push_back(j);
        const float count = std::clamp(std::round(off / step), -most, most);
        steps(0, j) = count == 0 ? std::copysign(1.0F, off) : count;
      }
      open = std::move(left);
      if (open.empty()) return;
      if (round < budget) cells.step_rows(0, row, steps);
    }
    memory.failures += static_cast<double>(open.size());
  }
};

}  // namespace ohmlab::crossbar
