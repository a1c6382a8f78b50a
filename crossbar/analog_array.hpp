#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "analog_array_model.hpp"
#include "analog_groups.hpp"
#include "drive.hpp"
#include "mapped_cells.hpp"
#include "range_control.hpp"
#include "readout.hpp"
#include "resistor_grid.hpp"
#include "seen_cells.hpp"

namespace ohmlab::crossbar {

/// An array of simulated cells. Reads of both directions and of every learning phase go through the
/// same drivers, wires, cells, noise and converters:
///
/// - read: drive (dac) → seen cells (mapping, drift, faults, wires) → readout (noise, adc) → cost;
/// - decide: read without converters → comparator → cost;
/// - update: path → trains (pulser) → mapped cells (pulses) → cost.
///
/// Each part can be read alone. This class holds the parts, the clock and the numbers of
/// operations.
///
/// Read noise of independent cells is drawn afresh in every read. It is one normal per output with
/// the sum of their variances, exactly equal in law to noise in every cell. The variance σ² of a
/// cell is that of a read at full scale for the whole time. The catalogue `dac` gives the share of
/// it that an input takes.
class AnalogArray final : public Array, private ResistorGrid {
 public:
  /// One of the model's copies. The first declares the parts of all copies.
  AnalogArray(const AnalogArrayModel& model, Index rows, Index cols, const ArrayContext& context);

  [[nodiscard]] Index rows() const noexcept override { return cells_.tiling().rows; }
  [[nodiscard]] Index cols() const noexcept override { return cells_.tiling().cols; }
  using Array::read;
  using Array::update;
  void read(Direction direction, const ConstRows& x, Rows y, const Outputs& outputs) override;
  void sense(Direction direction, const ConstRows& x, Rows y) override;
  void decide(Direction direction, const ConstRows& x, const ConstRows& offset, Rows bits) override;
  void update(std::span<const OuterProduct> products) override;
  void increment(const ConstRows& change) override;
  void program(const ConstRows& target) override;
  void wait(double seconds) override;
  [[nodiscard]] cost::Edge& edge() noexcept override { return edge_; }
  void state(core::Archive& archive) override;
  [[nodiscard]] core::MatrixD weights() const override;
  [[nodiscard]] core::MatrixD effective_weights(Direction direction) const override;
  [[nodiscard]] double rest_conductance() const override;
  [[nodiscard]] ResistorGrid* resistors() override;
  [[nodiscard]] std::vector<core::MatrixD> conductances() const override;
  [[nodiscard]] DecisionLaw decision_law(Direction direction) const override;
  [[nodiscard]] std::vector<Figure> figures() const override;
  [[nodiscard]] std::string unpriced() const override { return model_.unpriced(); }

  /// Lets the time pass in which another array reads so many vectors.
  void stand_by(Index vectors);

 private:
  /// Conductance of a weight of 1; 0 if the device cites none.
  [[nodiscard]] double siemens() const;
  [[nodiscard]] ResistorGrid::Cells cells() override;
  void levels(const ConstRows& x, Rows volts) const override;
  void rest(const ResistorGrid::Rest& rest) override;
  void measure(const ConstRows& volts, Rows x) override;

  void refresh();
  void read_lines(Direction direction, const ConstRows& x, Rows y, const Outputs& outputs,
                  bool convert, std::vector<bool>* clipped = nullptr);
  struct OutputTile {
    Outputs outputs;
    Index end;  ///< number of the end of the first driven line
  };
  [[nodiscard]] std::vector<OutputTile> output_tiles(Direction direction,
                                                     const Outputs& outputs) const;
  void read_by_maximum(const MaximumRange& range, Direction direction, const ConstRows& x, Rows y,
                       const Outputs& outputs);
  [[noreturn]] void refuse_restless() const;
  void mark_changed() {
    stale_ = true;
    seen_.forget_way();
  }
  /// True if `seen_` is of the present cells.
  [[nodiscard]] bool is_seen() const {
    return !stale_ && (!model_.device.read_noise.has_trace() || clock_.now == seen_at_);
  }
  [[nodiscard]] double heat_of(Direction direction, const DrivenLines& driven) const;
  void change(const Change& change);
  void refresh_pairs();
  void calibrate(bool hidden_groups_alone);
  void program_group(std::size_t group, const core::Matrix& values);
  /// Where the work on the cells is posted.
  [[nodiscard]] cost::ArrayAccount account() noexcept {
    return {edge_.tally(), component_, parts_};
  }

  AnalogArrayModel model_;
  cost::ArrayParts parts_;
  MappedCells cells_;
  cost::ArrayLines lines_;
  SeenCells seen_;
  Drivers drivers_;
  Converters converters_;
  RangeControl range_;
  bool stale_ = true;              ///< true if the seen cells must be computed again
  double seen_at_ = 0, held_ = 0;  ///< s; time of the seen cells, longest read that held a trace
  core::Stream read_stream_, comparator_stream_;
  ArrayClock clock_;

  double converted_ = 0, clipped_ = 0, out_of_reach_ = 0, programmings_ = 0, highest_float_ = 0;
  double inputs_ = 0, inputs_clipped_ = 0;
  cost::Edge edge_;
  cost::Tally::Component component_;
  AnalogGroups groups_;
  std::unique_ptr<UpdatePath> path_;
  std::uint64_t changes_ = 0;  ///< changes of weights so far
};

}  // namespace ohmlab::crossbar
