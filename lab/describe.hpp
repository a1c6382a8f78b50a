#pragma once

#include <string>
#include <vector>

#include "../core/describe.hpp"

namespace ohmlab::lab {

struct RoomInfo {
  std::string name, holds;
  std::vector<core::CatalogueInfo> catalogues;
};

/// Every room that has something to choose from, with everything there is to choose and to set.
[[nodiscard]] std::vector<RoomInfo> describe_rooms();

/// Of these the room asked for, and in it the catalogue or entry asked for; "" asks for everything.
/// \throws core::UserError for an unknown name, with the known ones
[[nodiscard]] std::vector<RoomInfo> describe_rooms(const std::string& room,
                                                   const std::string& name);

}  // namespace ohmlab::lab
