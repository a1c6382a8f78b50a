#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "../../io/file_lock.hpp"
#include "progress.hpp"

/// One result file, one run at a time: the lock `RESULT.lock` is held from before the work until
/// after its cleaning up, by `run` as by a sweep.
namespace ohmlab::results {

/// The right to work on a result. Makes the folder; removes it at the end if it is empty again.
class ResultClaim {
 public:
  /// Takes the lock if nobody holds it; see `held`.
  /// \param id  of the run, for those who find it locked
  /// \throws core::UserError if the name is taken by what is no regular file, core::WorldError
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

/// A claim that is held, waiting for other processes that are at this result.
/// \param force  also waits for a run of another id, whose result is to be replaced
/// \throws core::UserError if another run is making another result there, Interrupted
[[nodiscard]] std::unique_ptr<ResultClaim> wait_for_claim(const std::filesystem::path& result,
                                                          const std::string& id, bool force,
                                                          Progress& progress);

/// \throws core::UserError if the name of a result, or of its state, is taken by what is no regular
/// file: a folder, a device, a FIFO
void require_regular(const std::filesystem::path& result);

/// Removes what a kill between the end of a run and its cleaning up has left beside its result: its
/// state and half-written files. Leaves the state of another run, and all of it while another
/// process is at work there.
void tidy_result(const std::filesystem::path& result, const std::string& id);

}  // namespace ohmlab::results
