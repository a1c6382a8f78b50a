#pragma once

#include <concepts>
#include <string_view>

#include "../../core/fields.hpp"
#include "activation/relu.hpp"
#include "activation/sigmoid.hpp"
#include "activation/tanh.hpp"

namespace ohmlab::backprop {

/// Function of a hidden neuron, with its slope as a function of its own value, and the work of
/// both. The work of the slope includes its product with the error.
template <class T>
concept ActivationEntry = core::Described<T> && requires {
  { T::value(0.0F) } -> std::same_as<float>;
  { T::value(0.0) } -> std::same_as<double>;
  { T::slope(0.0F) } -> std::same_as<float>;
  { T::value_work } -> std::convertible_to<EdgeWork>;
  { T::slope_work } -> std::convertible_to<EdgeWork>;
};

struct Activation : core::OneOf<Sigmoid, Tanh, Relu> {
  static constexpr std::string_view name = "activation";
  static constexpr std::string_view question = "Which function do hidden neurons compute?";
  static_assert(each_is([]<class Entry>() { return ActivationEntry<Entry>; }));
};

}  // namespace ohmlab::backprop
