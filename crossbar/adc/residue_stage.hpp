#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "../../core/fields.hpp"
#include "quantizer.hpp"
#include "takes_turns.hpp"

namespace ohmlab::crossbar {

/// A stage that decides one bit and passes on twice the rest, in units of the reference. Two equal
/// capacitors sample v; one is flipped around an amplifier:
///
///     r = ((2 + δ) v - (1 + δ) d)/(1 + (2 + δ)/A)
///
/// where δ is the relative difference of the capacitors and A the gain of the amplifier, whose
/// feedback factor is 1/(2 + δ). With redundancy, d is -1, 0 or 1 by comparators at ∓1/4; offsets
/// of comparators below 1/4 are then corrected by the stages that follow. Without, d is -1 or 1 by
/// a comparator at 0. The amplifier saturates at the reference. After bits - 2 decisions, five
/// levels of the rest are told apart without error.
///
/// Lewis et al., IEEE JSSC 27, 351 (1992); Abo & Gray, IEEE JSSC 34, 599 (1999); from memory.
struct ResidueStages : Quantizer, TakesTurns {
  bool redundancy = true;
  double mismatch = 0, opamp_gain = 0, offset = 0, noise = 0;
  static constexpr auto fields = core::joined(
      Quantizer::fields, TakesTurns::fields,
      core::Fields{
          core::field(
              "redundancy", &ResidueStages::redundancy,
              "three decisions a stage, so that later stages correct comparators; otherwise "
              "two"),
          core::field("mismatch", &ResidueStages::mismatch, "", core::between(0, 0.3),
                      "standard deviation of the difference of the two capacitors of a stage, as a "
                      "share of one"),
          core::field("opamp_gain", &ResidueStages::opamp_gain, "", core::at_least(0),
                      "gain of the amplifier of a stage without feedback; 0: no limit"),
          core::field("offset", &ResidueStages::offset, "", core::between(0, 1),
                      "standard deviation of the offset of each comparator, in full scales"),
          core::field("noise", &ResidueStages::noise, "", core::between(0, 1),
                      "standard deviation of the noise that each decision samples, in full "
                      "scales"),
      });

  /// Noise of all stages at the input: each is divided by the gain before it.
  [[nodiscard]] double input_noise() const noexcept {
    const double stages = static_cast<double>(resolution) - 2;
    return bound * noise * std::sqrt((1 - std::pow(0.25, stages)) / 0.75);
  }
  [[nodiscard]] double enob(double before) const noexcept {
    return Quantizer::enob(std::hypot(before, input_noise()));
  }
  [[nodiscard]] double priced_bits(double before) const noexcept {
    return Quantizer::priced_bits(std::hypot(before, input_noise()));
  }
  [[nodiscard]] bool exact() const noexcept {
    return mismatch == 0 && opamp_gain == 0 && offset == 0 && noise == 0;
  }
  [[nodiscard]] std::int64_t decisions() const noexcept { return resolution - 2; }
  [[nodiscard]] std::int64_t draws() const noexcept { return noise > 0 ? decisions() : 0; }
  using Quantizer::convert;

 protected:
  static constexpr std::int64_t stage_normals = 3, stage_parts = 4;

  /// A stage: its lower and upper decision, its gain, and what a decision takes from the rest.
  void build_stage(const float* xi, float* made) const noexcept {
    const double apart = mismatch * static_cast<double>(xi[0]), gain = 2 + apart;
    const double loss = opamp_gain > 0 ? 1 + gain / opamp_gain : 1;
    const double at = redundancy ? 0.25 : 0.0;
    made[0] = static_cast<float>(-at + offset * static_cast<double>(xi[1]));
    made[1] = redundancy ? static_cast<float>(at + offset * static_cast<double>(xi[2])) : made[0];
    made[2] = static_cast<float>(gain / loss);
    made[3] = static_cast<float>((1 + apart) / loss);
  }
  /// \param stride  numbers between one stage and the next; 0 if all decisions use the same
  [[nodiscard]] float convert_by(float value, const float* made, std::int64_t stride,
                                 const float* xi) const noexcept {
    const auto of_noise = static_cast<float>(noise);
    float rest = std::ldexp(steps(value), static_cast<int>(1 - resolution));
    std::int64_t level = 0;
    for (std::int64_t k = 0; k < decisions(); ++k) {
      const float* stage = made + k * stride;
      if (of_noise > 0) rest += of_noise * xi[k];
      const int decided = (rest > stage[1] ? 1 : 0) - (rest <= stage[0] ? 1 : 0);
      level = 2 * level + decided;
      const float next = stage[2] * rest - stage[3] * static_cast<float>(decided);
      rest = std::max(-1.0F, std::min(1.0F, next));
    }
    return number(2 * level + static_cast<std::int64_t>(std::nearbyint(2 * rest)));
  }
};

}  // namespace ohmlab::crossbar
