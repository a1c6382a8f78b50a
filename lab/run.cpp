#include "ohmlab/lab/run.hpp"

#include <chrono>
#include <ctime>
#include <fstream>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "ohmlab/core/errors.hpp"
#include "ohmlab/core/hash.hpp"
#include "ohmlab/core/parallel.hpp"
#include "ohmlab/io/part_file.hpp"
#include "ohmlab/lab/version.hpp"

namespace ohmlab::lab {
namespace {

std::string cpu_name() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);) {
    if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
  }
  return "unknown";
}

/// Whether a file holds this run already. \throws core::UserError if it holds another, which is not to be
/// lost
bool finished(const std::filesystem::path& file, const std::string& id) {
  std::error_code ignored;  // a path that cannot exist is reported when it is to be written
  if (!std::filesystem::exists(file, ignored)) return false;
  const std::string found = [&] {
    try {
      return read_result(file).identity.id;
    } catch (const ChangedFile& error) {
      throw core::UserError(fmt::format("{} (--force replaces it)", error.what()));
    }
  }();
  if (found != id)
    throw core::UserError(file, "no file, or run " + id, "run " + found + " (--force replaces it)");
  return true;
}

}  // namespace

Plan plan(const core::Node& config) {
  if (const core::Node* sweep = config.find("sweep")) {
    throw core::UserError(sweep->where, "sweep", "", "this is a sweep: use \"ohmlab sweep\"");
  }
  Plan out;
  out.experiment = core::read<Experiment>(config);
  out.config = core::canonical_text(core::to_node(out.experiment));
  return out;
}

/// SHA-256 over schema, resolved config without paths, and the digest of the data.
std::string id_of(const Plan& plan, const std::string& data_digest) {
  Experiment experiment = plan.experiment;
  core::each_path(experiment, [](core::DataPath& path) { path.text.clear(); });
  core::Sha256 hash;
  hash.add(fmt::format("schema {}\n", schema))
      .add(core::canonical_text(core::to_node(experiment)))
      .add(data_digest);
  return hash.hex().substr(0, 16);
}

Outcome run(const Plan& plan, const RunOptions& options, Progress& progress) {
  core::set_threads(static_cast<int>(options.threads));
  return plan.experiment.visit([&](const auto& experiment) {
    const auto data = examples_of(experiment);
    const std::string id = id_of(plan, data.digest);
    const auto file =
        options.out.empty() ? options.folder / fmt::format("{}-{}.h5", options.stem, id) : options.out;
    if (!options.force && finished(file, id)) {
      Outcome out{file, read_result(file), false};
      if (out.stored.facts.version != version) {
        progress.say(fmt::format("{}: kept, made by version {}; --force runs it again", file.string(),
                                 out.stored.facts.version));
      }
      return out;
    }

    io::PartFile(file).write({});  // a place that cannot be written is found before the work, not after it
    const auto begin = std::chrono::steady_clock::now();
    RunFacts facts{.version = version,
                   .compiler = compiler,
                   .started = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr))),
                   .cpu = cpu_name(),
                   .threads = core::threads()};
    Checkpoint checkpoint(file, id, options.checkpoint, progress);
    const Result result = experiment.run(data, progress, checkpoint);
    facts.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    write_result(file, {id, plan.config}, result, facts);
    Outcome out{file, read_result(file), true};
    checkpoint.discard();  // last: until here the state is what there is
    return out;
  });
}

}  // namespace ohmlab::lab
