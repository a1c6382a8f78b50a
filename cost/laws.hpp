#pragma once

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string_view>
#include <tuple>

#include "../core/fields.hpp"

/// How a price depends on the parameter of its action, e.g. on the bits of a converter.
namespace ohmlab::cost {

struct ConstantPrice {
  static constexpr std::string_view name = "constant";
  static constexpr std::string_view summary = "The price does not depend on the parameter.";
  static constexpr std::tuple<> fields{};
  [[nodiscard]] double factor(double) const noexcept { return 1; }
  [[nodiscard]] double form_sigma(double) const noexcept { return 0; }
};

struct ProportionalPrice {
  static constexpr std::string_view name = "proportional";
  static constexpr std::string_view summary =
      "The price is stated for one value of the parameter and grows with it.";
  static constexpr std::string_view equation = "price(x) = price * x / at";
  double at = 8;
  static constexpr auto fields = std::tuple{
      core::field("at", &ProportionalPrice::at, "", core::above(0),
                  "parameter at which the price is stated"),
  };
  [[nodiscard]] double factor(double x) const noexcept { return x / at; }
  [[nodiscard]] double form_sigma(double) const noexcept { return 0; }
};

struct AffinePrice {
  static constexpr std::string_view name = "affine";
  static constexpr std::string_view summary =
      "A fixed part beside one that grows with the parameter.";
  static constexpr std::string_view equation =
      "price(x) = price * (offset + x), price per unit of the parameter";
  double offset = 0;
  static constexpr auto fields = std::tuple{
      core::field("offset", &AffinePrice::offset, "", core::at_least(0),
                  "the fixed part, in units of the parameter"),
  };
  [[nodiscard]] double factor(double x) const noexcept { return offset + x; }
  [[nodiscard]] double form_sigma(double) const noexcept { return 0; }
};

struct PowerPrice {
  static constexpr std::string_view name = "power";
  static constexpr std::string_view summary =
      "A power of two per unit of the parameter, as of a flash or ramp converter.";
  static constexpr std::string_view equation = "price(x) = price * 2^(x - at)";
  double at = 8;
  static constexpr auto fields = std::tuple{
      core::field("at", &PowerPrice::at, "", core::between(0, 64),
                  "parameter at which the price is stated"),
  };
  [[nodiscard]] double factor(double x) const noexcept { return std::exp2(x - at); }
  [[nodiscard]] double form_sigma(double) const noexcept { return 0; }
};

/// A converter: logic and capacitors that grow with every bit, and thermal noise that costs four
/// times as much with every bit. The shape itself is uncertain away from the stated bits: one draw
/// a design, which no count averages out.
struct ConverterPrice {
  static constexpr std::string_view name = "converter";
  static constexpr std::string_view summary =
      "A converter's price over its bits: logic linear in the bits beside noise-limited parts that "
      "grow fourfold a bit.";
  static constexpr std::string_view equation =
      "price(b) = price * ((1-noise) b/at + noise 4^(b-at)) * exp(form |b-at| xi), xi normal, one "
      "draw a design";
  static constexpr std::string_view source =
      "shape between the series of Saberi et al. (TCAS-I 58, 1736 (2011)) as scaled in ISAAC and "
      "the noise limit of Murmann's survey";
  double at = 8;
  double noise = 0.08;
  double form = 0.1;
  static constexpr auto fields = std::tuple{
      core::field("at", &ConverterPrice::at, "", core::above(0),
                  "bits at which the price is stated"),
      core::field("noise", &ConverterPrice::noise, "", core::fraction,
                  "share of noise-limited parts there"),
      core::field("form", &ConverterPrice::form, "", core::at_least(0),
                  "uncertainty of the shape, as standard deviation of ln price per bit away"),
  };
  [[nodiscard]] double factor(double bits) const noexcept {
    return (1 - noise) * bits / at + noise * std::pow(4.0, bits - at);
  }
  [[nodiscard]] double form_sigma(double bits) const noexcept { return form * std::abs(bits - at); }
};

/// The survey of published converters: a figure of merit that falls with the rate and rises with
/// the bits.
struct SurveyPrice {
  static constexpr std::string_view name = "survey";
  static constexpr std::string_view summary =
      "A converter's price over its bits by a regression over published ones, at a rate of "
      "conversions.";
  static constexpr std::string_view equation =
      "price(b) = price * e(b) / e(at), e(b) = 10^((6.0206 b - FoM(b)) / 10) b^-2.8291, FoM = "
      "min(213.7807 - 2.8719 ln rate, 128.3068 + 3.2205 b) dB";
  static constexpr std::string_view source = "Andrulis et al., arXiv 2404.06553";
  double at = 8;
  double rate = 1e8;
  static constexpr auto fields = std::tuple{
      core::field("at", &SurveyPrice::at, "", core::at_least(4.4),
                  "bits at which the price is stated"),
      core::field("rate", &SurveyPrice::rate, "Hz",
                  core::Range{.low = 0, .high = 1e10, .low_open = true}, "conversions a second"),
  };
  /// Below 4.4 bits, where it has no data, the regression would get dearer with fewer bits: 4.4 are
  /// paid.
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

/// A price's multiple over the parameter of its action, and the spread of its logarithm.
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
