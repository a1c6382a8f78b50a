#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "../../io/file_lock.hpp"
#include "progress.hpp"

/// One run at a time for each result file. `run` and sweeps hold the lock `RESULT.lock` from before
/// the work until after the cleanup.
namespace ohmlab::results {

/// Right to work on a result. Makes the folder; removes it at the end if it is empty again.
class ResultClaim {
 public:
  /// Takes the lock if it is free; see `held`.
  /// \param id  id of the run, shown to processes that find the lock taken
  /// \throws core::UserError if the name belongs to a folder, device or FIFO, core::WorldError
  ResultClaim(std::filesystem::path result, const std::string& id);
  ResultClaim(const ResultClaim&) = delete;
  ResultClaim& operator=(const ResultClaim&) = delete;
  ~ResultClaim();

  [[nodiscard]] bool held() const { return lock_->held(); }
  /// Id of the run that holds the lock; empty while unknown.
  [[nodiscard]] std::string holder() const { return lock_->note(); }

 private:
  std::filesystem::path folder_;
  bool made_folder_ = false;
  std::unique_ptr<io::FileLock> lock_;
};

/// Waits for other processes at work on this result, then returns a held claim.
/// \param force  also waits for a run of another id, to replace its result
/// \throws core::UserError if a run of another id is at work there, unless `force` is set;
/// Interrupted
[[nodiscard]] std::unique_ptr<ResultClaim> wait_for_claim(const std::filesystem::path& result,
                                                          const std::string& id, bool force,
                                                          Progress& progress);

/// \throws core::UserError if a result or its state exists but is no regular file: a folder, a
/// device, a FIFO
void require_regular(const std::filesystem::path& result);

/// Removes the state and half-written files of a run that was killed between its end and its
/// cleanup. Keeps the state of another run. Does nothing while another process is at work there.
void tidy_result(const std::filesystem::path& result, const std::string& id);

}  // namespace ohmlab::results
