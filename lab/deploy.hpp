#pragma once

#include <cstdint>
#include <string_view>
#include <tuple>
#include <vector>

#include "ohmlab/core/fields.hpp"
#include "ohmlab/crossbar/catalogue.hpp"
#include "ohmlab/ebm/catalogue.hpp"
#include "ohmlab/ebm/trainer.hpp"
#include "ohmlab/io/datasets.hpp"
#include "ohmlab/lab/evaluate.hpp"
#include "ohmlab/lab/progress.hpp"
#include "ohmlab/lab/result.hpp"

namespace ohmlab::lab {

/// Learning elsewhere, inference in the array: what is left of a model after it was written, and as it ages.
struct Deploy {
  static constexpr std::string_view name = "deploy";
  static constexpr std::string_view summary =
      "Trains in float32, programs the weights into arrays, and measures the quality as they age.";

  std::int64_t seed = 1;
  io::Data data;
  ebm::Model model;
  crossbar::ArrayModel array;
  ebm::Neuron neuron;
  ebm::Rule rule;
  ebm::Training training;
  Evaluation evaluation;
  std::int64_t instances = 3;
  std::vector<double> ages{1, 3600, 86400, 30 * 86400.0};
  static constexpr auto fields = std::tuple{
      core::field("seed", &Deploy::seed, "", core::at_least(0), "key of every random draw"),
      core::field("data", &Deploy::data, "what is learned", core::Need::required),
      core::field("model", &Deploy::model, "the energy"),
      core::field("array", &Deploy::array, "what the weights are programmed into"),
      core::field("neuron", &Deploy::neuron, "how units decide in training"),
      core::field("rule", &Deploy::rule, "the local learning rule"),
      core::field("training", &Deploy::training, "how long, how fast, on what statistics"),
      core::field("evaluation", &Deploy::evaluation, "how the quality is measured"),
      core::field("instances", &Deploy::instances, "", core::between(1, 1000),
                  "arrays with devices of their own that the same weights are programmed into"),
      core::field("ages", &Deploy::ages, "s", core::at_least(0),
                  "times since programming, in ascending order"),
  };
  [[nodiscard]] std::string problem() const;

  [[nodiscard]] Result run(const io::Dataset& examples, Progress& progress) const;
};

}  // namespace ohmlab::lab
