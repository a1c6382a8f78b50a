#pragma once

#include <cstdint>

#include "analog_array_model.hpp"
#include "cell_groups.hpp"
#include "converters.hpp"
#include "drivers.hpp"
#include "mapped_cells.hpp"
#include "pulse_trains.hpp"
#include "seen_cells.hpp"

namespace ohmlab::crossbar {

/// Number of the next operation of an array, which keys its draws, and the time.
struct ArrayClock {
  std::uint64_t operation = 0;
  double now = 0;  ///< s
};

/// Parts of an analog array that writing takes. They outlive the writer.
struct WrittenParts {
  const AnalogArrayModel& model;
  const cost::ArrayParts& costs;
  const cost::ArrayLines& lines;
  MappedCells& cells;
  const SeenCells& seen;  ///< conductances of lines as they were when the change began
  const Drivers& drivers;
  const Converters& converters;
  ArrayClock& clock;
  cost::Edge& edge;
  cost::Tally::Component component;
};

/// The cells of an analog array as its update path writes and reads them.
class AnalogGroups final : public CellGroups {
 public:
  AnalogGroups(const WrittenParts& parts, const ArrayContext& context);

  [[nodiscard]] Index rows() const noexcept override { return parts_.cells.tiling().rows; }
  [[nodiscard]] Index cols() const noexcept override { return parts_.cells.tiling().cols; }
  [[nodiscard]] double granularity() const noexcept override {
    return parts_.model.device.pulse.granularity() * parts_.model.mapping.moved_by_one();
  }
  void pulse(std::size_t group, const Change& change, double factor,
             const core::Vector& signs) override;
  void pulse_row(std::size_t group, Index row, const core::Vector& values) override;
  void step_rows(std::size_t group, Index first, const core::Matrix& steps) override;
  void pulse_all(std::size_t group, bool up) override;
  void set_reference(std::size_t group, const core::Matrix& states) override;
  [[nodiscard]] core::Vector read_row(std::size_t group, Index row) override;
  void add(const Change& change, core::Matrix& into) override;
  void draw(std::span<float> numbers) override;
  void post(const Work& work) override;

  /// Reads all pairs of a group that is pulsed one way, and resets and programs those that are
  /// full.
  void refresh_pairs(std::size_t group, double full);

  /// Pairs refreshed so far.
  [[nodiscard]] double pairs_refreshed() const noexcept { return pairs_refreshed_; }
  /// Share of the asked change of weights that trains could not hold, and the steps asked.
  [[nodiscard]] double steps_cut() const noexcept;
  [[nodiscard]] double steps_asked() const noexcept { return steps_asked_; }
  void state(core::Archive& archive);

 private:
  /// Writes rate x dᵀ to a group; each vector selects at most `selected_rows` rows.
  void write(std::size_t group, const OuterProduct& product, Index selected_rows);
  template <class P>
  void write_by(const P& pulser, std::size_t group, const OuterProduct& product,
                Index selected_rows);
  void apply(std::size_t group, const PulseTrains& trains, const OuterProduct& signs,
             bool aggregate, const cost::ArrayParts& costs, Index selected_rows);

  [[nodiscard]] core::Vector read_cells(Index row, const MappedCells::Row& cells);

  WrittenParts parts_;
  core::Stream train_stream_, path_stream_, row_stream_;
  double steps_asked_ = 0, steps_obtained_ = 0;  ///< steps of updates by trains
  double pairs_refreshed_ = 0;
};

}  // namespace ohmlab::crossbar
