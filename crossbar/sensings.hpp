#pragma once

#include <string_view>
#include <tuple>

#include "ohmlab/core/fields.hpp"

/// What is measured at the end of a line while the lines of the other side are driven.
namespace ohmlab::crossbar {

/// The line is held at zero volts and what flows into it during a read is integrated.
struct CurrentSensing {
  static constexpr std::string_view name = "current";
  static constexpr std::string_view summary =
      "Lines are held at zero volts; their currents are integrated during the whole read.";
  static constexpr std::string_view equation = "q_j = ∫ Σ_i g_ij v_i dt; E = ∫ Σ_ij g_ij v_i² dt";
  static constexpr std::string_view source = "Gokmen & Vlasov, Front. Neurosci. 10, 333 (2016)";
  static constexpr bool floats = false;
  static constexpr std::tuple<> fields{};
  [[nodiscard]] static constexpr double seconds(double t_read) noexcept { return t_read; }
};

/// The line floats to the mean of the voltages behind its cells, weighted by their conductances, and is
/// sampled when it has settled. Current flows for that long only. The reading falls as the line's conductance
/// grows, which nothing corrects: a weight seen from one side is not the weight seen from the other. The
/// range of a tile's converters is set for its number of cells. Cells are verified one by one, as currents,
/// when programmed.
struct VoltageSensing {
  static constexpr std::string_view name = "voltage";
  static constexpr std::string_view summary =
      "Lines float to the mean of the input voltages, weighted by conductances, and are sampled when "
      "settled.";
  static constexpr std::string_view equation =
      "u_j = Σ_i g_ij v_i / G_j, G_j = Σ_i g_ij; reading = current's × G_rest/G_j, G_rest that of cells at w "
      "= 0; "
      "E = t_settle Σ_ij g_ij (v_i - u_j)²";
  static constexpr std::string_view source = "Wan et al., Nature 608, 504 (2022)";
  static constexpr bool floats = true;
  double t_settle = 10e-9;
  static constexpr auto fields = std::tuple{
      core::field(
          "t_settle", &VoltageSensing::t_settle, "s", core::above(0),
          "time for which inputs are driven, instead of the device's t_read; ASSUMED: several RC of a "
          "line of 0.6 pF and 1 mS")
          .usually(1e-11, 1),
  };
  [[nodiscard]] double seconds(double) const noexcept { return t_settle; }
};

struct Sensing : core::OneOf<CurrentSensing,  //
                             VoltageSensing> {
  static constexpr std::string_view name = "sensing";
  static constexpr std::string_view question = "What is measured at the end of a line?";

  /// Whether lines float while they are read.
  [[nodiscard]] bool floats() const {
    return visit([](const auto& sensing) { return std::remove_cvref_t<decltype(sensing)>::floats; });
  }
  /// How long inputs are driven in one read, s.
  [[nodiscard]] double seconds(double t_read) const {
    return visit([&](const auto& sensing) { return sensing.seconds(t_read); });
  }
};

}  // namespace ohmlab::crossbar
