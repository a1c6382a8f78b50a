#pragma once

#include <vector>

#include "ohmlab/crossbar/ideal_array.hpp"

namespace ohmlab::tests {

/// An ideal array that keeps what was sent through it, forwards and backwards, and how it was
/// updated.
class Recorder final : public crossbar::Array {
 public:
  Recorder(core::Index rows, core::Index cols, const crossbar::ArrayContext& context)
      : array_(rows, cols, context) {}

  std::vector<core::Matrix> forward, backward;
  std::vector<double> rates;

  [[nodiscard]] core::Index rows() const noexcept override { return array_.rows(); }
  [[nodiscard]] core::Index cols() const noexcept override { return array_.cols(); }
  using Array::read;
  void read(crossbar::Direction direction, const core::ConstRows& x, core::Rows y,
            const crossbar::Outputs& outputs) override {
    (direction == crossbar::Direction::to_cols ? forward : backward).emplace_back(x);
    array_.read(direction, x, y, outputs);
  }
  void sense(crossbar::Direction direction, const core::ConstRows& x, core::Rows y) override {
    array_.sense(direction, x, y);
  }
  void decide(crossbar::Direction direction, const core::ConstRows& x,
              const core::ConstRows& offset, core::Rows bits) override {
    array_.decide(direction, x, offset, bits);
  }
  using Array::update;
  void update(std::span<const crossbar::OuterProduct> products) override {
    for (const crossbar::OuterProduct& product : products) rates.push_back(product.rate);
    array_.update(products);
  }
  void increment(const core::ConstRows& change) override { array_.increment(change); }
  void program(const core::ConstRows& target) override { array_.program(target); }
  void wait(double seconds) override { array_.wait(seconds); }
  [[nodiscard]] std::vector<crossbar::Figure> figures() const override { return array_.figures(); }
  [[nodiscard]] std::string unpriced() const override { return array_.unpriced(); }
  [[nodiscard]] cost::Edge& edge() noexcept override { return array_.edge(); }
  void state(core::Archive& archive) override { array_.state(archive); }
  [[nodiscard]] core::MatrixD weights() const override { return array_.weights(); }
  [[nodiscard]] crossbar::DecisionLaw decision_law(crossbar::Direction direction) const override {
    return array_.decision_law(direction);
  }

 private:
  crossbar::IdealArray array_;
};

}  // namespace ohmlab::tests
