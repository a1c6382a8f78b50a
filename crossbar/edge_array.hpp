#pragma once

#include <memory>

#include "../core/rng.hpp"
#include "array.hpp"
#include "crossings.hpp"
#include "digital_work.hpp"

namespace ohmlab::crossbar {

/// Exact arithmetic like `IdealArray`, with weights at few crossings: memory, time and the bill go
/// with their number.
///
/// An output is a float32 sum over its crossings in the order of the inputs. Products with 0 add
/// nothing, so that reads, decisions and updates have the bits of an `IdealArray` with `edges`.
///
/// A digital machine finds the neighbours of a lattice by arithmetic and reads each number once.
/// Places of listed crossings are read from memory, and each product gathers its own number.
class EdgeArray final : public Array {
 public:
  /// \param machine  accelerator, or chip: macros that hold the weights where they are multiplied
  EdgeArray(std::shared_ptr<const Crossings> crossings, const ArrayContext& context,
            const NumberFormat& format = {}, cost::Machine machine = cost::Machine::accelerator);

  [[nodiscard]] Index rows() const noexcept override { return crossings_->rows; }
  [[nodiscard]] Index cols() const noexcept override { return crossings_->cols; }
  [[nodiscard]] const Crossings& crossings() const noexcept { return *crossings_; }
  using Array::read;
  using Array::update;
  void read(Direction direction, const ConstRows& x, Rows y, const Outputs& outputs) override;
  void sense(Direction direction, const ConstRows& x, Rows y) override;
  void decide(Direction direction, const ConstRows& x, const ConstRows& offset, Rows bits) override;
  void update(std::span<const OuterProduct> products) override;
  /// \name Numbers in the order of the crossings; those of whole matrices count at crossings alone.
  /// @{
  void increment_edges(const core::Vector& change);
  void program_edges(const core::Vector& target);
  [[nodiscard]] const core::Vector& edge_weights() const noexcept { return weights_; }
  void increment(const ConstRows& change) override { increment_edges(at_crossings(change)); }
  void program(const ConstRows& target) override { program_edges(at_crossings(target)); }
  [[nodiscard]] core::MatrixD weights() const override;
  /// @}
  void wait(double) override {}
  [[nodiscard]] std::vector<Figure> figures() const override { return {}; }
  [[nodiscard]] std::string unpriced() const override { return ""; }
  [[nodiscard]] cost::Edge& edge() noexcept override { return edge_; }
  void state(core::Archive& archive) override {
    archive.item("weights", to_change());
    archive.item("operation", operation_);
  }
  [[nodiscard]] DecisionLaw decision_law(Direction) const override {
    return {ComparatorNoise::logistic, 1, weights(), {}};
  }

 private:
  /// The weights as products use them, in the order of a `Gather`.
  struct Packed {
    core::Vector values;
    double scale = 1;
  };

  void add(const OuterProduct& product);
  void multiply(Direction direction, const ConstRows& x, Rows y);
  void post_gathering(Direction direction, const ConstRows& x, double bits, double edges);
  [[nodiscard]] const Packed& packed(Direction direction);
  [[nodiscard]] core::Vector at_crossings(const ConstRows& whole) const;
  [[nodiscard]] const Gather& gather(Direction direction) const noexcept {
    return direction == Direction::to_cols ? crossings_->to_cols : crossings_->to_rows;
  }
  [[nodiscard]] DigitalWork work() { return {format_, edge_, component_}; }
  /// The weights for a change, which discards their packed copies.
  [[nodiscard]] core::Vector& to_change() {
    packed_[0].values.resize(0);
    packed_[1].values.resize(0);
    return weights_;
  }

  std::shared_ptr<const Crossings> crossings_;
  core::Vector weights_;  ///< by crossing; changed through to_change() only
  Packed packed_[2];      ///< to columns, to rows; empty until needed
  NumberFormat format_;
  std::uint64_t operation_ = 0;
  core::Stream comparator_;
  cost::Edge edge_;
  cost::Tally::Component component_;
};

}  // namespace ohmlab::crossbar
