#include "netlist.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <type_traits>

#include <fmt/format.h>

#include "../core/config.hpp"
#include "../core/errors.hpp"
#include "../core/suggest.hpp"
#include "../crossbar/netlist.hpp"
#include "experiments.hpp"
#include "experiments/task.hpp"

namespace ohmlab::lab {
namespace {

/// Conductances of the planes of every array, S.
using Arrays = std::map<std::string, std::vector<core::MatrixD>>;

Arrays arrays_of(const std::vector<results::Parameter>& parameters) {
  std::map<std::string, std::map<std::size_t, core::MatrixD>> found;
  for (const results::Parameter& parameter : parameters) {
    const std::size_t at = parameter.name.rfind(experiments::of_cells);
    if (at == std::string::npos) continue;
    const char* number = parameter.name.data() + at + experiments::of_cells.size();
    std::size_t plane = 0;
    if (std::from_chars(number, parameter.name.data() + parameter.name.size(), plane).ec !=
        std::errc())
      continue;
    found[parameter.name.substr(0, at)][plane] = parameter.values;
  }
  Arrays out;
  for (auto& [name, planes] : found) {
    for (auto& [plane, values] : planes) out[name].push_back(std::move(values));
  }
  return out;
}

std::string written(const crossbar::ArrayModel& model, const Arrays& arrays,
                    const NetlistRead& read, const std::string& origin) {
  std::vector<std::string_view> names;
  for (const auto& [name, planes] : arrays) names.push_back(name);
  if (names.empty()) {
    throw core::UserError({}, "array", "",
                          "no conductances are known: expected array = \"analog\" of a device "
                          "with g_min and g_max, copies = 1");
  }
  const bool only = read.array.empty() && names.size() == 1;
  const auto found = only ? arrays.begin() : arrays.find(read.array);
  if (found == arrays.end()) {
    throw core::UserError(
        {}, "", "",
        fmt::format("no array \"{}\"{}; there are: {}", read.array,
                    core::did_you_mean(read.array, names), fmt::join(names, ", ")));
  }
  const core::MatrixD& first = found->second.front();
  core::Vector x(read.transposed ? first.cols() : first.rows());
  if (read.input.size() == 1) {
    x.setConstant(read.input[0]);
  } else if (static_cast<core::Index>(read.input.size()) == x.size()) {
    std::ranges::copy(read.input, x.data());
  } else {
    throw core::UserError({}, "--input", fmt::format("{} numbers", read.input.size()),
                          fmt::format("expected 1 for all lines, or {}", x.size()));
  }
  const std::vector<std::string> about{fmt::format("array {} of {}", found->first, origin)};
  return crossbar::netlist_of(
      crossbar::circuit_of(
          model, found->second,
          read.transposed ? crossbar::Direction::to_rows : crossbar::Direction::to_cols, x),
      about);
}

}  // namespace

std::string netlist(const results::StoredResult& result, const NetlistRead& read) {
  const core::Node config = core::parse_config(result.identity.config, "stored config");
  const core::Node* array = config.find("array");
  if (array == nullptr) {
    throw core::UserError({}, "kind", "",
                          "this experiment has no array: expected a result of \"train\" or "
                          "\"deploy\"");
  }
  return written(core::read<crossbar::ArrayModel>(*array), arrays_of(result.result.parameters),
                 read, fmt::format("run {}, at its end", result.identity.id));
}

std::string netlist(const Plan& plan, const NetlistRead& read) {
  return plan.experiment->visit([&]<class E>(const E& experiment) -> std::string {
    if constexpr (std::is_same_v<E, experiments::Train>) {
      const io::Dataset examples = experiment.data.load();
      const std::string id = id_of(plan, examples.digest);
      cost::Tally tally;
      ebm::Network network(experiment.plan_for(experiments::task_of(examples)), experiment.neuron,
                           static_cast<std::uint64_t>(experiment.seed), tally, experiment.arrays());
      network.initialise(ebm::frequencies(examples.train));
      return written(experiment.array, arrays_of(experiments::stored_cells(network)), read,
                     fmt::format("run {}, before its first update", id));
    } else {
      throw core::UserError({}, "kind", fmt::format("\"{}\"", E::name),
                            "only a training has arrays before it runs: expected \"train\", or a "
                            "result");
    }
  });
}

}  // namespace ohmlab::lab
