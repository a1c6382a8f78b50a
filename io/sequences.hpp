#pragma once

#include <string_view>
#include <vector>

#include "ohmlab/core/fields.hpp"
#include "ohmlab/io/data_pixels.hpp"
#include "ohmlab/io/data_text.hpp"

namespace ohmlab::io {

struct Sequences : core::OneOf<PixelSequences,  //
                               TextFile> {
  static constexpr std::string_view name = "sequences";
  static constexpr std::string_view question = "Which sequences are learned?";

  [[nodiscard]] SequenceSet load() const {
    return visit([](const auto& data) { return data.load(); });
  }
};

[[nodiscard]] inline std::vector<core::CatalogueInfo> catalogues() {
  return {core::describe_catalogue<Data>(), core::describe_catalogue<Sequences>()};
}

}  // namespace ohmlab::io
