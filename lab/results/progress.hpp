#pragma once

#include <cstdint>
#include <string>

namespace ohmlab::results {

/// Listens to a long job, and may ask it to stop. The default ignores all calls and asks nothing.
class Progress {
 public:
  virtual ~Progress() = default;
  /// Begins a part of the job with this number of steps.
  virtual void begin(const std::string& what, std::int64_t steps) {
    static_cast<void>(what);
    static_cast<void>(steps);
  }
  /// Reports the number of steps done; `note` is the newest figure to show.
  virtual void advance(std::int64_t done, const std::string& note) {
    static_cast<void>(done);
    static_cast<void>(note);
  }
  /// Reports the number of steps done by an earlier process: they do not count for the speed of
  /// this one.
  virtual void resume(std::int64_t done) { advance(done, "resumed"); }
  virtual void end() {}
  /// Reports a message to the user, e.g. the reason why work is repeated.
  virtual void say(const std::string& line) { static_cast<void>(line); }
  /// True if the job should store its state and stop; called often.
  [[nodiscard]] virtual bool interrupted() { return false; }
};

}  // namespace ohmlab::results
