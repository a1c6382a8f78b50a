#pragma once

#include <cstdint>
#include <string_view>

#include "../../cost/actions.hpp"
#include "residue_stage.hpp"

namespace ohmlab::crossbar {

/// A chain of stages, each with errors of its own. A new sample enters at every clock.
struct PipelineAdc : ResidueStages {
  static constexpr std::string_view name = "pipeline";
  static constexpr std::string_view summary =
      "A chain of stages that decide one bit each and double the rest; mismatch and finite gain of "
      "each stage, comparator offsets, with redundancy or without.";
  static constexpr std::string_view equation =
      "r_(k+1) = ((2 + d_k) r_k - (1 + d_k) D_k)/(1 + (2 + d_k)/A), d_k = mismatch xi_k; level = "
      "sum D_k 2^(bits-1-k) + round(2 r), k = 1 .. bits-2";
  static constexpr std::string_view source =
      "Lewis et al., IEEE JSSC 27, 351 (1992); Abo & Gray, IEEE JSSC 34, 599 (1999); from memory";
  static constexpr cost::Action action = cost::Action::pipeline_convert;
  static constexpr cost::Part part = cost::Part::pipeline_adc;

  /// Clocks from a sample to its number, less one: a stage a clock, and one for the last levels.
  [[nodiscard]] double filling() const noexcept { return static_cast<double>(decisions()); }
  [[nodiscard]] std::int64_t normals() const noexcept { return stage_normals * decisions(); }
  [[nodiscard]] std::int64_t parts() const noexcept { return stage_parts * decisions(); }
  void build(const float* xi, const float*, float* made) const noexcept {
    for (std::int64_t k = 0; k < decisions(); ++k)
      build_stage(xi + stage_normals * k, made + stage_parts * k);
  }
  using ResidueStages::convert;
  [[nodiscard]] float convert(float value, const float* made, const float* xi) const noexcept {
    return convert_by(value, made, stage_parts, xi);
  }
};

}  // namespace ohmlab::crossbar
