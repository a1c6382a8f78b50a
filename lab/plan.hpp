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

/// A config that was read, checked and filled with defaults. Only `experiments.hpp` knows what an
/// experiment is made of, so that a program which plans and runs need not.
struct Plan {
  std::shared_ptr<const Experiment> experiment;
  std::string config;  ///< resolved text: sorted, SI, defaults filled in
  /// Doubts about the config, one line each; to be shown above the result
  std::vector<std::string> warnings;
};

/// \throws core::UserError naming file, line, key, value and what was expected
[[nodiscard]] Plan plan(const core::Node& config);

/// The tree of a plan's resolved config.
[[nodiscard]] core::Node tree_of(const Plan& plan);

/// The same plan with its seed moved on. \throws core::UserError for seeds from 2^63
[[nodiscard]] Plan with_next_seed(const Plan& plan, std::int64_t by);

/// Data files and folders as they were found, in the order of the config.
[[nodiscard]] std::vector<std::filesystem::path> found_paths(const Plan& plan);

/// The same plan with its data found elsewhere. \pre as many paths as `found_paths` gives
[[nodiscard]] Plan with_found_paths(const Plan& plan, std::span<const std::filesystem::path> found);

/// Digests of the data that plans read, each read once.
class DataDigests {
 public:
  /// \throws core::UserError, core::WorldError for data that cannot be read
  [[nodiscard]] const std::string& of(const Plan& plan);

 private:
  std::map<std::string, std::string> known_;
};

/// The id of a planned run: what decides its result, and no more, as 16 hexadecimal digits.
/// \param data_digest  of the examples it reads
[[nodiscard]] std::string id_of(const Plan& plan, const std::string& data_digest);

}  // namespace ohmlab::lab
