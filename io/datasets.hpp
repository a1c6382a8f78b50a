#pragma once

#include <string_view>

#include "ohmlab/core/fields.hpp"
#include "ohmlab/io/data_bars_and_stripes.hpp"
#include "ohmlab/io/data_idx.hpp"

namespace ohmlab::io {

struct Data : core::OneOf<IdxImages,  //
                          BarsAndStripes> {
  static constexpr std::string_view name = "data";
  static constexpr std::string_view question = "Which examples are learned?";

  [[nodiscard]] Dataset load() const {
    return visit([](const auto& data) { return data.load(); });
  }
};

}  // namespace ohmlab::io
