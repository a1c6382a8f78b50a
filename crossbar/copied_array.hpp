#pragma once

#include <memory>
#include <vector>

#include "analog_array.hpp"

namespace ohmlab::crossbar {

/// Several arrays with the same weights, which share a batch or the phases of an update.
///
/// Shared examples: a read gives a contiguous slice of the batch to each copy, the longest to the
/// first. All slices are read at once; a copy without a vector waits. Shared phases: all reads of a
/// phase go through one copy, phase p through copy p modulo their number, and the others wait
/// (twin circuits: Dillavou et al., Phys. Rev. Appl. 18, 014040 (2022), whose twins settle at the
/// same time; here one phase follows the other). Updates and targets go to all copies at once.
/// Every copy has its own drivers, converters, pulsers, edge and random draws. The draws of the
/// first copy are those of an array without copies. The lanes of all edges share the digital work
/// of neurons.
///
/// Spreads, pulse coincidences and drift make the copies differ. Weights are the mean of the
/// copies that share examples, on which quality is scored; so is the law of decisions. Where copies
/// share phases, both are those of the copy of the first phase. A chain that always stays with
/// one copy follows the law of that copy. `copies_spread` is the root mean
/// square distance of the copies from their mean.
class CopiedArray final : public Array {
 public:
  /// \pre model.copies is at least 1
  CopiedArray(const AnalogArrayModel& model, Index rows, Index cols, const ArrayContext& context);

  [[nodiscard]] Index rows() const noexcept override { return first().rows(); }
  [[nodiscard]] Index cols() const noexcept override { return first().cols(); }
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
  bool begin_phase(std::size_t phase) override;
  void state(core::Archive& archive) override;
  [[nodiscard]] core::MatrixD weights() const override;
  [[nodiscard]] core::MatrixD effective_weights(Direction direction) const override;
  [[nodiscard]] double rest_conductance() const override { return first().rest_conductance(); }
  [[nodiscard]] ResistorGrid* resistors() override;
  [[nodiscard]] DecisionLaw decision_law(Direction direction) const override;
  [[nodiscard]] std::vector<Figure> figures() const override;
  [[nodiscard]] std::string unpriced() const override { return first().unpriced(); }

  [[nodiscard]] const std::vector<std::unique_ptr<AnalogArray>>& copies() const noexcept {
    return copies_;
  }

 private:
  [[nodiscard]] const AnalogArray& first() const noexcept { return *copies_.front(); }
  template <class Work>
  void in_parallel(const Work& work);
  template <class Of>
  [[nodiscard]] core::MatrixD mean(const Of& of) const;
  template <class Read>
  void divide(Index vectors, const Read& read);

  std::vector<std::unique_ptr<AnalogArray>> copies_;
  CopiesShare share_;
  std::size_t turn_ = 0;  ///< copy of the present phase, if copies share phases
  cost::Edge edge_;
};

}  // namespace ohmlab::crossbar
