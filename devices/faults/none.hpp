#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "../../core/fields.hpp"
#include "clusters.hpp"

namespace ohmlab::devices {

struct NoFaults {
  static constexpr std::string_view name = "none";
  static constexpr std::string_view summary = "Every cell works.";
  static constexpr core::Fields<> fields{};
  static constexpr bool any = false;
  [[nodiscard]] static std::optional<double> stuck(double) noexcept { return std::nullopt; }
  [[nodiscard]] static double state_of(double) noexcept { return 0; }
  [[nodiscard]] static constexpr Clusters clusters() noexcept { return {}; }
  [[nodiscard]] static constexpr double share_of_open_rows() noexcept { return 0; }
  [[nodiscard]] static constexpr double share_of_open_cols() noexcept { return 0; }
  [[nodiscard]] static constexpr std::int64_t key() noexcept { return 0; }
};

}  // namespace ohmlab::devices
