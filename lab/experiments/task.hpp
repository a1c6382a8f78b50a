#pragma once

#include "../../ebm/task.hpp"
#include "../../io/dataset.hpp"

namespace ohmlab::experiments {

/// Task of a model: to learn and to be scored on the examples of a dataset.
/// \param data  outlives the task
[[nodiscard]] ebm::Task task_of(const io::Dataset& data);

}  // namespace ohmlab::experiments
