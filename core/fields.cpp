#include "fields.hpp"

#include <cmath>

#include <fmt/format.h>

namespace ohmlab::core {

std::string Range::text() const {
  const bool has_low = std::isfinite(low), has_high = std::isfinite(high);
  if (has_low && has_high && !low_open && !high_open)
    return fmt::format("from {} to {}", low, high);
  std::string out;
  if (has_low) out = fmt::format("{} {}", low_open ? "above" : "at least", low);
  if (has_high)
    out +=
        fmt::format("{}{} {}", out.empty() ? "" : " and ", high_open ? "below" : "at most", high);
  return out;
}

}  // namespace ohmlab::core
