#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "../../core/archive.hpp"
#include "progress.hpp"

namespace ohmlab::results {

/// A job was asked to stop; the same command goes on from a file. Thrown by `reached` once a state
/// is stored, by a run that waits for another process, and by a sweep, which names its folder. Of a
/// job without a state the same command begins again.
class Interrupted : public std::exception {
 public:
  Interrupted();
  explicit Interrupted(const std::filesystem::path& file);
  [[nodiscard]] const char* what() const noexcept override { return text_.c_str(); }

 private:
  std::string text_;
};

/// Stored state of a long job: one file beside the result, `RESULT.state`. It is replaced whole at
/// a fixed interval, and at once when the job is asked to stop. A resumed job gives the same bits.
class Checkpoint {
 public:
  /// Names the members of a job's state, for saving and restoring; see core::Archive.
  using State = std::function<void(core::Archive&)>;

  /// A checkpoint that stores nothing.
  Checkpoint() = default;
  /// \param id        id of the run; the state of another run or build is not resumed
  /// \param every     seconds from one stored state to the next, longer where storing takes longer,
  ///                  so that a slow disk takes half of the time at most; 0: at every opportunity
  /// \param progress  may ask the job to stop; outlives the checkpoint
  Checkpoint(std::filesystem::path result, std::string id, double every, Progress& progress);

  /// Restores the state of this run and build; returns false if there is none.
  /// \throws core::UserError if the file was changed or its state is impossible
  bool resume(const State& state);

  /// Called wherever the job could stop: stores the state if the interval has passed or the job is
  /// asked to stop. If that fails, progress reports it, the job goes on, and the file is as before.
  /// \throws Interrupted if the job was asked to stop and a state is stored
  /// \throws core::WorldError if it was asked to stop and no state could be stored
  void reached(const State& state);

  /// Called where a short job without a state could stop.
  /// \throws Interrupted if it was asked to stop
  void pass() const;

  /// Stores the state now. If that fails, progress reports it and the job goes on.
  void store(const State& state);

  /// Removes the file: the job is done.
  void discard() const;

 private:
  /// Returns the reason of a failure; "" on success.
  [[nodiscard]] std::string try_to_store(const State& state);
  void write(const State& state) const;

  std::filesystem::path file_;
  std::string id_;
  bool stored_ = false;  ///< a state of this run is stored
  using Seconds = std::chrono::duration<double>;
  Seconds every_{0};
  Seconds pause_{0};  ///< `every_`, or the time that the last store took if that is longer
  Progress* progress_ = nullptr;
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

/// Id of the run whose state lies beside a result; empty if there is no state.
/// \throws core::UserError if the state is damaged
[[nodiscard]] std::string id_of_state(const std::filesystem::path& result);

}  // namespace ohmlab::results
