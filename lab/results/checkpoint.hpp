#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "../../core/archive.hpp"
#include "progress.hpp"

namespace ohmlab::results {

/// A job was asked to stop. Its state is stored: the same command goes on from there.
class Interrupted : public std::exception {
 public:
  explicit Interrupted(const std::filesystem::path& file);
  [[nodiscard]] const char* what() const noexcept override { return text_.c_str(); }

 private:
  std::string text_;
};

/// Where a long job keeps what it needs to go on: one file beside the result, `RESULT.state`, that
/// is replaced whole every so many seconds, and at once when the job is asked to stop. A resumed
/// job comes to the same bits.
class Checkpoint {
 public:
  /// Names the members of the job, in saving as in restoring; see core::Archive.
  using State = std::function<void(core::Archive&)>;

  /// A checkpoint that keeps nothing.
  Checkpoint() = default;
  /// \param id     of the run; a state of another run, or of another build, is not resumed from
  /// \param every  seconds between two states
  /// \param progress  asked whether to stop; outlives the checkpoint
  Checkpoint(std::filesystem::path result, std::string id, double every, Progress& progress);

  /// Restores a stored state, if there is one to go on from.
  /// \throws core::UserError if the file is there but is not as it was written, or holds what
  /// cannot be
  bool resume(const State& state);

  /// To be called wherever the job could stop: stores its state if it is time to. If that fails,
  /// the job is told and goes on; the file is then as before.
  /// \throws Interrupted if the job was asked to stop and there is a state
  /// \throws core::WorldError if it was asked to stop and none could be stored
  void reached(const State& state);

  /// Stores its state now. If that fails, the job is told and goes on.
  void store(const State& state);

  /// Removes the file: the job is done.
  void discard() const;

 private:
  /// Why it failed; "" if it did not.
  [[nodiscard]] std::string try_to_store(const State& state);
  void write(const State& state) const;

  std::filesystem::path file_;
  std::string id_;
  bool stored_ = false;  ///< there is a state of this run
  std::chrono::duration<double> every_{0};
  Progress* progress_ = nullptr;
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

/// The id of the run whose state lies beside a result; empty if there is none.
/// \throws core::UserError if the file is there but is damaged
[[nodiscard]] std::string id_of_state(const std::filesystem::path& result);

}  // namespace ohmlab::results
