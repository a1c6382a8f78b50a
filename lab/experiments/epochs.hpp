#pragma once

#include <cstdint>
#include <functional>

#include "../../core/archive.hpp"
#include "../../ebm/schedules.hpp"
#include "../../ebm/states.hpp"
#include "../../ebm/task.hpp"

namespace ohmlab::experiments {

/// Position of a training: its next epoch and batch.
struct Position {
  std::int64_t epoch = 0, batch = 0;
  bool ended = false;  ///< true if `after_epoch` ended the training

  void state(core::Archive& archive) {
    archive.item("epoch", epoch);
    archive.item("batch", batch);
    archive.item("ended", ended);
  }
};

/// Length, order and rates of a training in epochs.
struct Course {
  std::int64_t epochs = 0;  ///< passes over the examples
  std::int64_t batch = 1;   ///< examples per update
  ebm::Schedule schedule;
  std::uint64_t key = 1;  ///< seed of the orders
};
/// The course of a training with these members.
template <class Training>
[[nodiscard]] Course course_of(const Training& training, std::int64_t seed) {
  return {training.epochs, training.batch, training.schedule, static_cast<std::uint64_t>(seed)};
}

/// \throws std::runtime_error if a course on this number of examples cannot be at this position
void require_position(const Position& at, const Course& course, core::Index examples);

/// Calls of a training in epochs.
struct Steps {
  /// Learns from a batch at so many times its rates.
  std::function<void(const ebm::Examples&, double factor)> learn;
  /// Called after each epoch with the number done; returns true to end the training.
  std::function<bool(std::int64_t)> after_epoch;
  /// Called after each batch; at the end of an epoch, after `after_epoch`.
  std::function<void()> after_batch;
};

/// Trains from a position, which is moved along, to the end of all epochs. Each epoch passes once
/// over the examples, batch by batch, in its own random order.
void run_epochs(const Course& course, const ebm::Task& task, Position& at, const Steps& steps);

}  // namespace ohmlab::experiments
