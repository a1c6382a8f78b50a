#pragma once

#include <cstdint>

namespace ohmlab::core {

/// Purpose of a random number. Two purposes never share a stream: a new draw of one does not change
/// the others.
///
/// CAUTION: the numbers are part of every result. A new purpose takes the next free number. The
/// number of a removed purpose is never used again.
enum class StreamId : std::uint32_t {
  weight_init = 1,       ///< initial weights and biases
  device_variation = 2,  ///< device-to-device spread of a cell's parameters
  pulse_train = 3,       ///< bits of stochastic pulse trains
  pulse_noise = 4,       ///< cycle-to-cycle spread of a programming pulse
  read_noise = 5,        ///< noise of a cell when it is read
  output_noise = 6,      ///< noise of the periphery behind a column
  comparator = 7,        ///< noise of a comparator that reads out a neuron
  neuron_visible = 8,    ///< sampling of visible neurons
  neuron_hidden = 9,     ///< sampling of hidden neurons
  chain_init = 10,       ///< first states of persistent chains
  shuffle = 11,          ///< order of the training examples
  ais = 12,              ///< annealed importance sampling
  programming = 13,      ///< error left by write-and-verify
  drift = 14,            ///< spread of drift coefficients
  price_draw = 15,       ///< Monte-Carlo samples of unit prices
  data = 16,             ///< synthetic data sets and random splits
  write_noise = 17,      ///< error of the state seen after a write
  pulse_noise_sum = 18,  ///< cycle-to-cycle spread of many programming pulses together
  faults = 19,           ///< cells and lines that do not work
  update_path = 20,      ///< decisions of an update path
  noise_trace = 21,      ///< read noise that goes on from read to read
  wear = 22,             ///< pulses that a cell survives
  diffusion = 23,        ///< random walk of states in time
  memory_patterns = 24,  ///< random patterns of an associative memory
  memory_cues = 25,      ///< units flipped in cues
  recall_order = 26,     ///< order of the units in recall
  couplings = 27,        ///< couplings and fields of a law to sample
  exact_samples = 28,    ///< samples of an exact law
  replica_swap = 29,     ///< swaps of neighbouring temperatures
  nudge_sign = 30,       ///< sign of the nudge of an update
  thermal_noise = 31,    ///< noise of Langevin dynamics
};

/// Names a sequence of independent random numbers; it holds no state. See `random_block`.
struct Stream {
  std::uint64_t seed = 0;
  std::uint32_t id = 0;
  std::uint32_t layer = 0;

  [[nodiscard]] bool operator==(const Stream&) const = default;
};

/// The stream of one purpose in one layer of a model.
[[nodiscard]] constexpr Stream stream(std::uint64_t seed, StreamId id,
                                      std::uint32_t layer = 0) noexcept {
  return {.seed = seed, .id = static_cast<std::uint32_t>(id), .layer = layer};
}

}  // namespace ohmlab::core
