#include "epochs.hpp"

#include <algorithm>
#include <span>
#include <stdexcept>

#include <fmt/format.h>

#include "../../core/rng.hpp"

namespace ohmlab::experiments {
namespace {

/// Gathers the rows of a batch in the order of an epoch's permutation.
void gather(const core::Matrix& examples, std::span<const std::uint32_t> order,
            core::Matrix& batch) {
  batch.resize(static_cast<core::Index>(order.size()), examples.cols());
  for (core::Index row = 0; row < batch.rows(); ++row) {
    batch.row(row) = examples.row(order[static_cast<std::size_t>(row)]);
  }
}

std::int64_t batches_of(core::Index examples, const Course& course) {
  return (examples + course.batch - 1) / course.batch;
}

}  // namespace

void require_position(const Position& at, const Course& course, core::Index examples) {
  const bool within = at.epoch >= 0 && at.epoch < course.epochs && at.batch >= 0 &&
                      at.batch < batches_of(examples, course);
  const bool at_end = at.epoch == course.epochs && at.batch == 0;
  if (!within && !at_end)
    throw std::runtime_error(
        fmt::format("epoch {}, batch {}, which are none of this training", at.epoch, at.batch));
}

void run_epochs(const Course& course, const ebm::Task& task, Position& at, const Steps& steps) {
  const core::Matrix labels = ebm::one_hot(task.train_labels, task.classes);
  const core::Stream shuffle = core::stream(course.key, core::StreamId::shuffle);
  const auto count = static_cast<std::uint32_t>(task.train.rows());
  const auto batch_size = static_cast<std::size_t>(course.batch);
  const std::int64_t batches = batches_of(task.train.rows(), course);
  core::Matrix inputs, targets;
  while (at.epoch < course.epochs && !at.ended) {
    const auto order = core::permutation(shuffle, static_cast<std::uint64_t>(at.epoch), count);
    const double factor = course.schedule.factor(at.epoch, course.epochs);
    while (at.batch < batches) {
      const std::size_t begin = static_cast<std::size_t>(at.batch) * batch_size;
      const auto part = std::span(order).subspan(begin, std::min(order.size() - begin, batch_size));
      gather(task.train, part, inputs);
      if (task.classes > 0) gather(labels, part, targets);
      steps.learn({inputs, task.classes > 0 ? &targets : nullptr, task.input_bits()}, factor);
      if (++at.batch < batches) steps.after_batch();
    }
    at = {at.epoch + 1, 0};
    at.ended = steps.after_epoch(at.epoch);
    steps.after_batch();
  }
}

}  // namespace ohmlab::experiments
