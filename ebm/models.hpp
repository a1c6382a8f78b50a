#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

#include "../core/fields.hpp"
#include "family.hpp"
#include "model/class_rbm.hpp"
#include "model/conditional_rbm.hpp"
#include "model/deep_boltzmann.hpp"
#include "model/denoising_chain.hpp"
#include "model/forward_forward.hpp"
#include "model/graph.hpp"
#include "model/layered_hopfield.hpp"
#include "model/predictive.hpp"
#include "model/rbm.hpp"
#include "model/resistive.hpp"

namespace ohmlab::ebm {

/// Contract of a model: a network plan for examples of a given size, the reason why it cannot learn
/// a task, and its scores. A score that does not apply has no figures.
template <class T>
concept ModelEntry = requires(const T& model, core::Index units, const Task& task,
                              const Parameters& parameters, const Evaluation& evaluation,
                              std::uint64_t seed, Network& network, const Reading& reading) {
  { T::title } -> std::convertible_to<std::string_view>;
  { T::family } -> std::convertible_to<Family>;
  { model.problem_with(units, task) } -> std::same_as<std::string>;
  { model.plan(units, units) } -> std::same_as<NetworkPlan>;
  { model.figures(parameters, task, evaluation) } -> std::same_as<Figures>;
  { model.fitted(parameters, task) } -> std::same_as<Figures>;
  { model.annealed(parameters, task, evaluation, seed) } -> std::same_as<Figures>;
  { model.chain(network) } -> std::same_as<Figures>;
  { model.as_read(network, task, reading) } -> std::same_as<Figures>;
  { model.references(task) } -> std::same_as<Figures>;
};

struct Model : core::OneOf<RbmModel,  //
                           ClassRbmModel, ConditionalRbmModel, DeepBoltzmannModel, GraphModel,
                           LayeredHopfieldModel, ResistiveModel, PredictiveModel,
                           ForwardForwardModel, DenoisingChainModel> {
  static constexpr std::string_view name = "model";
  static constexpr std::string_view question = "Which energy is learned?";
  static_assert(each_is([]<class Entry>() { return ModelEntry<Entry>; }));

  [[nodiscard]] Family family() const {
    return visit([](const auto& model) { return std::remove_cvref_t<decltype(model)>::family; });
  }
};

}  // namespace ohmlab::ebm
