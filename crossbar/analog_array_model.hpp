#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "../core/fields.hpp"
#include "../cost/array_work.hpp"
#include "../devices/device.hpp"
#include "adcs.hpp"
#include "array.hpp"
#include "calibrations.hpp"
#include "comparator.hpp"
#include "dacs.hpp"
#include "mappings.hpp"
#include "paths.hpp"
#include "pulsers.hpp"
#include "ranges.hpp"
#include "sensings.hpp"
#include "wires.hpp"

namespace ohmlab::crossbar {

/// What copies of an array divide among them.
enum class CopiesShare { examples, phases };
constexpr std::array<std::string_view, 2> enum_names(CopiesShare /*unused*/) {
  return {"examples", "phases"};
}

/// Entry of the array catalogue: resistive cells behind drivers, converters and a pulser.
struct AnalogArrayModel {
  static constexpr std::string_view name = "analog";
  static constexpr std::string_view summary =
      "Resistive cells behind drivers, converters and a pulser, tile by tile.";
  static constexpr std::string_view equation =
      "y = weight_scale Σ_slice share ADC(Σ_i seen_ij p_i + sqrt(output_noise² + Σ_i sigma_ij² "
      "q_i) xi), seen the states behind the wires, p_i what x_i adds in the slice, q_i its share "
      "of white noise (catalogue dac); p_i² where noise stands still";
  static constexpr std::string_view source = "Gokmen & Vlasov, Front. Neurosci. 10, 333 (2016)";

  double weight_scale = 1;
  devices::Device device;
  Mapping mapping;
  Dac dac;
  Sensing sensing;
  Adc adc;
  SignalRange range;
  Comparator comparator;
  Pulser pulser;
  Path path;
  Calibration calibration;
  Wires wires;
  double output_noise = 0.06;
  double verify_pulses = 8.5;
  std::int64_t tile_rows = 0, tile_cols = 0;
  cost::Mesh mesh;
  std::int64_t edge_lanes = 64;
  std::int64_t copies = 1;
  CopiesShare copies_share = CopiesShare::examples;
  bool pipelined = false;
  static constexpr auto fields = core::Fields{
      core::field("weight_scale", &AnalogArrayModel::weight_scale, "", core::above(0),
                  "weight that w = 1 stands for, in logits"),
      core::field("device", &AnalogArrayModel::device, "physics of one cell"),
      core::field("mapping", &AnalogArrayModel::mapping, "cells that make up a weight"),
      core::field("dac", &AnalogArrayModel::dac, "drivers of the inputs"),
      core::field("sensing", &AnalogArrayModel::sensing, "quantity measured on a line"),
      core::field("adc", &AnalogArrayModel::adc, "converters of the outputs"),
      core::field("range", &AnalogArrayModel::range,
                  "fit of signals to the ranges of drivers and converters"),
      core::field("comparator", &AnalogArrayModel::comparator,
                  "comparators of neurons of kind \"comparator\""),
      core::field("pulser", &AnalogArrayModel::pulser, "conversion of updates into pulses"),
      core::field("path", &AnalogArrayModel::path, "way of a change of weights into cells"),
      core::field("calibration", &AnalogArrayModel::calibration,
                  "states of the cells that count as zero"),
      core::field("wires", &AnalogArrayModel::wires, "wires of a tile"),
      core::field("output_noise", &AnalogArrayModel::output_noise, "", core::at_least(0),
                  "standard deviation of the noise of a line's periphery, in outputs of one cell "
                  "at w = 1 and x = 1"),
      core::field("verify_pulses", &AnalogArrayModel::verify_pulses, "", core::at_least(1),
                  "pulses of write-and-verify per cell, each with a read (8.5: Wan et al., Nature "
                  "608, 504 (2022))"),
      core::field("tile_rows", &AnalogArrayModel::tile_rows, "", core::at_least(0),
                  "largest number of rows of a tile; 0: one tile holds all"),
      core::field("tile_cols", &AnalogArrayModel::tile_cols, "", core::at_least(0),
                  "largest number of columns of a tile; 0: one tile holds all"),
      core::field("mesh", &AnalogArrayModel::mesh, "transport of numbers between tiles"),
      core::field("edge_lanes", &AnalogArrayModel::edge_lanes, "", core::at_least(1),
                  "lanes of digital logic at the edge"),
      core::field("copies", &AnalogArrayModel::copies, "", core::between(1, 1024),
                  "arrays, each with its own cells and periphery, that hold the same weights "
                  "and divide reads among them; every one gets all updates"),
      core::field("copies_share", &AnalogArrayModel::copies_share,
                  "what copies divide: examples, the reads of a batch; or phases, the phases of an "
                  "update, which they take in turn (twin circuits: the first has the free phase, "
                  "and makes up the trained machine); needs copies above 1"),
      core::field("pipelined", &AnalogArrayModel::pipelined,
                  "drivers, cells and converters work on successive vectors of a batch at the same "
                  "time; otherwise one after another"),
  };

  [[nodiscard]] std::string problem() const;
  /// The parts that set the work of an array of this kind.
  [[nodiscard]] cost::ArrayParts parts() const;
  /// The reason why arrays of this kind have no bill, or "".
  [[nodiscard]] std::string unpriced() const;

  /// An `AnalogArray`, or a `CopiedArray` of several.
  [[nodiscard]] std::unique_ptr<Array> make(Index rows, Index cols,
                                            const ArrayContext& context) const;
};

}  // namespace ohmlab::crossbar
