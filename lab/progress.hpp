#pragma once

#include <cstdint>
#include <string>

namespace ohmlab::lab {

/// Hears how a long job gets on. The default listens to nothing.
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
  virtual void end() {}
};

}  // namespace ohmlab::lab
