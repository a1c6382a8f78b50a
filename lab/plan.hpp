#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "../core/config.hpp"

namespace ohmlab::lab {

struct Experiment;

/// A config that was read, checked and filled with defaults. `Experiment` is complete in
/// `experiments.hpp` only: a program that plans and runs need not include it.
struct Plan {
  std::shared_ptr<const Experiment> experiment;
  std::string config;  ///< resolved text: sorted, SI, defaults filled in
  /// Doubts about the config, one line each; shown above the result
  std::vector<std::string> warnings;
};

/// \throws core::UserError naming file, line, key, value and the expected value
[[nodiscard]] Plan plan(const core::Node& config);

/// Tree of a plan's resolved config.
[[nodiscard]] core::Node tree_of(const Plan& plan);

/// The same plan with `by` added to its seed. \throws core::UserError if the seed reaches 2^63
[[nodiscard]] Plan with_next_seed(const Plan& plan, std::int64_t by);

/// Paths at which data files and folders were found, in the order of the config.
[[nodiscard]] std::vector<std::filesystem::path> found_paths(const Plan& plan);

/// The same plan with these paths of its data. \pre one path for each of `found_paths`
[[nodiscard]] Plan with_found_paths(const Plan& plan, std::span<const std::filesystem::path> found);

/// Digests of the data of plans; each data set is read once.
class DataDigests {
 public:
  /// \throws core::UserError, core::WorldError for data that cannot be read
  [[nodiscard]] const std::string& of(const Plan& plan);

 private:
  std::map<std::string, std::string> known_;
};

/// Id of a planned run, 16 hexadecimal digits: a hash of all that decides its result.
/// \param data_digest  digest of the examples that the run reads
[[nodiscard]] std::string id_of(const Plan& plan, const std::string& data_digest);

}  // namespace ohmlab::lab
