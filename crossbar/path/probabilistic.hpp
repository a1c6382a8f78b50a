#pragma once

#include <cmath>
#include <string_view>
#include <vector>

#include "../../core/fields.hpp"
#include "transfer.hpp"

namespace ohmlab::crossbar {

/// Error-aware probabilistic update: a change is written in portions of `threshold` pulses. What is
/// less than a portion is written as a whole one, with a probability that keeps its mean. Few cells
/// are written, and each write is large beside the noise of writing.
struct ProbabilisticPath : OneGroup, NoMemory {
  static constexpr std::string_view name = "probabilistic";
  static constexpr std::string_view summary =
      "Changes below a threshold are written as one threshold-sized change, with a probability "
      "that keeps the mean.";
  static constexpr std::string_view equation =
      "q = |change|/(threshold step), n = floor(q) + (u < q - floor(q)), u uniform: w <- w + "
      "sign(change) n threshold pulses; variance of a portion |change| (threshold step - "
      "|change|)";
  static constexpr std::string_view source =
      "Error-aware probabilistic update, Nat. Commun. 16 (2025), s41467-025-66240-7, of which the "
      "abstract was read: |change|/threshold as the probability is this project's reading";
  std::int64_t threshold = 16;
  static constexpr auto fields = core::Fields{
      core::field("threshold", &ProbabilisticPath::threshold, "", core::between(1, 4096),
                  "pulses of the smallest change that is written"),
  };

  static constexpr bool reads_rows = false;
  [[nodiscard]] double memory_bits(double rows, double cols) const {
    return rows * cols * path_bits;
  }

  void write(const Change& change, CellGroups& cells, Memory&) const {
    core::Matrix sum = core::Matrix::Zero(cells.rows(), cells.cols());
    cells.add(change, sum);
    core::Matrix draws(cells.rows(), cells.cols());
    cells.draw({draws.data(), static_cast<std::size_t>(draws.size())});
    const auto n = static_cast<double>(sum.size());
    cells.post({.multiplied = n, .added = n, .read = n});
    const auto portion = static_cast<float>(static_cast<double>(threshold) * cells.granularity());
    for (Index k = 0; k < sum.size(); ++k) {
      float& value = sum.data()[k];
      const float portions = std::abs(value) / portion, whole = std::floor(portions);
      const float count = whole + (draws.data()[k] < portions - whole ? 1.0F : 0.0F);
      value = std::copysign(count * static_cast<float>(threshold), value);
    }
    cells.step_rows(0, 0, sum);
  }
};

}  // namespace ohmlab::crossbar
