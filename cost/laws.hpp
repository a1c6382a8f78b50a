#pragma once

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string_view>

#include "../core/fields.hpp"

/// Laws of a price over the parameter of its action, e.g. the bits of a converter.
namespace ohmlab::cost {

struct ConstantPrice {
  static constexpr std::string_view name = "constant";
  static constexpr std::string_view summary = "The price does not depend on the parameter.";
  static constexpr core::Fields<> fields{};
  [[nodiscard]] double factor(double) const noexcept { return 1; }
  [[nodiscard]] double form_sigma(double) const noexcept { return 0; }
};

struct ProportionalPrice {
  static constexpr std::string_view name = "proportional";
  static constexpr std::string_view summary =
      "The price is stated at one value of the parameter and is proportional to it.";
  static constexpr std::string_view equation = "price(x) = price * x / at";
  double at = 8;
  static constexpr auto fields = core::Fields{
      core::field("at", &ProportionalPrice::at, "", core::above(0),
                  "parameter at which the price is stated"),
  };
  [[nodiscard]] double factor(double x) const noexcept { return x / at; }
  [[nodiscard]] double form_sigma(double) const noexcept { return 0; }
};

struct AffinePrice {
  static constexpr std::string_view name = "affine";
  static constexpr std::string_view summary =
      "A fixed part plus a part proportional to the parameter.";
  static constexpr std::string_view equation =
      "price(x) = price * (offset + x), price per unit of the parameter";
  double offset = 0;
  static constexpr auto fields = core::Fields{
      core::field("offset", &AffinePrice::offset, "", core::at_least(0),
                  "fixed part, in units of the parameter"),
  };
  [[nodiscard]] double factor(double x) const noexcept { return offset + x; }
  [[nodiscard]] double form_sigma(double) const noexcept { return 0; }
};

struct PowerPrice {
  static constexpr std::string_view name = "power";
  static constexpr std::string_view summary =
      "The price doubles with each unit of the parameter, as for a flash or ramp converter.";
  static constexpr std::string_view equation = "price(x) = price * 2^(x - at)";
  double at = 8;
  static constexpr auto fields = core::Fields{
      core::field("at", &PowerPrice::at, "", core::between(0, 64),
                  "parameter at which the price is stated"),
  };
  [[nodiscard]] double factor(double x) const noexcept { return std::exp2(x - at); }
  [[nodiscard]] double form_sigma(double) const noexcept { return 0; }
};

/// A converter: logic and capacitors grow linearly with the bits, noise-limited parts fourfold per
/// bit. The shape is uncertain away from the stated bits. A design is one draw, so counts do not
/// average it out.
struct ConverterPrice {
  static constexpr std::string_view name = "converter";
  static constexpr std::string_view summary =
      "Price of a converter over its bits: logic grows linearly, noise-limited parts fourfold per "
      "bit.";
  static constexpr std::string_view equation =
      "price(b) = price * ((1-noise) b/at + noise 4^(b-at)) * exp(form |b-at| xi), xi normal, one "
      "draw a design";
  static constexpr std::string_view source =
      "shape between the series of Saberi et al. (TCAS-I 58, 1736 (2011)) as scaled in ISAAC and "
      "the noise limit of Murmann's survey";
  double at = 8;
  double noise = 0.08;
  double form = 0.1;
  static constexpr auto fields = core::Fields{
      core::field("at", &ConverterPrice::at, "", core::above(0),
                  "bits at which the price is stated"),
      core::field("noise", &ConverterPrice::noise, "", core::fraction,
                  "share of noise-limited parts at the stated bits"),
      core::field(
          "form", &ConverterPrice::form, "", core::at_least(0),
          "uncertainty of the shape: standard deviation of ln price per bit from the stated bits"),
  };
  [[nodiscard]] double factor(double bits) const noexcept {
    return (1 - noise) * bits / at + noise * std::pow(4.0, bits - at);
  }
  [[nodiscard]] double form_sigma(double bits) const noexcept { return form * std::abs(bits - at); }
};

/// Survey of published converters. The figure of merit falls with the rate and rises with the bits.
struct SurveyPrice {
  static constexpr std::string_view name = "survey";
  static constexpr std::string_view summary =
      "Price of a converter over its bits, from a regression over published ones at one rate.";
  static constexpr std::string_view equation =
      "price(b) = price * e(b) / e(at), e(b) = 10^((6.0206 b - FoM(b)) / 10) b^-2.8291, FoM = "
      "min(213.7807 - 2.8719 ln rate, 128.3068 + 3.2205 b) dB";
  static constexpr std::string_view source = "Andrulis et al., arXiv 2404.06553";
  double at = 8;
  double rate = 1e8;
  static constexpr auto fields = core::Fields{
      core::field("at", &SurveyPrice::at, "", core::at_least(4.4),
                  "bits at which the price is stated"),
      core::field("rate", &SurveyPrice::rate, "Hz",
                  core::Range{.low = 0, .high = 1e10, .low_open = true}, "conversions per second"),
  };
  /// Below 4.4 bits the regression has no data and would rise with fewer bits. The price of 4.4
  /// bits holds there.
  [[nodiscard]] double factor(double bits) const noexcept {
    return std::exp(log_energy(std::max(bits, 4.4)) - log_energy(at));
  }
  [[nodiscard]] double form_sigma(double) const noexcept { return 0; }

 private:
  [[nodiscard]] double log_energy(double bits) const noexcept {
    const double merit = std::min(213.7807 - 2.8719 * std::log(rate), 128.3068 + 3.2205 * bits);
    return (6.0206 * bits - merit) * std::numbers::ln10 / 10 - 2.8291 * std::log(bits);
  }
};

/// A law gives the multiple of a price at a parameter, and the spread of its logarithm.
template <class T>
concept LawEntry = core::Described<T> && requires(const T& t) {
  { t.factor(8.0) } -> std::same_as<double>;
  { t.form_sigma(8.0) } -> std::same_as<double>;
};

struct Law : core::OneOf<ConstantPrice,  //
                         ProportionalPrice, AffinePrice, PowerPrice, ConverterPrice, SurveyPrice> {
  static constexpr std::string_view name = "law";
  static constexpr std::string_view question =
      "How does a price depend on the parameter of its action?";
  static_assert(each_is([]<class Entry>() { return LawEntry<Entry>; }));

  [[nodiscard]] double factor(double x) const {
    return visit([&](const auto& law) { return law.factor(x); });
  }
  [[nodiscard]] double form_sigma(double x) const {
    return visit([&](const auto& law) { return law.form_sigma(x); });
  }
};

}  // namespace ohmlab::cost
