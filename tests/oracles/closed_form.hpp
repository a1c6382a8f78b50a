#pragma once

#include "ohmlab/transformer/blocks.hpp"
#include "ohmlab/transformer/decoder_cost.hpp"
#include "ohmlab/transformer/encoder.hpp"
#include "ohmlab/transformer/work.hpp"

/// What one update on a batch takes, from shapes alone. The models count where they work; both must
/// agree exactly. Conventions: work.hpp. With n = sequences · s tokens, h the width, f = 4h, P the
/// parameters, and p = sequences · heads · s(s+1)/2 pairs (· s² without a mask), in operations:
///
/// - linear, forward: L · 24 n h² + 2 n h V; as many again for activations, and for weights
/// - attention, forward: L · 4 p h / heads; twice that for activations
/// - layer norm: (2L + 1) n h · 9, 14 (activations), 7 (weights)
/// - gelu: L n f · 9, 12; softmax: L p · 6, 5; residual: L · 2 n h, 2 n h
/// - bias: L · 9 n h, and as many for weights
/// - loss: n (5V + 2), n (V + 1); embedding: n h, and 2 n h for weights
/// - optimizer: 13 P, and 3 P to clip
namespace ohmlab::transformer {

/// A decoder with `heads` heads on so many sequences of its whole context.
[[nodiscard]] Meter decoder_update(const DecoderShape& shape, std::int64_t heads,
                                   std::int64_t sequences, bool clips);

/// An encoder on so many images. The patches are data, so nothing goes back through their
/// projection.
[[nodiscard]] Meter encoder_update(const Size& size, const Patches& patches, std::int64_t classes,
                                   std::int64_t images, bool clips);

}  // namespace ohmlab::transformer
