#pragma once

#include "ohmlab/crossbar/converters.hpp"

namespace ohmlab::tests {

template <class Entry>
crossbar::Adc adc_of(const Entry& entry) {
  crossbar::Adc out;
  out.choice = entry;
  return out;
}

/// Converters of one array of so many columns, and one row.
template <class Entry>
crossbar::Converters made(const Entry& entry, core::Index cols, std::uint64_t seed = 1,
                          std::uint32_t layer = 0) {
  return {adc_of(entry), {.seed = seed, .layer = layer}, crossbar::Tiling::of(1, cols, 0, 0)};
}

inline float converted(const crossbar::Converters& converters, core::Index end, float value,
                       std::uint64_t first = 0) {
  converters.convert({.end = end, .operation = 0, .first = first}, &value, 1);
  return value;
}

/// Every built converter with 6 bits and errors so small that they decide nothing, so that its
/// circuit is simulated.
inline void each_nearly_ideal(const auto& visit) {
  const crossbar::Quantizer six{.resolution = 6, .bound = 2};
  visit(crossbar::SarAdc{six, {}, 0, 1e-9}, "sar");
  visit(crossbar::SarAdc{six, {}, 3, 1e-9}, "sar, split");
  visit(crossbar::FlashAdc{six, {}, 1e-9}, "flash");
  visit(crossbar::PipelineAdc{{six, {}, true, 1e-9}}, "pipeline");
  visit(crossbar::PipelineAdc{{six, {}, false, 1e-9}}, "pipeline without redundancy");
  visit(crossbar::CyclicAdc{{six, {}, true, 1e-9}}, "cyclic");
  visit(crossbar::CyclicAdc{{six, {}, false, 0, 1e9}}, "cyclic without redundancy");
  visit(crossbar::OscillatorAdc{six, 0, 1e-9}, "oscillator");
  visit(crossbar::RampAdc{six, {.offset = 1e-9}}, "ramp");
  visit(crossbar::UniformAdc{six, {}, {.gain = 1e-9}}, "uniform");
}

}  // namespace ohmlab::tests
