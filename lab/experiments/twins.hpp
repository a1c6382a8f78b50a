#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "../../crossbar/array_maker.hpp"
#include "../../crossbar/catalogue.hpp"
#include "../../crossbar/number_formats.hpp"
#include "../results/system.hpp"

/// The same training on digital machines: counts of a full batch and a remainder on ideal arrays,
/// times their repetitions.
namespace ohmlab::experiments {

/// Makes an array of a given size, e.g. `IdealArrayModel::make`.
using MakeArray = crossbar::ArrayMaker;

/// A training that any machine with arrays could do. Its work depends on no data.
struct Repeated {
  std::string algorithm;  ///< model and rule, e.g. "rbm"
  std::string title;      ///< name of the model for the reader, e.g. "RBM"
  double parameters = 0;  ///< number of weights and biases
  core::Index examples = 0;
  std::int64_t batch = 1, epochs = 0;
  /// Sets the model to its start on such arrays, and holds all that it keeps.
  std::function<void(const MakeArray&, cost::Tally&)> start;
  /// Learns from one batch of so many examples.
  std::function<void(const MakeArray&, core::Index, cost::Tally&)> update;
};

/// The training on a digital machine, with products in a number format.
[[nodiscard]] results::System twin_of(const Repeated& training,
                                      const crossbar::NumberFormat& format, cost::Machine machine);

/// The training on an accelerator in float32, then on accelerators and chips in the formats given.
[[nodiscard]] std::vector<results::System> twins_of(
    const Repeated& training, const std::vector<crossbar::NumberFormat>& accelerators,
    const std::vector<crossbar::NumberFormat>& chips);

/// The machine that ran: its tally, and the reason why it has no bill, or "".
struct Ran {
  const cost::Tally& tally;
  std::string unpriced;
};

/// Puts the machine that ran before the others. On ideal arrays it replaces the twin that it is.
void put_first(const Ran& ran, const crossbar::ArrayModel& array, const Repeated& training,
               std::vector<results::System>& systems);

}  // namespace ohmlab::experiments
