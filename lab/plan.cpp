#include "plan.hpp"

#include <limits>

#include <fmt/format.h>

#include "../core/field_values.hpp"
#include "../core/hash.hpp"
#include "experiments.hpp"
#include "results/result.hpp"

namespace ohmlab::lab {
namespace {

Plan planned(Experiment experiment, std::vector<std::string> warnings) {
  Plan out;
  out.config = core::canonical_text(core::to_node(experiment));
  out.experiment = std::make_shared<const Experiment>(std::move(experiment));
  out.warnings = std::move(warnings);
  return out;
}

}  // namespace

Plan plan(const core::Node& config) {
  if (const core::Node* sweep = config.find("sweep")) {
    throw core::UserError(sweep->where, "sweep", "", "this is a sweep: use \"ohmlab sweep\"");
  }
  auto experiment = core::read<Experiment>(config);
  experiment.visit([&](const auto& e) {
    if constexpr (requires { e.unmet(); }) {
      if (const std::string why = e.unmet(); !why.empty())
        throw core::UserError(core::blamed(config), "", "", why);
    }
  });
  auto warnings = core::doubts_of(experiment, config);
  return planned(std::move(experiment), std::move(warnings));
}

core::Node tree_of(const Plan& plan) { return core::to_node(*plan.experiment); }

Plan with_next_seed(const Plan& plan, std::int64_t by) {
  Experiment experiment = *plan.experiment;
  std::visit([&](auto& e) {
    if (e.seed > std::numeric_limits<std::int64_t>::max() - by) {
      throw core::UserError({}, "seed", std::to_string(e.seed),
                            fmt::format("expected a seed from which repeat {} is below 2^63", by));
    }
    e.seed += by;
  }, experiment.choice);
  return planned(std::move(experiment), plan.warnings);
}

std::vector<std::filesystem::path> found_paths(const Plan& plan) {
  std::vector<std::filesystem::path> out;
  core::each_path(*plan.experiment,
                  [&](const core::DataPath& path) { out.push_back(path.resolved); });
  return out;
}

Plan with_found_paths(const Plan& plan, std::span<const std::filesystem::path> found) {
  Experiment experiment = *plan.experiment;
  std::size_t next = 0;
  core::each_path(experiment, [&](core::DataPath& path) { path.resolved = found[next++]; });
  core::read_files(experiment);
  return planned(std::move(experiment), plan.warnings);
}

const std::string& DataDigests::of(const Plan& plan) {
  return plan.experiment->visit([&](const auto& experiment) -> const std::string& {
    std::string key = plan.config;
    if constexpr (requires { experiment.data.load(); })
      key = core::canonical_text(core::to_node(experiment.data));
    const auto found = known_.find(key);
    return found != known_.end()
               ? found->second
               : known_.emplace(key, examples_of(experiment).digest).first->second;
  });
}

/// SHA-256 over the schema, the resolved config without paths, and the digests of the data and of
/// the files that belong to the config.
std::string id_of(const Plan& plan, const std::string& data_digest) {
  Experiment experiment = *plan.experiment;
  std::string digests = data_digest;
  core::each_path(experiment, [&](core::DataPath& path) {
    path.text.clear();
    digests += path.digest;
  });
  core::Sha256 hash;
  hash.add(fmt::format("schema {}\n", results::schema))
      .add(core::canonical_text(core::to_node(experiment)))
      .add(digests);
  return hash.hex().substr(0, 16);
}

}  // namespace ohmlab::lab
