#pragma once

#include <cstdint>
#include <functional>

#include "../../ebm/task.hpp"
#include "../../ebm/trainer.hpp"

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

/// \throws std::runtime_error if a training on this number of examples cannot be at this position
void require_position(const Position& at, const ebm::Training& training, core::Index examples);

/// Trains from a position to the end of all epochs. Each epoch passes once over the examples, batch
/// by batch, in its own random order.
///
/// \param key          seed of the orders
/// \param at           position, moved along
/// \param after_epoch  called after each epoch with the number done; returns true to end the
/// training
/// \param after_batch  called after each batch; at the end of an epoch, after `after_epoch`
void run_epochs(ebm::Trainer& trainer, const ebm::Training& training, const ebm::Task& task,
                std::uint64_t key, Position& at,
                const std::function<bool(std::int64_t)>& after_epoch,
                const std::function<void()>& after_batch);

}  // namespace ohmlab::experiments
