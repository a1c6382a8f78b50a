#include "result_claim.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <exception>
#include <system_error>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "../../core/errors.hpp"
#include "checkpoint.hpp"

namespace ohmlab::results {
namespace {

std::filesystem::path with(std::filesystem::path file, const char* ending) {
  file += ending;
  return file;
}

std::string kind_of(std::filesystem::file_type type) {
  switch (type) {
    case std::filesystem::file_type::directory:
      return "a folder";
    case std::filesystem::file_type::character:
    case std::filesystem::file_type::block:
      return "a device file";
    case std::filesystem::file_type::fifo:
      return "a FIFO";
    case std::filesystem::file_type::socket:
      return "a socket";
    default:
      return "no regular file";
  }
}

void require_regular_name(const std::filesystem::path& file) {
  std::error_code ignored;  // an impossible path is reported when it is written
  const std::filesystem::file_status status = std::filesystem::status(file, ignored);
  if (!std::filesystem::exists(status) || std::filesystem::is_regular_file(status)) return;
  throw core::UserError(file, "the name of a file", kind_of(status.type()));
}

}  // namespace

ResultClaim::ResultClaim(std::filesystem::path result, const std::string& id)
    : folder_(result.has_parent_path() ? result.parent_path() : std::filesystem::path(".")) {
  require_regular(result);
  std::error_code error;
  made_folder_ = std::filesystem::create_directories(folder_, error);
  if (error)
    throw core::WorldError(folder_, fmt::format("folder cannot be made: {}", error.message()));
  lock_ = std::make_unique<io::FileLock>(with(std::move(result), ".lock"));
  if (lock_->held()) lock_->leave(id);
}

ResultClaim::~ResultClaim() {
  lock_.reset();
  std::error_code ignored;
  if (made_folder_) std::filesystem::remove(folder_, ignored);  // no effect if it is not empty
}

std::unique_ptr<ResultClaim> wait_for_claim(const std::filesystem::path& result,
                                            const std::string& id, bool force, Progress& progress) {
  constexpr auto between_looks = std::chrono::milliseconds(100);
  // The id of a killed holder stays in the lock until the next holder writes its own.
  std::string before;
  for (int look = 0;; ++look) {
    auto claim = std::make_unique<ResultClaim>(result, id);
    if (claim->held()) return claim;
    const std::string holder = claim->holder();
    if (!force && !holder.empty() && holder != id && holder == before) {
      throw core::UserError(result, "no other run at work on it, or run " + id,
                            "run " + holder + " at work (--force waits and replaces its result)");
    }
    before = holder;
    if (look == 1)
      progress.say(fmt::format("{}: another process is at work on it; waiting", result.string()));
    if (progress.interrupted()) throw Interrupted(result);
    std::this_thread::sleep_for(between_looks);
  }
}

void require_regular(const std::filesystem::path& result) {
  if (!result.has_filename()) throw core::UserError(result, "the name of a file", "a folder");
  require_regular_name(result);
  require_regular_name(with(result, ".state"));
}

void tidy_result(const std::filesystem::path& result, const std::string& id) {
  const std::filesystem::path state = with(result, ".state"), lock = with(result, ".lock");
  const std::array parts{with(result, ".part"), with(state, ".part")};
  const auto there = [](const std::filesystem::path& file) {
    std::error_code ignored;
    return std::filesystem::is_regular_file(file, ignored);
  };
  if (!there(state) && !there(lock) && std::none_of(parts.begin(), parts.end(), there)) return;
  try {
    const ResultClaim claim(result, id);
    if (!claim.held()) return;
    std::error_code ignored;
    for (const std::filesystem::path& part : parts) {
      if (there(part)) std::filesystem::remove(part, ignored);
    }
    if (id_of_state(result) == id) std::filesystem::remove(state, ignored);
  } catch (const std::exception&) {
    return;  // e.g. a read-only folder: the result is finished all the same
  }
}

}  // namespace ohmlab::results
