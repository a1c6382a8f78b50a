#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "../core/matrix.hpp"

namespace ohmlab::ebm {

class Network;
struct Examples;

/// Law of a wrong label: all but an example's own alike, or in proportion to exp(goodness).
enum class WrongLabels { uniform, scored };
constexpr std::array<std::string_view, 2> enum_names(WrongLabels) { return {"uniform", "scored"}; }

/// Draws one wrong label for each example. \returns examples × classes, one-hot
/// \param layer  the layer that holds labels
/// \pre there are targets and at least two classes
[[nodiscard]] core::Matrix wrong_labels(Network& network, std::size_t layer, const Examples& batch,
                                        WrongLabels law);

}  // namespace ohmlab::ebm
