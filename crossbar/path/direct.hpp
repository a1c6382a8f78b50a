#pragma once

#include <string_view>
#include <vector>

#include "../../core/archive.hpp"
#include "../../core/fields.hpp"
#include "../cell_groups.hpp"

namespace ohmlab::crossbar {

/// Pulses go straight to the cells that reads see.
struct DirectPath : OneGroup, NoMemory {
  static constexpr std::string_view name = "direct";
  static constexpr std::string_view summary = "Pulses go straight to the cells of the weights.";
  static constexpr std::string_view equation = "w <- w + change, by pulses";
  static constexpr std::string_view source = "Gokmen & Vlasov, Front. Neurosci. 10, 333 (2016)";
  static constexpr core::Fields<> fields{};

  static constexpr bool reads_rows = false;
  [[nodiscard]] double memory_bits(double, double) const { return 0; }

  void write(const Change& change, CellGroups& cells, Memory&) const { cells.pulse(0, change, 1); }
};

}  // namespace ohmlab::crossbar
