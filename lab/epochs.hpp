#pragma once

#include <cstdint>
#include <functional>

#include "ohmlab/ebm/trainer.hpp"

namespace ohmlab::lab {

/// Trains for all epochs: each passes once over the examples in an order of its own, batch by batch.
///
/// \param key    seed of the orders
/// \param after  called with the number of epochs done after each
void run_epochs(ebm::Trainer& trainer, const ebm::Training& training, const core::Matrix& examples,
                std::uint64_t key, const std::function<void(std::int64_t)>& after);

}  // namespace ohmlab::lab
