#pragma once

#include <string>
#include <vector>

#include "../core/describe.hpp"

namespace ohmlab::lab {

struct RoomInfo {
  std::string name, holds;
  std::vector<core::CatalogueInfo> catalogues;
};

/// All rooms with catalogues, with every entry and field.
[[nodiscard]] std::vector<RoomInfo> describe_rooms();

/// The room of this name, reduced to the catalogue or entry of this name; "" stands for all.
/// \throws core::UserError listing the known names if a name is unknown
[[nodiscard]] std::vector<RoomInfo> describe_rooms(const std::string& room,
                                                   const std::string& name);

}  // namespace ohmlab::lab
