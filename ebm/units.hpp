#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

#include "../core/fields.hpp"
#include "unit/binary.hpp"
#include "unit/gaussian.hpp"
#include "unit/softmax.hpp"

namespace ohmlab::ebm {

/// Contract of a kind of units: the law of their states given their fields, of exponential form
/// exp(x·v) h(v), with x the bias plus the inputs.
///
/// `problem_with`: reason why they cannot be held at examples, or "". `scale`: the value of an
/// example that a state of 1 stands for. `reach`: the largest state that drivers pass.
/// `start_bias`: the bias at which a unit without inputs has this mean. `draw`: fields x (rows ×
/// units) become means, and states, without gaps between rows, are drawn; row 0 is row `first` of
/// the operation. `post`: the work of that at the edge. `means`: the same means alone. `energy`: of
/// states without inputs. `base_energy`: the part of it that is no function of the states.
/// `log_sum`: ln of the sum, or integral, over the states of exp(x·v) h(v).
///
/// Flags: states are bits; exactly one of several is on; the law at another inverse temperature is
/// that of fields times this temperature.
template <class T>
concept UnitsEntry =
    core::Described<T> &&
    requires(const T& t, const core::Matrix& examples, const core::Stream& stream, core::Rows rows,
             core::MatrixD& matrix, core::Vector& row, const core::VectorD& vector,
             cost::Edge& edge, cost::Tally::Component component) {
      { t.problem_with(examples, true) } -> std::same_as<std::string>;
      { t.scale() } -> std::same_as<double>;
      { t.reach() } -> std::same_as<double>;
      { t.start_bias(0.5) } -> std::same_as<double>;
      t.draw(stream, std::uint64_t{0}, core::Index{0}, rows, rows);
      t.post(edge, component, 1.0, 1.0);
      t.means(matrix);
      t.means(row);
      { t.energy(vector, vector) } -> std::same_as<double>;
      { t.base_energy(vector) } -> std::same_as<double>;
      { t.log_sum(vector) } -> std::same_as<double>;
      { T::draws_bits } -> std::convertible_to<bool>;
      { T::one_of } -> std::convertible_to<bool>;
      { T::tempers } -> std::convertible_to<bool>;
    };

struct Units : core::OneOf<BinaryUnits,  //
                           GaussianUnits, SoftmaxUnits> {
  static constexpr std::string_view name = "units";
  static constexpr std::string_view question = "Which values do units take, and by which law?";
  static_assert(each_is([]<class Entry>() { return UnitsEntry<Entry>; }));

  [[nodiscard]] bool draws_bits() const {
    return visit([](const auto& law) { return std::remove_cvref_t<decltype(law)>::draws_bits; });
  }
  [[nodiscard]] bool one_of() const {
    return visit([](const auto& law) { return std::remove_cvref_t<decltype(law)>::one_of; });
  }
  [[nodiscard]] bool tempers() const {
    return visit([](const auto& law) { return std::remove_cvref_t<decltype(law)>::tempers; });
  }
  [[nodiscard]] double scale() const {
    return visit([](const auto& law) { return law.scale(); });
  }
  [[nodiscard]] double start_bias(double mean) const {
    return visit([&](const auto& law) { return law.start_bias(mean); });
  }
  /// Means of units with these fields, rows × units.
  [[nodiscard]] core::MatrixD means(core::MatrixD x) const {
    visit([&](const auto& law) { law.means(x); });
    return x;
  }
  /// Means of units without inputs.
  [[nodiscard]] core::Vector means_at(core::Vector bias) const {
    visit([&](const auto& law) { law.means(bias); });
    return bias;
  }
  [[nodiscard]] double energy(const core::VectorD& states, const core::VectorD& bias) const {
    return visit([&](const auto& law) { return law.energy(states, bias); });
  }
  /// ln of the sum over all states of exp(−energy), at fields x, the bias plus inputs.
  [[nodiscard]] double log_sum(const core::VectorD& x, const core::VectorD& bias) const {
    return visit([&](const auto& law) { return law.log_sum(x) - law.base_energy(bias); });
  }
};

}  // namespace ohmlab::ebm
