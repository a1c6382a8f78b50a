#pragma once

#include "network.hpp"

namespace ohmlab::ebm {

/// Restores the state of a network at the end of its scope.
class Untouched {
 public:
  explicit Untouched(Network& network) : network_(network) { network.state(before_); }
  ~Untouched() {
    core::Archive again(before_.items());
    network_.state(again);
  }
  Untouched(const Untouched&) = delete;
  Untouched& operator=(const Untouched&) = delete;

 private:
  Network& network_;
  core::Archive before_;
};

}  // namespace ohmlab::ebm
