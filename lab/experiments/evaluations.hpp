#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "../../ebm/trainer.hpp"
#include "../results/result.hpp"

namespace ohmlab::experiments {

/// Figures of a training at its evaluations, kept as the metrics of its result, with the tally at
/// each.
class Evaluations {
 public:
  /// \param result  receives the metrics; outlives this object, as does the tally
  Evaluations(results::Result& result, const cost::Tally& tally) : result_(result), tally_(tally) {}

  /// Adds the figures of one evaluation, which has those of the first.
  void add(const std::vector<results::Quantity>& figures, std::int64_t epoch);
  /// Figures of the last evaluation.
  [[nodiscard]] std::vector<results::Quantity> newest() const;
  /// Text of the newest figure, with its epoch if that is not `epoch`.
  [[nodiscard]] std::string note(std::int64_t epoch) const;
  /// True if the newest evaluation is at the value that ends the training.
  /// \throws core::UserError if there is no such metric
  [[nodiscard]] bool came_to(const std::optional<ebm::Until>& until) const;

  /// \pre when restoring: there is one evaluation, and the tally is already restored
  void state(core::Archive& archive);
  /// \param system  name of the machine that trained
  [[nodiscard]] results::History history(std::string system) const;

 private:
  results::Result& result_;
  const cost::Tally& tally_;
  results::Snapshots snapshots_;
};

}  // namespace ohmlab::experiments
