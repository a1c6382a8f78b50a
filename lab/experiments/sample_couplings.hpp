#pragma once

#include <concepts>
#include <cstdint>
#include <span>
#include <string_view>

#include "../../core/fields.hpp"
#include "../../core/rng.hpp"

/// Laws of the couplings J of an Ising model, in units of the temperature at inv_temp = 1.
namespace ohmlab::experiments {

struct UniformCouplings {
  static constexpr std::string_view name = "uniform";
  static constexpr std::string_view summary = "All couplings are equal; negative: antiferromagnet.";
  static constexpr std::string_view equation = "J_ij = J";
  static constexpr std::string_view source = "Ising, Z. Phys. 31, 253 (1925)";
  double coupling = 1;
  static constexpr auto fields = core::Fields{
      core::field("coupling", &UniformCouplings::coupling, "", core::between(-10, 10),
                  "J of every edge"),
  };
  void draw(const core::Stream&, std::span<float> out) const {
    for (float& j : out) j = static_cast<float>(coupling);
  }
};

struct PlusMinusCouplings {
  static constexpr std::string_view name = "plus_minus";
  static constexpr std::string_view summary =
      "Couplings of equal size, each positive or negative with equal odds (spin glass).";
  static constexpr std::string_view equation = "J_ij = ±J, each with probability 1/2";
  static constexpr std::string_view source = "Toulouse, Commun. Phys. 2, 115 (1977)";
  double coupling = 1;
  static constexpr auto fields = core::Fields{
      core::field("coupling", &PlusMinusCouplings::coupling, "", core::between(0, 10),
                  "size J of every edge"),
  };
  void draw(const core::Stream& stream, std::span<float> out) const {
    core::fill_uniform(stream, 0, 0, out);
    for (float& j : out) j = static_cast<float>(j < 0.5F ? -coupling : coupling);
  }
};

struct NormalCouplings {
  static constexpr std::string_view name = "normal";
  static constexpr std::string_view summary =
      "Normally distributed couplings (Edwards-Anderson spin glass).";
  static constexpr std::string_view equation = "J_ij = mean + std ξ, ξ standard normal";
  static constexpr std::string_view source = "Edwards & Anderson, J. Phys. F 5, 965 (1975)";
  double mean = 0, std = 1;
  static constexpr auto fields = core::Fields{
      core::field("mean", &NormalCouplings::mean, "", core::between(-10, 10), "mean of J"),
      core::field("std", &NormalCouplings::std, "", core::between(0, 10),
                  "standard deviation of J"),
  };
  void draw(const core::Stream& stream, std::span<float> out) const {
    core::fill_normal(stream, 0, 0, out);
    for (float& j : out) j = static_cast<float>(mean + std * static_cast<double>(j));
  }
};

/// Contract of an entry: the couplings of all edges, as a function of a stream.
template <class T>
concept CouplingsEntry =
    core::Described<T> && requires(const T& t, const core::Stream& stream, std::span<float> out) {
      { t.draw(stream, out) } -> std::same_as<void>;
    };

struct Couplings : core::OneOf<UniformCouplings,  //
                               PlusMinusCouplings, NormalCouplings> {
  static constexpr std::string_view name = "couplings";
  static constexpr std::string_view question = "Which couplings does the Ising model have?";
  static_assert(each_is([]<class Entry>() { return CouplingsEntry<Entry>; }));
};

}  // namespace ohmlab::experiments
