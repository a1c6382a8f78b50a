#pragma once

#include <span>
#include <string>
#include <string_view>

namespace ohmlab::core {

/// The nearest of the known names (edit distance), or "" if none is near.
[[nodiscard]] std::string_view nearest(std::string_view wrong,
                                       std::span<const std::string_view> known);

/// `, did you mean "dw_min"?` for the nearest of the known names (edit distance), or "" if none is
/// near.
[[nodiscard]] std::string did_you_mean(std::string_view wrong,
                                       std::span<const std::string_view> known);

}  // namespace ohmlab::core
