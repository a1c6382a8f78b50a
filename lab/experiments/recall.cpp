#include "recall.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "../../core/errors.hpp"
#include "../../core/rng.hpp"
#include "../../core/streams.hpp"
#include "../../crossbar/ideal_array.hpp"
#include "twins.hpp"

namespace ohmlab::experiments {
namespace {

using core::Index;
using core::Matrix;

/// Patterns of -1 and +1, patterns × units.
Matrix patterns_of(const Recall& config, const io::Dataset& examples) {
  const Index count = config.count(), units = config.units;
  if (!config.data) {
    Matrix out(count, units);
    const core::Stream stream =
        core::stream(static_cast<std::uint64_t>(config.seed), core::StreamId::memory_patterns);
    for (Index k = 0; k < count; ++k) {
      core::fill_uniform(stream, static_cast<std::uint64_t>(k), 0,
                         {out.row(k).data(), static_cast<std::size_t>(units)});
      for (Index i = 0; i < units; ++i)
        out(k, i) = static_cast<double>(out(k, i)) < config.activity ? 1.0F : -1.0F;
    }
    return out;
  }
  const Matrix& train = examples.train;
  if (!examples.binary)
    throw core::UserError({}, "data", fmt::format("\"{}\"", config.data->kind()),
                          "expected examples of 0 and 1, e.g. data.threshold");
  if (train.cols() != units) {
    throw core::UserError({}, "units", fmt::format("{}", units),
                          fmt::format("expected {}, the size of the examples", train.cols()));
  }
  if (train.rows() < count) {
    throw core::UserError(
        {}, config.patterns ? "patterns" : "load", fmt::format("{}", count),
        fmt::format("expected at most {} patterns, the examples of the data", train.rows()));
  }
  return (2 * train.topRows(count).array() - 1).matrix();
}

/// Pattern after pattern, each cue with units flipped at random places. cues × units.
Matrix cues_of(const Recall& config, const Matrix& patterns) {
  Matrix out(config.cues, config.units);
  const auto flipped =
      static_cast<std::size_t>(std::llround(config.flips * static_cast<double>(config.units)));
  const core::Stream stream =
      core::stream(static_cast<std::uint64_t>(config.seed), core::StreamId::memory_cues);
  for (Index k = 0; k < out.rows(); ++k) {
    out.row(k) = patterns.row(k % patterns.rows());
    const auto order = core::permutation(stream, static_cast<std::uint64_t>(k),
                                         static_cast<std::uint32_t>(config.units));
    for (std::size_t i = 0; i < flipped; ++i) out(k, order[i]) *= -1;
  }
  return out;
}

/// A machine that stored the patterns and recalled the cues.
struct Memorised {
  cost::Tally tally;
  std::unique_ptr<crossbar::Array> array;
  Matrix self;
  std::int64_t passes = 0;
  ebm::Recalled recalled;
  cost::Tally::Component units{};

  [[nodiscard]] ebm::Stored stored(const Recall& config) const {
    return {*array, config.memory, config.gain, self, units};
  }
};

/// \param self_cells  true if the machine has cells on the diagonal
std::unique_ptr<Memorised> ran_on(const Recall& config, const MakeArray& make, bool self_cells,
                                  const Matrix& patterns, const Matrix& cues) {
  auto out = std::make_unique<Memorised>();
  const bool pairwise = config.memory.pairwise();
  const Index units = config.units, rows = pairwise ? units : patterns.rows();
  Matrix edges;
  if (pairwise && !self_cells) {
    edges = Matrix::Ones(units, units);
    edges.diagonal().setZero();
  }
  const auto seed = static_cast<std::uint64_t>(config.seed);
  out->array =
      make(rows, units,
           {.seed = seed, .tally = &out->tally, .edges = edges.size() > 0 ? &edges : nullptr});
  out->units = out->tally.component("units");
  {
    const cost::Tally::Stage stage(out->tally, "store");
    const ebm::Storing to{*out->array, patterns, config.gain, out->units};
    out->passes = config.memory.visit([&](const auto& memory) { return memory.store(to); });
    if (pairwise && self_cells) out->self = ebm::read_self(*out->array, out->units);
  }
  {
    const cost::Tally::Stage stage(out->tally, "recall");
    out->array->edge().fetches(out->units, static_cast<double>(cues.size()));
    out->recalled = ebm::recall(out->stored(config),
                                {.order = config.order,
                                 .readout = config.readout,
                                 .block = config.block,
                                 .most_sweeps = config.most_sweeps,
                                 .seed = seed},
                                cues);
  }
  if (pairwise && self_cells)
    out->array->edge().holds(out->units, static_cast<double>(units) * ebm::memory_bits);
  out->array->edge().holds(out->units, static_cast<double>(cues.size()));
  return out;
}

results::System system_of(const Recall& config, const Memorised& ran, std::string name,
                          std::string title, cost::Machine machine, Index patterns) {
  const auto units = static_cast<double>(config.units), count = static_cast<double>(patterns);
  return {std::move(name),
          std::move(title),
          ran.array->unpriced(),
          machine,
          config.memory.pairwise() ? units * (units - 1) : count * units,
          count,
          count,
          ran.tally.entries(),
          ran.tally.holdings(),
          std::string(config.memory.kind())};
}

/// Name and title of a digital machine.
std::pair<std::string, std::string> called(const Recall& config,
                                           const crossbar::NumberFormat& format,
                                           cost::Machine machine) {
  const bool chip = machine == cost::Machine::chip;
  const std::string suffix = format.is<crossbar::Fp32>() ? "" : "_" + std::string(format.kind());
  return {fmt::format("{}_digital{}{}", config.memory.kind(), chip ? "_chip" : "", suffix),
          format.visit([&](const auto& f) {
    return fmt::format("same memory, digital {}{}", chip ? "chip, " : "", f.title);
  })};
}

/// Agreement of states with the patterns that their cues came from.
struct Agreement {
  double overlap = 0;  ///< mean over cues
  double perfect = 0;  ///< share of cues
};
Agreement agreement(const Matrix& states, const Matrix& patterns) {
  Agreement out;
  for (Index k = 0; k < states.rows(); ++k) {
    const auto pattern = patterns.row(k % patterns.rows());
    out.overlap += static_cast<double>(states.row(k).dot(pattern));
    out.perfect += states.row(k) == pattern ? 1 : 0;
  }
  const auto cues = static_cast<double>(states.rows());
  return {out.overlap / cues / static_cast<double>(states.cols()), out.perfect / cues};
}

void add_quality(const Recall& config, const Memorised& ran, const Matrix& patterns,
                 const Matrix& from, results::Result& result) {
  const auto add = [&](const char* name, double value, const char* meaning) {
    result.quality.push_back({name, value, "1", meaning});
  };
  const Agreement before = agreement(from, patterns),
                  after = agreement(ran.recalled.states, patterns);
  result.axis = {"sweep", {0}, "1", "updates of every unit, at most"};
  result.metrics = {{"overlap", {before.overlap}, "1", "mean overlap with the pattern"},
                    {"perfect", {before.perfect}, "1", "share of cues without error"}};
  if (config.most_sweeps > 0) {
    result.axis.values.push_back(static_cast<double>(config.most_sweeps));
    result.metrics[0].values.push_back(after.overlap);
    result.metrics[1].values.push_back(after.perfect);
  }
  double sweeps = 0;
  for (const std::int64_t used : ran.recalled.sweeps) sweeps += static_cast<double>(used);
  const core::MatrixD weights = ran.array->weights();
  add("overlap", after.overlap, "mean overlap with the pattern after recall");
  add("perfect", after.perfect, "share of cues recalled without error");
  add("stable", ebm::stable_share(ran.stored(config), patterns),
      "share of patterns that the weights leave unchanged, free of noise");
  add("sweeps", sweeps / static_cast<double>(from.rows()), "mean number of sweeps of a cue");
  add("passes", static_cast<double>(ran.passes), "passes over the patterns in storing");
  add("patterns", static_cast<double>(patterns.rows()), "number of patterns");
  add("weight_max", weights.cwiseAbs().maxCoeff(), "largest size of a weight in the array");
  if (config.memory.pairwise()) {
    const double sum = (weights + weights.transpose()).norm();
    add("weight_asymmetry", sum > 0 ? (weights - weights.transpose()).norm() / sum : 0,
        "norm of W - W^T over norm of W + W^T");
  }
  for (const crossbar::Figure& figure : ran.array->figures())
    result.quality.push_back({figure.name, figure.value, figure.unit, figure.meaning});
}

}  // namespace

std::int64_t Recall::count() const {
  if (patterns) return *patterns;
  return std::max<std::int64_t>(1, std::llround(load.value_or(0.1) * static_cast<double>(units)));
}

std::string Recall::problem() const {
  if (std::string problem = crossbar::phases_problem(array); !problem.empty()) return problem;
  if (patterns && load)
    return "`patterns` and `load` both set the number of patterns: expected one of them";
  if (data && activity != 0.5)
    return "`activity` belongs to random patterns, and `data` gives the patterns: expected one of "
           "them";
  if (block != 1 && order == ebm::RecallOrder::synchronous)
    return "`block` divides asynchronous sweeps: expected order \"asynchronous\"";
  if (block > units)
    return fmt::format("a block has at most all units: expected block <= {}", units);
  constexpr std::int64_t most = std::int64_t{1} << 31;  // numbers of one matrix: 8 GiB
  if (std::max(count(), cues) > most / units)
    return fmt::format("patterns or cues times units are too many: expected at most {}", most);
  if (std::string found =
          memory.visit([&](const auto& m) { return m.problem_with(units, count()); });
      !found.empty()) {
    return fmt::format("memory \"{}\" with {} patterns on {} units: {}", memory.kind(), count(),
                       units, found);
  }
  return "";
}

results::Result Recall::run(const io::Dataset& examples, results::Progress& progress,
                            results::Checkpoint checkpoint) const {
  const Matrix given = patterns_of(*this, examples), from = cues_of(*this, given);
  const auto* ideal = std::get_if<crossbar::IdealArrayModel>(&array.choice);
  using Format = std::pair<crossbar::NumberFormat, cost::Machine>;
  std::vector<Format> twins{{{}, cost::Machine::accelerator}};
  for (const auto& format : twin_formats) twins.emplace_back(format, cost::Machine::accelerator);
  for (const auto& format : chip_formats) twins.emplace_back(format, cost::Machine::chip);

  progress.begin("machines", static_cast<std::int64_t>(twins.size()) + 1);
  const MakeArray make = [this](Index rows, Index cols, const crossbar::ArrayContext& context) {
    return array.visit([&](const auto& kind) { return kind.make(rows, cols, context); });
  };
  const std::unique_ptr<Memorised> ran = ran_on(*this, make, ideal == nullptr, given, from);
  results::Result result;
  add_quality(*this, *ran, given, from, result);
  auto [called_so, title] =
      ideal ? called(*this, ideal->format, ideal->machine)
            : std::pair<std::string, std::string>{
                  "simulated", fmt::format("{} on {} arrays", memory.kind(), array.kind())};
  const cost::Machine machine = ideal ? ideal->machine : cost::Machine::array;
  result.systems.push_back(system_of(*this, *ran, called_so, title, machine, given.rows()));
  std::int64_t done = 1;
  for (const auto& [format, kind] : twins) {
    checkpoint.pass();
    progress.advance(done++, "");
    auto [twin_name, twin_title] = called(*this, format, kind);
    const auto same = [&, &wanted = twin_name](const results::System& s) {
      return s.name == wanted;
    };
    if (std::any_of(result.systems.begin(), result.systems.end(), same)) continue;
    const MakeArray digital = [&, &f = format, &k = kind](Index rows, Index cols,
                                                          const crossbar::ArrayContext& context) {
      return std::make_unique<crossbar::IdealArray>(rows, cols, context, f, k);
    };
    const std::unique_ptr<Memorised> twin = ran_on(*this, digital, false, given, from);
    result.systems.push_back(system_of(*this, *twin, twin_name, twin_title, kind, given.rows()));
  }
  progress.end();
  return result;
}

}  // namespace ohmlab::experiments
