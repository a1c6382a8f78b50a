#include "foundation_cost.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

#include <fmt/format.h>

#include "../../core/config.hpp"
#include "../../core/errors.hpp"
#include "../../core/field_values.hpp"
#include "../../core/hash.hpp"
#include "../experiments/baselines.hpp"
#include "hardware.hpp"
#include "sections.hpp"

namespace ohmlab::foundation {
namespace {

const experiments::Train* train_of(const Simulated& simulated) {
  return std::get_if<experiments::Train>(&simulated.choice);
}
const StoredRun* stored_of(const Simulated& simulated) {
  return std::get_if<StoredRun>(&simulated.choice);
}

results::StoredResult stored(const StoredRun& run) {
  const core::DataPath& path = run.result;
  if (path.resolved.empty()) {
    throw core::UserError(path.where, path.key, "\"" + path.text + "\"",
                          "no such file beside the config that names it, nor below $OHMLAB_DATA");
  }
  try {
    return results::read_result(path.resolved);
  } catch (const core::UserError& error) {
    throw core::UserError(path.where, path.key, "\"" + path.text + "\"", error.what());
  }
}

/// The kind of experiment whose result is extrapolated.
struct Extrapolated : core::OneOf<experiments::Train> {
  static constexpr std::string_view name = "experiment";
  static constexpr std::string_view question = "What was done?";
};

/// Experiment of a stored run; its config holds the device and the array.
experiments::Train experiment_of(const StoredRun& run, const results::StoredResult& result) {
  const core::Node config = core::parse_config(result.identity.config, run.result.text);
  const core::Node* kind = config.find("kind");
  const std::string found = kind ? kind->text() : "nothing";
  if (found != fmt::format("\"{}\"", experiments::Train::name)) {
    throw core::UserError(
        run.result.where, run.result.key, "\"" + run.result.text + "\"",
        fmt::format(R"(expected a result of kind "train", found one of {})", found));
  }
  return std::get<experiments::Train>(core::read<Extrapolated>(config).choice);
}

const crossbar::AnalogArrayModel* cells_of(const experiments::Train& train) {
  return std::get_if<crossbar::AnalogArrayModel>(&train.array.choice);
}

/// Reason why the arrays of an experiment cannot be billed, or "".
std::string unbilled(const experiments::Train& train) {
  const crossbar::AnalogArrayModel* cells = cells_of(train);
  if (!cells)
    return "array: expected kind \"analog\": only simulated cells have a bill of their own";
  const std::string missing = cells->unpriced();
  return missing.empty() ? "" : "array: cannot be billed, for it has no " + missing;
}

const results::System& system_called(const results::Result& result, const std::string& name,
                                     const std::string& from) {
  for (const results::System& system : result.systems) {
    if (system.name == name) return system;
  }
  throw core::UserError(from + ": holds no system \"" + name +
                        "\": it was not trained on simulated cells");
}

/// Sampling steps of the last learning phase, which is the model phase.
std::int64_t steps_of(const experiments::Train& train) {
  return train.rule.recipe().phases.back().steps;
}

/// Complaint if the place of the digital machines is none in the list, or "".
std::string wrong_place(const cost::Prices& prices, const std::string& place) {
  const auto digital = [](const std::string& name, const cost::Rates& rates) {
    return cost::machine_of(name, rates) == cost::Machine::accelerator &&
           rates.energy.contains("flop_bf16") && rates.energy.contains("flop_fp32") && rates.around;
  };
  const auto found = prices.places.find(place);
  if (found != prices.places.end() && digital(place, found->second)) return "";
  std::string known;
  for (const auto& [key, rates] : prices.places) {
    if (digital(key, rates)) known += fmt::format("{}\"{}\"", known.empty() ? "" : ", ", key);
  }
  return fmt::format(
      "extrapolation.place: \"{}\" is no accelerator at a node in the price list; there are: "
      "{}",
      place, known);
}

/// Suffix of the names of figures of a size.
std::string suffix_of(double parameters) { return fmt::format("_{:.9g}", parameters); }

/// A training on cells, run now or read from a file.
struct Trained {
  experiments::Train train;
  results::Result result;
  std::string from;  ///< origin, for messages
};

Trained trained(const FoundationCost& config, const io::Dataset& examples,
                results::Progress& progress, results::Checkpoint checkpoint) {
  if (const experiments::Train* given = train_of(config.simulated))
    return {*given, given->run(examples, progress, std::move(checkpoint)), "simulated"};
  const StoredRun& run = *stored_of(config.simulated);
  results::StoredResult found = stored(run);
  Trained out{experiment_of(run, found), std::move(found.result), run.result.text};
  const std::string problem = unbilled(out.train);
  if (!problem.empty()) throw core::UserError(run.result.where, run.result.key, out.from, problem);
  return out;
}

/// The machine that was simulated, its twin and its arrays, for the parts of the framework.
Foundation foundation_of(const FoundationCost& config, const Trained& trained) {
  Foundation out{config,
                 cost::named_prices(config.prices),
                 {config.draws, static_cast<std::uint64_t>(config.seed)},
                 {},
                 {},
                 1,
                 {},
                 ""};
  out.simulated = system_called(trained.result, "simulated", trained.from);
  if (out.simulated.examples < 1)
    throw core::UserError(trained.from + ": saw no examples, so it has no bill an example");
  out.steps = steps_of(trained.train);
  double rows = 0, cols = 0;
  for (const results::Parameter& parameter : trained.result.parameters) {
    if (parameter.dims.size() != 2 || rows > 0) continue;  // the first array is that of the inputs
    rows = static_cast<double>(parameter.values.rows());
    cols = static_cast<double>(parameter.values.cols());
  }
  const std::int64_t epochs = trained.train.training.epochs;
  const experiments::Workload work{
      trained.train.model.visit(
          [&](const auto& model) { return model.plan(static_cast<core::Index>(rows), 0); }),
      std::llround(out.simulated.examples / static_cast<double>(epochs)), epochs};
  out.twin = digital_twin(work, trained.train, config.extrapolation.twin_format);
  out.hardware = hardware_of(*cells_of(trained.train), rows, cols, config.on_arrays.mean_square);
  if (!out.prices.places.at("array").energy.contains(out.conversion())) {
    throw core::UserError(
        fmt::format("{}: places.array.energy.{}: is missing: break-even turns this price",
                    config.prices, out.conversion()));
  }
  out.device = cells_of(trained.train)->device.source;
  out.hardware.slots = config.on_arrays.slots;
  out.hardware.row_share = config.on_arrays.row_share;
  out.hardware.col_share = config.on_arrays.col_share;
  out.hardware.query_block = config.on_arrays.query_block;
  return out;
}

/// The figures of a result that a sweep compares, out of the labelled group.
void add_quality(const results::LabelledGroup& group, const std::vector<double>& parameters,
                 results::Result& result) {
  const auto put = [&](const std::string& cube, const std::string& figure, std::size_t at) {
    const results::Cube& from = group.cube(cube);
    if (std::isnan(from.values[at])) return;  // no plan fits
    result.quality.push_back({figure, from.values[at], from.unit, from.meaning});
  };
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const std::string at = suffix_of(parameters[i]);
    for (const char* figure : {"law_flops", "law_hours", "law_energy", "calibrated_hours"})
      put(figure, figure + at, i);
    const char* systems[] = {"ebm_analog", "ebm_digital", "transformer_analog"};
    for (std::size_t s = 0; s < 3; ++s) {
      for (const char* suffix : {"", "_p05", "_p95"}) {
        put(fmt::format("over_transformer{}", suffix),
            fmt::format("{}_over_transformer{}{}", systems[s], at, suffix), 4 * i + s);
      }
    }
  }
}

}  // namespace

FoundationCost FoundationCost::example() {
  FoundationCost out;
  out.accelerator = cost::accelerator_preset("h100");
  experiments::Train train;
  crossbar::AnalogArrayModel cells;
  devices::Device& device = cells.device;
  device.g_min = 9.26e-9;
  device.g_max = 74.07e-9;
  device.v_read = device.v_write = 1;
  device.t_read = 80e-9;
  device.t_pulse = 1e-9;
  train.array.choice = cells;
  train.data.choice = io::BarsAndStripes{};
  out.simulated.choice = train;
  return out;
}

scale::TrainingRun Calibrated::run() const {
  scale::TrainingRun out;
  out.utilisation = utilisation;
  out.misfit = misfit;
  out.goodput = goodput;
  out.node_share = node_share;
  return out;
}

std::string FoundationCost::problem() const {
  if (parameters.empty()) return "parameters: expected at least one size";
  if (std::adjacent_find(parameters.begin(), parameters.end(), std::greater_equal<>()) !=
      parameters.end())
    return "parameters: expected ascending sizes";
  for (std::size_t i = 1; i < parameters.size(); ++i) {
    if (suffix_of(parameters[i - 1]) != suffix_of(parameters[i])) continue;
    return fmt::format(
        "parameters: expected sizes that differ in 9 digits, by which figures are named; found {} "
        "twice",
        suffix_of(parameters[i]).substr(1));
  }
  if (!accelerator.peak.contains(law.format)) {
    return fmt::format("law.format: {} has no peak of \"{}\"", accelerator.title, law.format);
  }
  if (const std::string found = calibrated.run().problem(); !found.empty())
    return "calibrated." + found;
  if (const experiments::Train* train = train_of(simulated)) {
    const std::string problem = unbilled(*train);
    if (!problem.empty()) return "simulated." + problem;
    if (const std::string phases = crossbar::phases_problem(train->array); !phases.empty())
      return "simulated." + phases;
    if (train->training.epochs < 1)
      return "simulated.training.epochs: expected at least 1: a machine that saw nothing has no "
             "bill an example";
  }
  return "";
}

std::string FoundationCost::unmet() const {
  const cost::Prices list = cost::named_prices(prices);
  if (std::string wrong = wrong_place(list, extrapolation.place); !wrong.empty()) return wrong;
  if (!list.facility) return prices + ": facility: is missing: money and CO2 need it";
  const auto array = list.places.find("array");
  if (array == list.places.end() || !array->second.around) {
    return fmt::format("{}: places.array{}: is missing: there is no bill at the node without it",
                       prices, array == list.places.end() ? "" : ".around");
  }
  return "";
}

io::Dataset FoundationCost::examples() const {
  io::Dataset out;
  if (const experiments::Train* train = train_of(simulated)) {
    out = train->data.load();
  } else {
    out.digest = stored(*stored_of(simulated)).identity.id;
  }
  core::Sha256 hash;
  hash.add(out.digest).add(core::canonical_text(core::to_node(cost::named_prices(prices))));
  out.digest = hash.hex();
  return out;
}

results::Result FoundationCost::run(const io::Dataset& examples, results::Progress& progress,
                                    results::Checkpoint checkpoint) const {
  const Trained learned = trained(*this, examples, progress, std::move(checkpoint));
  const Foundation of = foundation_of(*this, learned);
  Sheet sheet("foundation");
  sheet.axis({"parameters", parameters, {}, "1", "parameters of the model"});
  try {
    add_headline(of, sheet);
    add_law(of, sheet);
    add_levers(of, sheet);
    add_equal_loss(of, sheet);
    add_paths(of, sheet);
    add_break_even(of, sheet);
  } catch (const core::UserError& error) {
    throw core::UserError(fmt::format("price list {}: {}", prices, error.what()));
  }
  results::Result result;
  result.groups.push_back(sheet.finished());
  add_quality(result.groups.back(), parameters, result);
  for (results::System system : {of.simulated, of.twin}) {
    system.title += ", before any extrapolation";
    result.systems.push_back(std::move(system));
  }
  return result;
}

}  // namespace ohmlab::foundation
