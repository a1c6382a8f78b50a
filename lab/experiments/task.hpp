#pragma once

#include "../../ebm/task.hpp"
#include "../../io/dataset.hpp"

namespace ohmlab::experiments {

/// The examples of a dataset as what a model learns and is scored on. \param data  outlives the
/// task
[[nodiscard]] ebm::Task task_of(const io::Dataset& data);

}  // namespace ohmlab::experiments
