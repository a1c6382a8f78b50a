#pragma once

#include <string_view>

#include "../../core/fields.hpp"

namespace ohmlab::crossbar {

/// The line is held at zero volts; the current into it during a read is integrated.
struct CurrentSensing {
  static constexpr std::string_view name = "current";
  static constexpr std::string_view summary =
      "Lines are held at zero volts; their currents are integrated during the whole read.";
  static constexpr std::string_view equation = "q_j = ∫ Σ_i g_ij v_i dt; E = ∫ Σ_ij g_ij v_i² dt";
  static constexpr std::string_view source = "Gokmen & Vlasov, Front. Neurosci. 10, 333 (2016)";
  static constexpr bool floats = false;
  static constexpr core::Fields<> fields{};
  [[nodiscard]] static constexpr double seconds(double t_read) noexcept { return t_read; }
};

}  // namespace ohmlab::crossbar
