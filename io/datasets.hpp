#pragma once

#include <concepts>
#include <string_view>

#include "../core/fields.hpp"
#include "data_bars_and_stripes.hpp"
#include "data_idx.hpp"
#include "data_windows.hpp"

namespace ohmlab::io {

template <class T>
concept DataEntry = core::Described<T> && requires(const T& t) {
  { t.load() } -> std::same_as<Dataset>;
};

struct Data : core::OneOf<IdxImages,  //
                          BarsAndStripes, TextWindows> {
  static constexpr std::string_view name = "data";
  static constexpr std::string_view question = "Which examples are learned?";
  static_assert(each_is([]<class Entry>() { return DataEntry<Entry>; }));

  [[nodiscard]] Dataset load() const {
    return visit([](const auto& data) { return data.load(); });
  }
};

}  // namespace ohmlab::io
