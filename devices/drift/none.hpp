#pragma once

#include <string_view>

#include "../../core/fields.hpp"
#include "../../core/simd.hpp"

namespace ohmlab::devices {

struct NoDrift {
  static constexpr std::string_view name = "none";
  static constexpr std::string_view summary = "Conductances do not change with time.";
  static constexpr bool keeps = true, needs_range = false, each_write = false;
  static constexpr core::Fields<> fields{};
  template <core::FloatPack V>
  [[nodiscard]] OHMLAB_INLINE V conductance(V g, V, V, float) const noexcept {
    return g;
  }
};

}  // namespace ohmlab::devices
