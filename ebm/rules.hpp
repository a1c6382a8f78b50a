#pragma once

#include <string_view>

#include "ohmlab/core/fields.hpp"
#include "ohmlab/ebm/rule_cd.hpp"
#include "ohmlab/ebm/rule_pcd.hpp"

namespace ohmlab::ebm {

struct Rule : core::OneOf<ContrastiveDivergence,  //
                          PersistentCd> {
  static constexpr std::string_view name = "rule";
  static constexpr std::string_view question =
      "What does a cell do with what it sees in the learning phases?";
};

}  // namespace ohmlab::ebm
