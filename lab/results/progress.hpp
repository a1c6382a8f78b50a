#pragma once

#include <cstdint>
#include <string>

namespace ohmlab::results {

/// Hears how a long job gets on, and may ask it to stop. The default listens to nothing and asks
/// nothing.
class Progress {
 public:
  virtual ~Progress() = default;
  /// A new part of the job with so many steps.
  virtual void begin(const std::string& what, std::int64_t steps) {
    static_cast<void>(what);
    static_cast<void>(steps);
  }
  /// So many steps of it are done; `note` is the newest figure worth showing.
  virtual void advance(std::int64_t done, const std::string& note) {
    static_cast<void>(done);
    static_cast<void>(note);
  }
  /// So many steps had been done by an earlier process; they say nothing about how fast this one
  /// is.
  virtual void resume(std::int64_t done) { advance(done, "resumed"); }
  virtual void end() {}
  /// Something the user should know, e.g. why work is done again.
  virtual void say(const std::string& line) { static_cast<void>(line); }
  /// Whether the job should store its state and stop; asked often.
  [[nodiscard]] virtual bool interrupted() { return false; }
};

}  // namespace ohmlab::results
