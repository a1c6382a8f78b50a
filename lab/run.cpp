#include "run.hpp"

#include <chrono>
#include <ctime>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "../core/errors.hpp"
#include "../core/parallel.hpp"
#include "../io/part_file.hpp"
#include "experiments.hpp"
#include "results/build.hpp"
#include "results/checkpoint.hpp"
#include "results/result_claim.hpp"
#include "results/stored.hpp"

namespace ohmlab::lab {
namespace {

/// True if the file holds this run. \throws core::UserError if it holds another run
bool finished(const std::filesystem::path& file, const std::string& id) {
  std::error_code ignored;  // an impossible path is reported when it is written
  if (!std::filesystem::exists(file, ignored)) return false;
  const std::string found = [&] {
    try {
      return results::read_result(file).identity.id;
    } catch (const results::ChangedFile& error) {
      throw core::UserError(fmt::format("{} (--force replaces it)", error.what()));
    }
  }();
  if (found != id)
    throw core::UserError(file, "no file, or run " + id, "run " + found + " (--force replaces it)");
  return true;
}

/// Outcome of a finished run, whose file is kept.
Outcome kept(const std::filesystem::path& file, results::Progress& progress) {
  Outcome out{file, results::read_result(file), false, {}};
  if (out.stored.facts.version != results::version_text()) {
    progress.say(fmt::format("{}: kept, made by version {}; --force runs it again", file.string(),
                             out.stored.facts.version));
  }
  return out;
}

/// \throws core::UserError if config and data give another id than planned
void require_id(const std::string& id, const std::string& planned) {
  if (planned.empty() || planned == id) return;
  throw core::UserError(
      fmt::format("expected run {} as planned, found run {}: the data have changed", planned, id));
}

/// \throws core::UserError if the state of another run lies beside the file, unless `force` is set
void require_own_state(const std::filesystem::path& file, const std::string& id, bool force,
                       results::Progress& progress) {
  const std::string found = results::id_of_state(file);
  if (found.empty() || found == id) return;
  std::filesystem::path state = file;
  state += ".state";
  if (!force)
    throw core::UserError(state, "no state, or that of run " + id,
                          "that of run " + found + " (--force discards it)");
  progress.say(fmt::format("{}: state of run {} discarded", state.string(), found));
  std::filesystem::remove(state);
}

}  // namespace

Outcome run(const Plan& plan, const RunOptions& options, results::Progress& progress) {
  core::require_threads();
  core::set_threads(static_cast<int>(options.threads));
  Outcome outcome = plan.experiment->visit([&](const auto& experiment) {
    const auto data = examples_of(experiment);
    const std::string id = id_of(plan, data.digest);
    const auto file = options.out.empty()
                          ? options.folder / fmt::format("{}-{}.h5", options.stem, id)
                          : options.out;
    require_id(id, options.id);
    results::require_regular(file);
    if (!options.force && finished(file, id)) {  // needs no claim: the folder may be read-only
      results::tidy_result(file, id);
      return kept(file, progress);
    }
    const auto claim =
        options.claimed ? nullptr : results::wait_for_claim(file, id, options.force, progress);
    if (!options.force && finished(file, id))
      return kept(file, progress);  // finished by the process that held the claim
    require_own_state(file, id, options.force, progress);

    io::PartFile(file).write({});  // fails before the work if the place cannot be written
    const auto begin = std::chrono::steady_clock::now();
    results::RunFacts facts{
        .version = results::version_text(),
        .compiler = results::compiler_text(),
        .started = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr))),
        .cpu = results::cpu_name(),
        .threads = core::threads(),
        .commit = results::commit_text()};
    results::Checkpoint checkpoint(file, id, options.checkpoint, progress);
    const results::Result result = experiment.run(data, progress, checkpoint);
    facts.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    Outcome out{
        file, results::write_and_read_back(file, {id, plan.config}, result, facts), true, {}};
    checkpoint.discard();  // last: if reading back fails, the state still exists
    return out;
  });
  outcome.warnings = plan.warnings;
  return outcome;
}

}  // namespace ohmlab::lab
