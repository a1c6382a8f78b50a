#include "drive.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "../core/parallel.hpp"

namespace ohmlab::crossbar {
namespace {

constexpr Index slice_size = 8;  // fixed: results do not depend on the number of threads

template <class D, class Law>
DrivenLines drive_by(const D& dac, const Law& law, bool linear, const DriveFor& asked,
                     const ConstRows& x, std::int64_t slice) {
  const Index vectors = x.rows(), lines = x.cols(), parts = (vectors + slice_size - 1) / slice_size;
  const bool apart = !(D::heat_is_swing && linear);  // true if swings need their own sum
  const bool disturbed = asked.drivers != nullptr && !asked.drivers->exact();
  DrivenLines out;
  out.product.resize(vectors, lines);
  if (asked.noisy) out.noise.resize(vectors, lines);
  if (asked.wired) out.level.resize(vectors, lines);
  core::MatrixD heats = core::MatrixD::Zero(parts, lines), swings;
  if (apart) swings.setZero(parts, lines);
  std::vector<double> clipped(static_cast<std::size_t>(parts));
  core::for_slices(vectors, slice_size, static_cast<double>(4 * lines),
                   [&](Index begin, Index end) noexcept {
    const Index part = begin / slice_size;
    double* heat = heats.row(part).data();
    std::int64_t beyond = 0;
    core::Vector levels(lines);
    float* level = levels.data();
    for (Index b = begin; b < end; ++b) {
      const float* from = x.row(b).data();
      for (Index k = 0; k < lines; ++k) level[k] = dac.level(from[k], slice);
      if constexpr (D::clips) {
        for (Index k = 0; k < lines; ++k) beyond += std::abs(from[k]) > 1 ? 1 : 0;
      }
      if (disturbed) {
        asked.drivers->disturb({.end = asked.end, .operation = asked.operation, .vector = b},
                               D::off_at_zero, level, lines);
      }
      float* product = out.product.row(b).data();
      for (Index k = 0; k < lines; ++k) product[k] = dac.product(law, level[k]);
      for (Index k = 0; k < lines; ++k) heat[k] += dac.heat(law, static_cast<double>(level[k]));
      if (apart) {
        double* swing = swings.row(part).data();
        for (Index k = 0; k < lines; ++k) swing[k] += dac.swing(static_cast<double>(level[k]));
      }
      if (asked.wired) out.level.row(b) = levels;
      if (!asked.noisy) continue;
      float* noise = out.noise.row(b).data();
      for (Index k = 0; k < lines; ++k)
        noise[k] = asked.slow_noise ? product[k] * product[k] : dac.noise(law, level[k]);
    }
    clipped[static_cast<std::size_t>(part)] = static_cast<double>(beyond);
  });
  out.heat = heats.colwise().sum();
  out.swings = apart ? swings.sum() : out.heat.sum();
  for (const double count : clipped) out.clipped += count;
  return out;
}

}  // namespace

DrivenLines drive(const Dac& dac, const devices::Conduction& conduction, const DriveFor& asked,
                  const ConstRows& x, std::int64_t slice) {
  return dac.visit([&](const auto& driver) {
    return conduction.visit([&](const auto& law) {
      return drive_by(driver, law.law(asked.v_read), conduction.linear(), asked, x, slice);
    });
  });
}

double wired_heat(const Dac& dac, const ConstRows& levels, const core::MatrixD& conductances) {
  return dac.visit([&](const auto& driver) {
    double sum = 0;
    for (Index b = 0; b < levels.rows(); ++b) {
      const float* level = levels.row(b).data();
      for (Index i = 0; i < levels.cols(); ++i) {
        for (Index k = 0; k < levels.cols(); ++k) {
          sum += conductances(i, k) *
                 driver.overlap(static_cast<double>(level[i]), static_cast<double>(level[k]));
        }
      }
    }
    return sum;
  });
}

}  // namespace ohmlab::crossbar
