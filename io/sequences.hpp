#pragma once

#include <concepts>
#include <string_view>

#include "../core/fields.hpp"
#include "data_pixels.hpp"
#include "data_text.hpp"

namespace ohmlab::io {

template <class T>
concept SequencesEntry = core::Described<T> && requires(const T& t) {
  { t.load() } -> std::same_as<SequenceSet>;
};

struct Sequences : core::OneOf<PixelSequences,  //
                               TextFile> {
  static constexpr std::string_view name = "sequences";
  static constexpr std::string_view question = "Which sequences are learned?";
  static_assert(each_is([]<class Entry>() { return SequencesEntry<Entry>; }));

  [[nodiscard]] SequenceSet load() const {
    return visit([](const auto& data) { return data.load(); });
  }
};

}  // namespace ohmlab::io
