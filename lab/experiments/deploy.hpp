#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "../../core/fields.hpp"
#include "../results/checkpoint.hpp"
#include "../results/progress.hpp"
#include "../results/result.hpp"
#include "learning.hpp"

namespace ohmlab::experiments {

/// Learning in float32, inference in arrays: the quality of a model after programming and as it
/// ages.
struct Deploy : Learning {
  static constexpr std::string_view name = "deploy";
  static constexpr std::string_view summary =
      "Trains in float32, programs the weights into arrays, and measures the quality as they age.";

  std::int64_t instances = 3;
  std::vector<double> ages{1, 3600, 86400, 30 * 86400.0};
  std::int64_t reads = 5;
  static constexpr auto fields = core::joined(
      Learning::fields,
      core::Fields{
          core::field("instances", &Deploy::instances, "", core::between(1, 1000),
                      "arrays, each with its own devices, programmed with the same weights"),
          core::field("ages", &Deploy::ages, "s", core::at_least(0),
                      "times since programming, in ascending order")
              .usually(0, 1e10),
          core::field(
              "reads", &Deploy::reads, "", core::between(1, 1000),
              "reads of each array at each age, through its drivers and converters; quality is "
              "averaged over them"),
      });
  [[nodiscard]] std::string problem() const;

  [[nodiscard]] results::Result run(const io::Dataset& examples, results::Progress& progress,
                                    results::Checkpoint checkpoint = {}) const;

 private:
  [[nodiscard]] ebm::Parameters train(const ebm::Task& task, results::Progress& progress,
                                      results::Checkpoint& checkpoint) const;
};

}  // namespace ohmlab::experiments
