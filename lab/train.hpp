#pragma once

#include <cstdint>
#include <string_view>
#include <tuple>

#include "ohmlab/core/fields.hpp"
#include "ohmlab/crossbar/catalogue.hpp"
#include "ohmlab/ebm/catalogue.hpp"
#include "ohmlab/ebm/trainer.hpp"
#include "ohmlab/io/datasets.hpp"
#include "ohmlab/lab/evaluate.hpp"
#include "ohmlab/lab/progress.hpp"
#include "ohmlab/lab/result.hpp"

namespace ohmlab::lab {

/// Learning in place: every weight change goes through the array.
struct Train {
  static constexpr std::string_view name = "train";
  static constexpr std::string_view summary =
      "Trains a model in place: every weight change goes through the array.";

  std::int64_t seed = 1;
  io::Data data;
  ebm::Model model;
  crossbar::ArrayModel array;
  ebm::Neuron neuron;
  ebm::Rule rule;
  ebm::Training training;
  Evaluation evaluation;
  static constexpr auto fields = std::tuple{
      core::field("seed", &Train::seed, "", core::at_least(0), "key of every random draw"),
      core::field("data", &Train::data, "what is learned", core::Need::required),
      core::field("model", &Train::model, "the energy"),
      core::field("array", &Train::array, "what holds the weights"),
      core::field("neuron", &Train::neuron, "how units decide"),
      core::field("rule", &Train::rule, "the local learning rule"),
      core::field("training", &Train::training, "how long, how fast, on what statistics"),
      core::field("evaluation", &Train::evaluation, "how and when the quality is measured"),
  };
  [[nodiscard]] std::string problem() const;

  [[nodiscard]] Result run(const io::Dataset& examples, Progress& progress) const;
};

}  // namespace ohmlab::lab
