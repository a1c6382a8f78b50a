#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "ohmlab/core/fields.hpp"
#include "ohmlab/cost/mesh.hpp"
#include "ohmlab/crossbar/array.hpp"
#include "ohmlab/crossbar/cells.hpp"
#include "ohmlab/crossbar/converters.hpp"
#include "ohmlab/crossbar/dacs.hpp"
#include "ohmlab/crossbar/mappings.hpp"
#include "ohmlab/crossbar/packed_matrix.hpp"
#include "ohmlab/crossbar/pulsers.hpp"
#include "ohmlab/crossbar/sensings.hpp"
#include "ohmlab/crossbar/wires.hpp"
#include "ohmlab/devices/device.hpp"

namespace ohmlab::crossbar {

/// Entry of the array catalogue: resistive cells behind drivers, converters and a pulser.
struct AnalogArrayModel {
  static constexpr std::string_view name = "analog";
  static constexpr std::string_view summary =
      "Resistive cells behind drivers, converters and a pulser, tile by tile.";
  static constexpr std::string_view equation =
      "y = weight_scale Σ_slice share ADC(Σ_i seen_ij l_i + sqrt(output_noise² + Σ_i sigma_ij² q_i) xi), l_i "
      "the "
      "level of x_i in the slice (catalogue dac), q_i its conduction; l_i² where noise stands still";
  static constexpr std::string_view source = "Gokmen & Vlasov, Front. Neurosci. 10, 333 (2016)";

  double weight_scale = 1;
  devices::Device device;
  Mapping mapping;
  Dac dac;
  Sensing sensing;
  Adc adc;
  Comparator comparator;
  Pulser pulser;
  Wires wires;
  double output_noise = 0.06;
  double verify_pulses = 8.5;
  std::int64_t tile_rows = 0, tile_cols = 0;
  cost::Mesh mesh;
  std::int64_t edge_lanes = 64;
  std::int64_t copies = 1;
  bool pipelined = false;
  static constexpr auto fields = std::tuple{
      core::field("weight_scale", &AnalogArrayModel::weight_scale, "", core::above(0),
                  "weight that w = 1 stands for, in logits"),
      core::field("device", &AnalogArrayModel::device, "what one cell does"),
      core::field("mapping", &AnalogArrayModel::mapping, "how a weight is made of cells"),
      core::field("dac", &AnalogArrayModel::dac, "drivers of the inputs"),
      core::field("sensing", &AnalogArrayModel::sensing, "what is measured of a line"),
      core::field("adc", &AnalogArrayModel::adc, "converters of the outputs"),
      core::field("comparator", &AnalogArrayModel::comparator,
                  "what neurons of kind \"comparator\" decide with"),
      core::field("pulser", &AnalogArrayModel::pulser, "how updates become pulses"),
      core::field("wires", &AnalogArrayModel::wires, "the lines"),
      core::field("output_noise", &AnalogArrayModel::output_noise, "", core::at_least(0),
                  "standard deviation of a line's periphery, in outputs of one cell at w = 1 and x = 1"),
      core::field("verify_pulses", &AnalogArrayModel::verify_pulses, "", core::at_least(1),
                  "pulses, each with a read, that write-and-verify takes for a cell (8.5: Wan et al., Nature "
                  "608, 504 (2022))"),
      core::field("tile_rows", &AnalogArrayModel::tile_rows, "", core::at_least(0),
                  "most rows of one tile; 0: all in one"),
      core::field("tile_cols", &AnalogArrayModel::tile_cols, "", core::at_least(0),
                  "most columns of one tile; 0: all in one"),
      core::field("mesh", &AnalogArrayModel::mesh, "how tiles pass numbers to one another"),
      core::field("edge_lanes", &AnalogArrayModel::edge_lanes, "", core::at_least(1),
                  "lanes of digital logic at the edge"),
      core::field(
          "copies", &AnalogArrayModel::copies, "", core::between(1, 1024),
          "arrays, each with cells and periphery of its own, that hold the same weights and divide the "
          "reads of a batch among them; every one gets all updates"),
      core::field("pipelined", &AnalogArrayModel::pipelined,
                  "drivers, cells and converters work on successive vectors of a batch at the same time; "
                  "otherwise one after another"),
  };

  [[nodiscard]] std::string problem() const;
  /// How many lines take turns at one converter.
  [[nodiscard]] double turns() const;
  /// Whether readings wait in capacitors: for their turn at a converter, for the other slices of their input,
  /// or because lines that float are sampled.
  [[nodiscard]] bool holds_readings() const;

  /// An `AnalogArray`, or a `CopiedArray` of several.
  [[nodiscard]] std::unique_ptr<Array> make(Index rows, Index cols, const ArrayContext& context) const;
};

/// An array of simulated cells. Reads of both directions and of every learning phase go through the same
/// drivers, cells, noise and converters.
///
/// Read noise of independent cells, drawn afresh in every read, is one normal per output with the sum of
/// their variances: exactly equal in law to noise in every cell. A cell's variance σ² is that of a read at
/// full scale for the whole time; what an input takes of it is the catalogue `dac`'s.
class AnalogArray final : public Array {
 public:
  /// One copy of the model's; the first declares what all of them are made of.
  AnalogArray(const AnalogArrayModel& model, Index rows, Index cols, const ArrayContext& context);

  [[nodiscard]] Index rows() const noexcept override { return rows_; }
  [[nodiscard]] Index cols() const noexcept override { return cols_; }
  void read(Direction direction, const ConstRows& x, Rows y) override;
  void sense(Direction direction, const ConstRows& x, Rows y) override;
  void decide(Direction direction, const ConstRows& x, const ConstRows& offset, Rows bits) override;
  void update(const ConstRows& x, const ConstRows& d, double rate) override;
  void increment(const ConstRows& change) override;
  void program(const ConstRows& target) override;
  void wait(double seconds) override;
  [[nodiscard]] cost::Edge& edge() noexcept override { return edge_; }
  void state(core::Archive& archive) override;
  [[nodiscard]] core::MatrixD weights() const override;
  [[nodiscard]] DecisionLaw decision_law() const override;
  [[nodiscard]] std::vector<Figure> figures() const override;
  [[nodiscard]] std::string unpriced() const override;

  /// Lets the time of reading so many vectors pass, in which another array reads them.
  void stand_by(Index vectors);

 private:
  struct Driven;
  /// What the lines of all reads of one batch did, in squares of the read voltage.
  struct Lines {
    core::VectorD conduction;  ///< ∫ v² dt over each input line, in times of a read
    double swings = 0;         ///< Σ of the squared steps of input lines
    double kept = 0;           ///< S, Σ G u² over output lines: of cells that would see v, but see v - u
    double floated = 0;        ///< Σ u² over output lines
  };

  void declare(double copies);
  [[nodiscard]] double converter_bits() const;
  void refresh();
  void read_lines(Direction direction, const ConstRows& x, Rows y, bool convert);
  void read_slice(Direction direction, const Driven& driven, std::int64_t slice, Rows& y, bool convert,
                  Lines& lines);
  void pack(Direction direction);
  [[nodiscard]] Driven drive(const ConstRows& x, std::int64_t slice) const;
  void compare(const ConstRows& offset, Rows values);
  void post_stage(cost::Action action, double reads, const cost::Posting& posting);
  void post_read(Direction direction, Index count, const Lines& lines, bool convert);
  void write(const ConstRows& x, const ConstRows& d, double rate, Index selected_rows);
  void post_update(const PulseTrains& trains, double coincidences, double w_sum, Index selected_rows);
  void post_carried(const cost::Mesh::Carried& carried, double vectors);
  /// How many tiles a side takes.
  [[nodiscard]] static Index tiles(Index size, Index tile) noexcept { return (size + tile - 1) / tile; }
  [[nodiscard]] double conductance_sum(double w_sum, double cells) const;
  [[nodiscard]] double cells_of(Index weights) const;
  [[nodiscard]] core::Matrix state_sums() const;
  [[nodiscard]] core::MatrixD tile_conductances(Direction direction, const core::Matrix& state_sums) const;
  [[nodiscard]] core::MatrixD float_gains(Direction direction, const core::MatrixD& conductances) const;
  [[nodiscard]] core::MatrixD counts(Direction direction) const;

  AnalogArrayModel model_;
  Index rows_, cols_, tile_rows_, tile_cols_;
  std::vector<CellPlane> planes_;
  core::Stream read_stream_, comparator_stream_, train_stream_;
  std::uint64_t operation_ = 0;
  double now_ = 0;  ///< s

  bool stale_ = true;  ///< what follows must be computed again from the cells
  core::Matrix seen_;  ///< combination of the planes' states as reads see them, rows × cols
  core::Matrix
      variance_;  ///< of one read, in units of w²; empty without read noise, one number if all are equal
  PackedMatrix packed_seen_[2], packed_variance_[2];  ///< by direction; empty until a read needs them
  core::VectorD row_conductance_,
      col_conductance_;                ///< S, sums over the cells of a line, reference cells included
  core::MatrixD line_conductance_[2];  ///< S, the same by direction, tile by output; only of lines that float
  core::Matrix line_gain_[2];          ///< what a floating line shows of its current, at rest 1

  double converted_ = 0, clipped_ = 0, out_of_reach_ = 0, programmings_ = 0, highest_float_ = 0;
  double inputs_ = 0, inputs_clipped_ = 0;
  double steps_asked_ = 0, steps_obtained_ = 0;  ///< by stochastic trains
  cost::Edge edge_;
  cost::Tally::Component component_;
};

}  // namespace ohmlab::crossbar
