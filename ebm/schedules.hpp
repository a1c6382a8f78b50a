#pragma once

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <string_view>

#include "../core/fields.hpp"

/// Learning-rate schedules: a factor on the rate as a function of the epoch, 1 in epoch 0.
namespace ohmlab::ebm {

struct ConstantRate {
  static constexpr std::string_view name = "constant";
  static constexpr std::string_view summary = "The rate stays as it is.";
  static constexpr core::Fields<> fields{};
  [[nodiscard]] double factor(double, double) const noexcept { return 1; }
};

struct ExponentialDecay {
  static constexpr std::string_view name = "decay";
  static constexpr std::string_view summary =
      "The rate is multiplied by a factor after every epoch.";
  static constexpr std::string_view equation = "rate(e) = rate · factor^e";
  double per_epoch = 0.98;
  static constexpr auto fields = core::Fields{
      core::field("per_epoch", &ExponentialDecay::per_epoch, "", core::between(0, 1),
                  "factor after every epoch"),
  };
  [[nodiscard]] double factor(double epoch, double) const noexcept {
    return std::pow(per_epoch, epoch);
  }
};

struct StepDecay {
  static constexpr std::string_view name = "step";
  static constexpr std::string_view summary =
      "The rate is multiplied by a factor every so many epochs.";
  static constexpr std::string_view equation = "rate(e) = rate · factor^floor(e / every)";
  double by = 0.1;
  std::int64_t every = 10;
  static constexpr auto fields = core::Fields{
      core::field("by", &StepDecay::by, "", core::between(0, 1), "factor at each step"),
      core::field("every", &StepDecay::every, "", core::at_least(1), "epochs between steps"),
  };
  [[nodiscard]] double factor(double epoch, double) const noexcept {
    return std::pow(by, std::floor(epoch / static_cast<double>(every)));
  }
};

struct LinearDecay {
  static constexpr std::string_view name = "linear";
  static constexpr std::string_view summary =
      "The rate falls in a straight line to a share of itself at the end.";
  static constexpr std::string_view equation =
      "rate(e) = rate · (1 - (1 - last) · e / (epochs - 1))";
  double last = 0.01;
  static constexpr auto fields = core::Fields{
      core::field("last", &LinearDecay::last, "", core::between(0, 1),
                  "share that is left in the last epoch"),
  };
  [[nodiscard]] double factor(double epoch, double epochs) const noexcept {
    return 1 - (1 - last) * epoch / std::max(1.0, epochs - 1);
  }
};

/// Contract of a schedule: the factor on the rate in an epoch, given the number of epochs.
template <class T>
concept ScheduleEntry = core::Described<T> && requires(const T& t) {
  { t.factor(0.0, 1.0) } -> std::same_as<double>;
};

struct Schedule : core::OneOf<ConstantRate, ExponentialDecay, StepDecay, LinearDecay> {
  static constexpr std::string_view name = "schedule";
  static constexpr std::string_view question = "How does the learning rate change over the epochs?";
  static_assert(each_is([]<class Entry>() { return ScheduleEntry<Entry>; }));

  /// Factor on the rate in epoch number `epoch` (0-based) of `epochs`.
  [[nodiscard]] double factor(std::int64_t epoch, std::int64_t epochs) const {
    return visit([&](const auto& s) {
      return s.factor(static_cast<double>(epoch), static_cast<double>(epochs));
    });
  }
};

}  // namespace ohmlab::ebm
