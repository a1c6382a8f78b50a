#pragma once

#include <cstddef>
#include <vector>

namespace ohmlab::headers {

/// Sizes of types and addresses of objects as a translation unit sees them that includes every
/// public header.
struct Seen {
  std::vector<std::size_t> sizes;
  std::vector<const void*> objects;
};

[[nodiscard]] Seen seen_by_one_unit();
[[nodiscard]] Seen seen_by_other_unit();

}  // namespace ohmlab::headers
