#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "../../core/fields.hpp"
#include "../../crossbar/catalogue.hpp"
#include "../../crossbar/number_formats.hpp"
#include "../../ebm/schedules.hpp"
#include "../../ebm/trainer.hpp"
#include "../../io/datasets.hpp"
#include "../backprop/model.hpp"
#include "../results/checkpoint.hpp"
#include "../results/progress.hpp"
#include "../results/result.hpp"

namespace ohmlab::experiments {

/// Length and rate of a gradient descent.
struct BackpropTraining {
  std::int64_t epochs = 20;
  std::int64_t batch = 20;
  double rate = 0.1;
  ebm::Schedule schedule;
  std::optional<ebm::Until> until;
  static constexpr auto fields = core::Fields{
      core::field("epochs", &BackpropTraining::epochs, "", core::between(0, 1 << 20),
                  "passes over the training examples"),
      core::field("batch", &BackpropTraining::batch, "", core::between(1, 1 << 20),
                  "examples per update; weights are constant within a batch"),
      core::field("rate", &BackpropTraining::rate, "", core::between(0, 100),
                  "learning rate of the mean gradient of a batch"),
      core::field("schedule", &BackpropTraining::schedule, "change of the rate over the epochs"),
      core::field("until", &BackpropTraining::until,
                  "metric and value that can end the training before its last epoch"),
  };
};

/// Interval and kind of quality measurements.
struct BackpropEvaluation {
  std::int64_t every = 1;
  std::int64_t reads = 0;
  static constexpr auto fields = core::Fields{
      core::field("every", &BackpropEvaluation::every, "", core::at_least(0),
                  "epochs between evaluations; 0: at the end only"),
      core::field("reads", &BackpropEvaluation::reads, "", core::between(0, 1000),
                  "reads of the test examples through the hardware at each evaluation, over which "
                  "its quality is averaged; they are not billed. 0: weights are scored alone"),
  };
};

/// A multilayer network trained by backpropagation in place: every product and every change of
/// weights goes through the arrays.
struct Backprop {
  static constexpr std::string_view name = "backprop";
  static constexpr std::string_view summary =
      "Trains a multilayer network by backpropagated gradient descent in place: the field's own "
      "benchmark.";
  static constexpr std::string_view equation =
      "z_l = s_l a_l W_l + b_l, a_l+1 = f(z_l), p = softmax(z_L); e_L = p - t, e_l = (s_l+1 e_l+1 "
      "W_l+1ᵀ) f'(z_l); W_l += -rate/s_l <a_lᵀ e_l>";
  static constexpr std::string_view source =
      "Rumelhart, Hinton & Williams, Nature 323, 533 (1986); on resistive arrays: Gokmen & Vlasov, "
      "Front. Neurosci. 10, 333 (2016)";

  std::int64_t seed = 1;
  io::Data data;
  backprop::Model model;
  crossbar::ArrayModel array;
  BackpropTraining training;
  BackpropEvaluation evaluation;
  std::vector<crossbar::NumberFormat> twin_formats;
  std::vector<crossbar::NumberFormat> chip_formats{{crossbar::Int8Shift{}}};
  static constexpr auto fields = core::Fields{
      core::field("seed", &Backprop::seed, "", core::at_least(0), "key of every random draw"),
      core::field("data", &Backprop::data, "examples with labels", core::Need::required),
      core::field("model", &Backprop::model, "layers, their neurons, biases and scalings"),
      core::field("array", &Backprop::array, "arrays that hold the weights, one a layer"),
      core::field("training", &Backprop::training, "length and rate of the gradient descent"),
      core::field("evaluation", &Backprop::evaluation,
                  "measures of quality, and when they are taken"),
      core::field("twin_formats", &Backprop::twin_formats,
                  "number formats, besides float32, in which the same network is billed on digital "
                  "accelerators"),
      core::field("chip_formats", &Backprop::chip_formats,
                  "number formats in which the same network is billed on digital chips"),
  };
  [[nodiscard]] std::string problem() const;

  /// \throws core::UserError if the examples have no labels, or all the same
  [[nodiscard]] results::Result run(const io::Dataset& examples, results::Progress& progress,
                                    results::Checkpoint checkpoint = {}) const;
};

}  // namespace ohmlab::experiments
