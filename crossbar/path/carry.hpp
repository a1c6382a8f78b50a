#pragma once

#include <cmath>
#include <string>
#include <string_view>
#include <vector>

#include "../../core/fields.hpp"
#include "../figure.hpp"
#include "transfer.hpp"

namespace ohmlab::crossbar {

/// Periodic carry: a weight is a number of several digits, one group of cells each. Only the lowest
/// is pulsed by changes. From time to time digits are read; one that is more than half used up is
/// added to the next higher one and taken back to zero.
struct CarryPath {
  static constexpr std::string_view name = "carry";
  static constexpr std::string_view summary =
      "A weight is a sum of digits of falling significance; the lowest learns, and what is more "
      "than half a digit is carried to the next.";
  static constexpr std::string_view equation =
      "weight = Σ_n radix^-n w_n; w_last <- w_last + radix^last change; every changes_per_carry "
      "growth^k changes, digit n = last - k, row by row: where r = read(w_n), |r| > carry_at: "
      "w_(n-1) <- w_(n-1) + r/radix, w_n <- w_n - r, both by whole pulses";
  static constexpr std::string_view source =
      "Agarwal et al., VLSI 2017, T174 (7998164). Digits are read through the array's converters "
      "and taken back by counted pulses, without verifying";
  std::int64_t digits = 2;
  double radix = 5;
  double carry_at = 0.5;
  std::int64_t changes_per_carry = 10;
  double growth = 10;
  static constexpr auto fields = core::Fields{
      core::field("digits", &CarryPath::digits, "", core::between(2, 8),
                  "groups of cells of one weight"),
      core::field("radix", &CarryPath::radix, "",
                  core::Range{.low = 1, .high = 1024, .low_open = true},
                  "significance of a digit relative to the next lower one"),
      core::field("carry_at", &CarryPath::carry_at, "", core::above(0),
                  "distance of a digit from w = 0 above which it is carried"),
      core::field("changes_per_carry", &CarryPath::changes_per_carry, "", core::between(1, 1 << 30),
                  "changes of the weights between two carries of the lowest digit"),
      core::field("growth", &CarryPath::growth, "", core::at_least(1),
                  "ratio of the periods of carries from one digit to the next higher one"),
  };
  [[nodiscard]] std::string problem() const {
    const double longest =
        static_cast<double>(changes_per_carry) * std::pow(growth, static_cast<double>(digits - 2));
    return longest > 1e15 ? "expected the longest period, changes_per_carry growth^(digits - 2), "
                            "below 1e15 changes"
                          : "";
  }

  struct Memory {
    std::uint64_t changes = 0;
    double carried = 0;
    void state(core::Archive& archive) {
      archive.item("changes", changes);
      archive.item("carried", carried);
    }
    [[nodiscard]] std::vector<Figure> figures() const {
      return {{"carries", carried, "1", "number of digits that were carried", 1}};
    }
  };
  static constexpr bool reads_rows = true;
  [[nodiscard]] Memory start(const core::Matrix&) const { return {}; }
  [[nodiscard]] std::vector<double> gains() const {
    std::vector<double> out;
    for (std::int64_t n = 0; n < digits; ++n)
      out.push_back(std::pow(radix, -static_cast<double>(n)));
    return out;
  }
  [[nodiscard]] std::size_t home() const { return 0; }
  [[nodiscard]] double memory_bits(double, double) const { return 0; }

  void write(const Change& change, CellGroups& cells, Memory& memory) const {
    const auto last = static_cast<std::size_t>(digits - 1);
    cells.pulse(last, change, std::pow(radix, static_cast<double>(last)));
    ++memory.changes;
    for (std::size_t digit = last; digit > 0; --digit) {
      const auto period = static_cast<std::uint64_t>(
          std::llround(static_cast<double>(changes_per_carry) *
                       std::pow(growth, static_cast<double>(last - digit))));
      if (memory.changes % period != 0) continue;
      for (Index row = 0; row < cells.rows(); ++row) carry(digit, row, cells, memory);
    }
  }

 private:
  void carry(std::size_t digit, Index row, CellGroups& cells, Memory& memory) const {
    const core::Vector values = cells.read_row(digit, row);
    const auto step = static_cast<float>(cells.granularity());
    core::Matrix up = core::Matrix::Zero(1, values.size()), back = up;
    for (Index j = 0; j < values.size(); ++j) {
      if (!(static_cast<double>(std::abs(values[j])) > carry_at)) continue;
      up(0, j) = std::round(values[j] / static_cast<float>(radix) / step);
      back(0, j) = -std::round(values[j] / step);
      memory.carried += 1;
    }
    const auto n = static_cast<double>(values.size());
    cells.post({.multiplied = n, .added = n});
    cells.step_rows(digit - 1, row, up);
    cells.step_rows(digit, row, back);
  }
};

}  // namespace ohmlab::crossbar
