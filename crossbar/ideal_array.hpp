#pragma once

#include <memory>
#include <string_view>

#include "../core/fields.hpp"
#include "../core/rng.hpp"
#include "array.hpp"
#include "number_formats.hpp"
#include "packed_matrix.hpp"

namespace ohmlab::crossbar {

/// Exact float32 arithmetic behind the interface of an array. It is the oracle of every analog
/// array, and the digital machine that runs the same algorithm. It is billed for float32 operations
/// and bytes moved.
///
/// In another format, the factors of forward, backward and update products are rounded, and
/// products are summed in float32. The weights stay float32, with a rounded copy beside them
/// (Micikevicius et al., arXiv 1710.03740).
class IdealArray final : public Array {
 public:
  /// \param machine  accelerator, or chip: macros that hold the weights where they are multiplied
  IdealArray(Index rows, Index cols, const ArrayContext& context, const NumberFormat& format = {},
             cost::Machine machine = cost::Machine::accelerator);

  [[nodiscard]] Index rows() const noexcept override { return weights_.rows(); }
  [[nodiscard]] Index cols() const noexcept override { return weights_.cols(); }
  using Array::read;
  using Array::update;
  void read(Direction direction, const ConstRows& x, Rows y, const Outputs& outputs) override;
  void sense(Direction direction, const ConstRows& x, Rows y) override;
  void decide(Direction direction, const ConstRows& x, const ConstRows& offset, Rows bits) override;
  void update(std::span<const OuterProduct> products) override;
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
  [[nodiscard]] DecisionLaw decision_law(Direction) const override {
    return {ComparatorNoise::logistic, 1, weights(), {}};
  }

 private:
  void add(const OuterProduct& product);
  void compare(const ConstRows& offset, Rows values);
  void multiply(Direction direction, const ConstRows& x, Rows y);
  struct Rounded;

  [[nodiscard]] Rounded rounded(const ConstRows& x) const;
  void keep_bounds();
  void post_product(double multiplications, double bits);
  [[nodiscard]] double moved_bits(const ConstRows& x) const;
  void post_scaling(double numbers);
  void post_copy();
  /// The weights for a change, which discards their packed copies.
  [[nodiscard]] core::Matrix& to_change() {
    packed_.clear();
    packed_transposed_.clear();
    return weights_;
  }

  core::Matrix weights_;  ///< changed through to_change() only
  core::Matrix edges_;    ///< 1 where there is a weight; empty: everywhere
  bool conducts_;         ///< true if no weight is negative
  /// The weights as products use them; empty until needed.
  PackedMatrix packed_, packed_transposed_;
  double packed_scale_ = 1;  ///< scale of the packed weights
  NumberFormat format_;
  std::uint64_t operation_ = 0;
  core::Stream comparator_;
  cost::Edge edge_;
  cost::Tally::Component component_;
};

/// Entry of the array catalogue.
struct IdealArrayModel {
  static constexpr std::string_view name = "ideal";
  static constexpr std::string_view summary =
      "Exact products and updates of numbers in a digital format; comparators with logistic noise. "
      "Billed as a digital machine.";
  static constexpr std::string_view source = "definition";
  NumberFormat format;
  cost::Machine machine = cost::Machine::accelerator;
  static constexpr auto fields = core::Fields{
      core::field("format", &IdealArrayModel::format, "number format of the factors of products"),
      core::field(
          "machine", &IdealArrayModel::machine,
          "accelerator with a memory, or chip that holds the weights beside its multipliers"),
  };
  [[nodiscard]] std::string problem() const {
    return machine == cost::Machine::array ? "machine: expected \"accelerator\" or \"chip\"" : "";
  }

  [[nodiscard]] std::unique_ptr<Array> make(Index rows, Index cols,
                                            const ArrayContext& context) const {
    return std::make_unique<IdealArray>(rows, cols, context, format, machine);
  }
};

}  // namespace ohmlab::crossbar
