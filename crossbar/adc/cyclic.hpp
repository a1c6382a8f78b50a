#pragma once

#include <cstdint>
#include <string_view>

#include "../../cost/actions.hpp"
#include "residue_stage.hpp"

namespace ohmlab::crossbar {

/// One stage, whose rest comes back to its input for each bit. Its errors are the same for all
/// bits.
struct CyclicAdc : ResidueStages {
  static constexpr std::string_view name = "cyclic";
  static constexpr std::string_view summary =
      "One stage that decides a bit and doubles the rest, used again for each bit; mismatch and "
      "finite gain of the stage, comparator offsets.";
  static constexpr std::string_view equation =
      "r_(k+1) = ((2 + d) r_k - (1 + d) D_k)/(1 + (2 + d)/A), d = mismatch xi; level = sum D_k "
      "2^(bits-1-k) + round(2 r), k = 1 .. bits-2";
  static constexpr std::string_view source =
      "algorithmic conversion: McCharles, Saletore, Black & Hodges, ISSCC 1977; stage as in "
      "pipeline; from memory";
  static constexpr cost::Action action = cost::Action::cyclic_convert;
  static constexpr cost::Part part = cost::Part::cyclic_adc;

  [[nodiscard]] static constexpr std::int64_t normals() noexcept { return stage_normals; }
  [[nodiscard]] static constexpr std::int64_t parts() noexcept { return stage_parts; }
  void build(const float* xi, const float*, float* made) const noexcept { build_stage(xi, made); }
  using ResidueStages::convert;
  [[nodiscard]] float convert(float value, const float* made, const float* xi) const noexcept {
    return convert_by(value, made, 0, xi);
  }
};

}  // namespace ohmlab::crossbar
