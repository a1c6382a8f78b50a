#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "../core/archive.hpp"
#include "../core/config.hpp"
#include "../ebm/trainer.hpp"
#include "../lab/experiments/epochs.hpp"
#include "../lab/experiments/learning.hpp"
#include "../lab/results/progress.hpp"
#include "tally.hpp"

namespace ohmlab::python {

/// A network and its trainer, which live from one call to the next: training goes on where the last
/// call ended.
///
/// A call of `learn` with all epochs does the work of the experiment `train`. Calls of any threads
/// take turns. They hold the tally's lock batch by batch only, so that progress may wait for the
/// interpreter between batches.
class Learner {
 public:
  /// \param config   keys of the experiment `train` that are about model, array and training
  /// \param units    numbers of an example
  /// \param classes  0 without labels
  /// \throws core::UserError if the model cannot learn such examples
  Learner(core::Node config, core::Index units, core::Index classes);

  /// Passes over the examples, each in its own random order. The first call sets the initial
  /// weights, and the initial biases of inputs by the frequencies of these examples.
  /// \param labels  one per example, below `classes`; empty without classes
  /// \throws results::Interrupted if progress asks for it; the next call repeats the pass
  void learn(const core::Matrix& inputs, const std::vector<std::uint8_t>& labels,
             std::int64_t passes, results::Progress& progress);

  /// Probabilities of the hidden units of an RBM, examples × hidden. As read: means that the
  /// neurons give, or states if they give none.
  [[nodiscard]] core::MatrixD hidden(const core::Matrix& inputs, bool as_read);
  /// Probabilities of classes of a classification RBM, outputs at rest of other classifiers,
  /// goodness of labels of a forward-forward network, examples × classes.
  [[nodiscard]] core::MatrixD outputs(const core::Matrix& inputs, bool as_read);
  /// States of the visible units of an RBM after so many steps of Gibbs sampling through the
  /// arrays.
  [[nodiscard]] core::MatrixD gibbs(const core::Matrix& inputs, std::int64_t steps);
  /// F(v) of an RBM, one per example, nat.
  [[nodiscard]] core::VectorD free_energy(const core::Matrix& inputs);
  /// Σ_i ln p(v_i | all other units) of an RBM, one per example, nat.
  [[nodiscard]] core::VectorD pseudo_log_likelihood(const core::Matrix& inputs);
  /// ln of the partition function of an RBM by enumeration, nat.
  [[nodiscard]] double log_z();

  /// Lets time pass in all arrays: cells drift.
  void wait(double seconds);
  /// Weights and biases as the cells hold them, in float64, at no cost.
  [[nodiscard]] ebm::Parameters parameters();
  [[nodiscard]] ebm::Figures figures();
  /// Sentences to read before the quality of what was learned; see results::warnings_of.
  [[nodiscard]] std::vector<std::string> warnings();
  [[nodiscard]] std::int64_t passes();
  /// Saves or restores everything that does not follow from config and size.
  void state(core::Archive& archive);

  [[nodiscard]] const core::Node& config() const noexcept { return tree_; }
  [[nodiscard]] core::Index units() const noexcept { return units_; }
  [[nodiscard]] core::Index classes() const noexcept { return classes_; }
  [[nodiscard]] const std::vector<std::string>& doubts() const noexcept { return doubts_; }
  [[nodiscard]] const std::shared_ptr<SharedTally>& tally() const noexcept { return tally_; }

 private:
  template <class Work>
  auto posting(const Work& work);
  template <class Work>
  auto infer(std::string_view stage, const core::Matrix& inputs, const Work& work);
  [[nodiscard]] ebm::RbmParameters rbm(std::string_view what);
  [[nodiscard]] core::MatrixD exact_outputs(const core::Matrix& inputs);
  void start(const core::Matrix& inputs);
  void require_finite();
  [[noreturn]] void refuse(std::string_view what) const;

  std::recursive_mutex mutex_;  ///< a listener may look at what it is told of
  core::Node tree_;
  std::vector<std::string> doubts_;
  experiments::Learning config_;
  core::Index units_, classes_;
  std::shared_ptr<SharedTally> tally_ = std::make_shared<SharedTally>();
  std::optional<ebm::Network> network_;
  std::optional<ebm::Trainer> trainer_;
  experiments::Position at_;
  bool started_ = false, learning_ = false;
};

}  // namespace ohmlab::python
