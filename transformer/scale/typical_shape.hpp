#pragma once

#include <cstdint>

#include "model_shape.hpp"

namespace ohmlab::scale {

/// A dense decoder of about `parameters` parameters in usual proportions: 128 units of width a
/// layer (GPT-3 175B has 12288 x 96, arXiv 2005.14165; Llama 3.1 405B 16384 x 126, arXiv
/// 2407.21783), heads of 128, feed-forward parts of 4 h, tied output. Widths are multiples of 1024
/// (of 128 below 2 B parameters) and layers even, so that tensor groups and stages divide them.
///
/// \param parameters  at least 1e7
[[nodiscard]] ModelShape typical_shape(double parameters, std::int64_t vocabulary,
                                       std::int64_t sequence);

}  // namespace ohmlab::scale
