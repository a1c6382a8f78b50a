#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "../../core/config.hpp"
#include "../plan.hpp"
#include "task.hpp"

namespace ohmlab::verdict {

/// The user's question.
struct Question {
  std::string device;               ///< file or preset of the device, as typed
  std::string task = "digits";      ///< name or file of the task
  std::vector<core::Setting> sets;  ///< overrides: "verdict.KEY" of the task, else of the runs
};

/// A setting that is trained: a config with everything decided.
struct Candidate {
  std::string label;                    ///< e.g. "PCD, pulses of the difference, rate 0.02"
  std::vector<core::Setting> settings;  ///< values on an empty config
  lab::Plan plan;                       ///< with the data of the test
};

/// Candidates of one side, and those that cannot be built.
struct Candidates {
  std::string side, title;
  std::vector<Candidate> runs;
  std::vector<std::string> refused;  ///< "label: reason"
};

/// The plan of settings on an empty config. \throws core::UserError
[[nodiscard]] lab::Plan planned(const FoundTask& task, const std::vector<core::Setting>& settings);

/// File of the device. \throws core::UserError, core::WorldError as `core::find_config`
[[nodiscard]] std::filesystem::path device_file(const Question& question);

/// The analog side first, then the digital ones. Settings "array.…" of the user hold for the analog
/// side, all others for both.
/// \throws core::UserError if no candidate of a side can be built, with the reason of the first
[[nodiscard]] std::vector<Candidates> candidates(const FoundTask& task, const Question& question);

/// Runs without rates, as their configs stand.
[[nodiscard]] std::vector<Candidate> fixed_runs(const FoundTask& task);

/// The best analog candidate with one property removed, for each property that it has.
[[nodiscard]] std::vector<Candidate> with_removed(const FoundTask& task, const Candidate& best);

/// The same run with other data. \param folder  absolute
[[nodiscard]] lab::Plan on_data(const FoundTask& task, const Candidate& candidate,
                                const std::filesystem::path& folder);

}  // namespace ohmlab::verdict
