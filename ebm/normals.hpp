#pragma once

#include <cstdint>

#include "../core/matrix.hpp"
#include "../core/rng.hpp"
#include "../cost/edge.hpp"
#include "edge_bits.hpp"

/// Standard normal numbers of digital logic at the edge.
namespace ohmlab::ebm {

/// Work of so many normals by Box and Muller's transform (Ann. Math. Stat. 29, 610 (1958)): two
/// random words make two normals, by a root of a logarithm, a sine and a cosine, each from a table
/// (as in hardware: Lee, Villasenor, Luk & Leong, IEEE Trans. Comput. 55, 659 (2006)), and two
/// products.
inline void post_normals(cost::Edge& edge, cost::Tally::Component component, double count) {
  edge.random_words(component, count, random_bits);
  edge.sigmoids(component, 1.5 * count);
  edge.multiplies(component, count, edge_bits);
}

}  // namespace ohmlab::ebm
