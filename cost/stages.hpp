#pragma once

#include <string_view>

/// Stages of a schedule that one folder posts and another looks for.
namespace ohmlab::cost {

/// Setting of a machine to its start, once.
constexpr std::string_view start_stage = "start: program";
/// Sampling of the model's own distribution in learning; grows with the number of steps.
constexpr std::string_view model_stage = "train: model phase";

}  // namespace ohmlab::cost
