#pragma once

#include <memory>
#include <string_view>
#include <tuple>

#include "ohmlab/core/rng.hpp"
#include "ohmlab/crossbar/array.hpp"
#include "ohmlab/crossbar/packed_matrix.hpp"

namespace ohmlab::crossbar {

/// Exact float32 arithmetic behind the array's door: the oracle of every analog array, and the digital
/// machine that runs the same algorithm. It is billed as what it is: float32 operations and bytes moved.
class IdealArray final : public Array {
 public:
  IdealArray(Index rows, Index cols, const ArrayContext& context);

  [[nodiscard]] Index rows() const noexcept override { return weights_.rows(); }
  [[nodiscard]] Index cols() const noexcept override { return weights_.cols(); }
  void mvm(const ConstRows& x, Rows y) override;
  void mvm_transposed(const ConstRows& x, Rows y) override;
  void compare(const ConstRows& x, const ConstVector& offset, Rows bits) override;
  void compare_transposed(const ConstRows& x, const ConstVector& offset, Rows bits) override;
  void update(const ConstRows& x, const ConstRows& d, double rate) override;
  void increment(const ConstRows& change) override;
  void program(const ConstRows& target) override;
  void wait(double) override {}
  [[nodiscard]] std::vector<Figure> figures() const override { return {}; }
  [[nodiscard]] std::string unpriced() const override { return ""; }
  [[nodiscard]] cost::Edge& edge() noexcept override { return edge_; }
  void state(core::Archive& archive) override {
    archive.item("weights", to_change());
    archive.item("operation", operation_);
  }
  [[nodiscard]] core::MatrixD weights() const override { return weights_.cast<double>(); }
  [[nodiscard]] DecisionLaw decision_law() const override { return {}; }

 private:
  void decide(const ConstVector& offset, Rows values);
  void post_product(Index vectors);
  /// The weights for whoever changes them: what reads have packed of them is forgotten.
  [[nodiscard]] core::Matrix& to_change() {
    packed_.clear();
    packed_transposed_.clear();
    return weights_;
  }

  core::Matrix weights_;                     ///< changed through to_change() only
  PackedMatrix packed_, packed_transposed_;  ///< of the weights; empty until a read needs them
  std::uint64_t operation_ = 0;
  core::Stream comparator_;
  cost::Edge edge_;
  cost::Tally::Component component_;
};

/// Entry of the array catalogue.
struct IdealArrayModel {
  static constexpr std::string_view name = "ideal";
  static constexpr std::string_view summary =
      "Exact float32 products and updates; comparators with logistic noise. Billed as a digital accelerator.";
  static constexpr std::string_view source = "definition";
  static constexpr std::tuple<> fields{};

  [[nodiscard]] std::unique_ptr<Array> make(Index rows, Index cols, const ArrayContext& context) const {
    return std::make_unique<IdealArray>(rows, cols, context);
  }
};

}  // namespace ohmlab::crossbar
