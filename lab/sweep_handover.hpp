#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sweep.hpp"

namespace ohmlab::lab {

/// Options and resolved points that a sweep hands to its jobs, which read no config.
struct SweepHandover {
  std::int64_t parent = 0;  ///< process id of the sweep
  SweepOptions options;
  std::vector<SweepPoint> points;
};

[[nodiscard]] std::string to_bytes(std::int64_t parent, const SweepOptions& options,
                                   const std::vector<const SweepPoint*>& points);

/// \throws core::UserError if the bytes are no handover
[[nodiscard]] SweepHandover handover_of(std::string_view bytes);

}  // namespace ohmlab::lab
