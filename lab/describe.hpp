#pragma once

#include <string>
#include <vector>

#include "ohmlab/core/fields.hpp"

namespace ohmlab::lab {

struct RoomInfo {
  std::string name, holds;
  std::vector<core::CatalogueInfo> catalogues;
};

/// Every room that has something to choose from, with everything there is to choose and to set.
[[nodiscard]] std::vector<RoomInfo> describe_rooms();

}  // namespace ohmlab::lab
