#include "twins.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "../../cost/stages.hpp"
#include "../../crossbar/exact_arrays.hpp"

namespace ohmlab::experiments {
namespace {

/// Tally entries of one update on a batch of this size.
std::vector<cost::Entry> one_update(const Repeated& training, const MakeArray& make,
                                    core::Index batch) {
  cost::Tally tally;
  training.update(make, batch, tally);
  std::vector<cost::Entry> entries = tally.entries();
  std::erase_if(entries, [](const cost::Entry& entry) { return entry.stage == cost::start_stage; });
  return entries;
}

}  // namespace

results::System twin_of(const Repeated& training, const crossbar::NumberFormat& format,
                        cost::Machine machine) {
  const MakeArray make = crossbar::exact_arrays(format, machine);
  const core::Index batches = training.examples / training.batch,
                    rest = training.examples % training.batch;
  const auto epochs = static_cast<double>(training.epochs);
  cost::Tally tally;
  {
    cost::Tally start;
    training.start(make, start);
    tally.add(start.entries());
    for (const cost::Holding& holding : start.holdings()) {
      tally.hold(tally.component(holding.component, holding.layer), holding.part, holding.count,
                 holding.parameter);
    }
  }
  if (batches > 0 && epochs > 0) {
    tally.add(one_update(training, make, training.batch), epochs * static_cast<double>(batches));
  }
  if (rest > 0 && epochs > 0) tally.add(one_update(training, make, rest), epochs);
  const double passes = epochs * static_cast<double>(training.examples);
  const bool chip = machine == cost::Machine::chip;
  const std::string suffix = format.is<crossbar::Fp32>() ? "" : "_" + std::string(format.kind());
  return {fmt::format("{}_digital{}{}", training.algorithm, chip ? "_chip" : "", suffix),
          format.visit([&](const auto& f) {
    return fmt::format("same {}, digital {}{}", training.title, chip ? "chip, " : "", f.title);
  }),
          "",
          machine,
          training.parameters,
          passes,
          passes,
          tally.entries(),
          tally.holdings(),
          training.algorithm};
}

std::vector<results::System> twins_of(const Repeated& training,
                                      const std::vector<crossbar::NumberFormat>& accelerators,
                                      const std::vector<crossbar::NumberFormat>& chips) {
  std::vector<results::System> out{twin_of(training, {}, cost::Machine::accelerator)};
  const auto add = [&](results::System twin) {
    const auto same = [&](const results::System& other) { return other.name == twin.name; };
    if (std::none_of(out.begin(), out.end(), same)) out.push_back(std::move(twin));
  };
  for (const auto& format : accelerators)
    add(twin_of(training, format, cost::Machine::accelerator));
  for (const auto& format : chips) add(twin_of(training, format, cost::Machine::chip));
  return out;
}

void put_first(const Ran& ran, const crossbar::ArrayModel& array, const Repeated& training,
               std::vector<results::System>& systems) {
  results::System first = systems[0];
  if (const auto* ideal = std::get_if<crossbar::IdealArrayModel>(&array.choice)) {
    first = twin_of(training, ideal->format, ideal->machine);
    std::erase_if(systems, [&](const results::System& twin) { return twin.name == first.name; });
  } else {
    first.name = "simulated";
    first.title = fmt::format("{} on {} arrays", training.title, array.kind());
    first.unpriced = ran.unpriced;
    first.machine = cost::Machine::array;
    first.holdings = ran.tally.holdings();
  }
  first.tally = ran.tally.entries();
  systems.insert(systems.begin(), std::move(first));
}

}  // namespace ohmlab::experiments
