#pragma once

#include "../core/fields.hpp"

namespace ohmlab::crossbar {

/// Errors of one converter or driver beside its levels. Offset, gain and the two forms of
/// nonlinearity are fixed when it is made; noise is drawn afresh each time. The unit is full scale:
/// one step of b bits is 1/(2^(b-1) - 1). For a signal u in full scales:
///
///     u' = u + offset ξ0 + gain ξ1 u + inl (ξ2 bow(u) + ξ3 s(u)) + noise ξ
///
/// Both forms are zero at the ends of the range and 1 at their largest: bow(u) = 1 - u² and s(u) =
/// (3 √3/2) u (1 - u²), the lowest even and odd terms of integral nonlinearity by end points (IEEE
/// Std 1241-2010, integral nonlinearity).
struct LineErrors {
  double offset = 0, gain = 0, inl = 0, noise = 0;
  static constexpr auto fields = core::Fields{
      core::field("offset", &LineErrors::offset, "", core::between(0, 1),
                  "standard deviation of the offset over converters, in full scales"),
      core::field("gain", &LineErrors::gain, "", core::between(0, 1),
                  "standard deviation of the gain over converters, as a share of the gain"),
      core::field("inl", &LineErrors::inl, "", core::between(0, 1),
                  "standard deviation over converters of the largest deviation by a bow, and by an "
                  "S, in full scales"),
      core::field("noise", &LineErrors::noise, "", core::between(0, 1),
                  "standard deviation of fresh noise, in full scales"),
  };

  static constexpr int normals = 4;  ///< standard normals of one converter: ξ0 to ξ3

  [[nodiscard]] constexpr bool none() const noexcept {
    return offset == 0 && gain == 0 && inl == 0 && noise == 0;
  }
  /// The fixed errors of one converter, in full scales.
  void draw(const float* xi, float* errors) const noexcept {
    errors[0] = static_cast<float>(offset) * xi[0];
    errors[1] = static_cast<float>(gain) * xi[1];
    errors[2] = static_cast<float>(inl) * xi[2];
    errors[3] = static_cast<float>(inl) * xi[3];
  }
  /// The signal with the fixed errors of one converter.
  [[nodiscard]] static float bent(float u, const float* errors) noexcept {
    constexpr float s_scale = 2.598076211F;  // 3 √3/2
    const float ends = 1 - u * u;
    return u + errors[0] + errors[1] * u + ends * (errors[2] + s_scale * errors[3] * u);
  }
};

}  // namespace ohmlab::crossbar
