#pragma once

#include <cstdint>
#include <functional>

#include "../../ebm/task.hpp"
#include "../../ebm/trainer.hpp"

namespace ohmlab::experiments {

/// How far a training is: what comes next.
struct Position {
  std::int64_t epoch = 0, batch = 0;
  bool ended = false;  ///< before its last epoch

  void state(core::Archive& archive) {
    archive.item("epoch", epoch);
    archive.item("batch", batch);
    archive.item("ended", ended);
  }
};

/// \throws std::runtime_error if a training of so many examples never is at this position
void require_position(const Position& at, const ebm::Training& training, core::Index examples);

/// Trains from a position to the end of all epochs: each passes once over the examples in an order
/// of its own, batch by batch.
///
/// \param key          seed of the orders
/// \param at           moves along
/// \param after_epoch  called with the number of epochs done after each; whether the training ends
/// with it
/// \param after_batch  called after each batch, and after `after_epoch` at the end of an epoch
void run_epochs(ebm::Trainer& trainer, const ebm::Training& training, const ebm::Task& task,
                std::uint64_t key, Position& at,
                const std::function<bool(std::int64_t)>& after_epoch,
                const std::function<void()>& after_batch);

}  // namespace ohmlab::experiments
