#pragma once

#include <concepts>
#include <string_view>

#include "../core/fields.hpp"
#include "family.hpp"
#include "rule/cd.hpp"
#include "rule/centred.hpp"
#include "rule/contrastive_hebb.hpp"
#include "rule/coupled.hpp"
#include "rule/discriminative.hpp"
#include "rule/drops.hpp"
#include "rule/equilibrium_propagation.hpp"
#include "rule/forward_forward.hpp"
#include "rule/pcd.hpp"
#include "rule/prediction_error.hpp"
#include "rule/pseudo_likelihood.hpp"
#include "rule/tempered_pcd.hpp"

namespace ohmlab::ebm {

/// Contract of a rule: its phases and pieces as data, and the families that it serves. The trainer
/// writes only these.
template <class T>
concept RuleEntry = ServesFamilies<T> && requires(const T& rule) {
  { rule.recipe() } -> std::same_as<Recipe>;
};

struct Rule : core::OneOf<ContrastiveDivergence,  //
                          PersistentCd, EquilibriumPropagation, ContrastiveHebb, VoltageDropEp,
                          CoupledLearning, PredictionError, CentredDivergence, TemperedPcd,
                          PseudoLikelihood, ForwardForward, Discriminative> {
  static constexpr std::string_view name = "rule";
  static constexpr std::string_view question =
      "What does a cell do with what it sees in the learning phases?";
  static_assert(each_is([]<class Entry>() { return RuleEntry<Entry>; }));

  [[nodiscard]] Recipe recipe() const {
    return visit([](const auto& rule) { return rule.recipe(); });
  }
};

}  // namespace ohmlab::ebm
