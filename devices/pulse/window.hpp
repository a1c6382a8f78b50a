#pragma once

#include <array>
#include <string_view>

#include "../real.hpp"

namespace ohmlab::devices {

/// Factor f(s) that slows the drift of a boundary near the ends of its film; s runs from 0 to 1.
///
///     joglekar     1 - (2s - 1)^(2p)                Joglekar & Wolf, Eur. J. Phys. 30, 661 (2009)
///     biolek       1 - s^(2p) where s rises, 1 - (1 - s)^(2p) where it falls
///                                       Biolek, Biolek & Biolkova, Radioengineering 18, 210 (2009)
///     prodromakis  j (1 - ((s - 1/2)^2 + 3/4)^p)
///                          Prodromakis et al., IEEE Trans. Electron Devices 58, 3099 (2011)
///
/// CAUTION: the first and the last are zero at both ends. A cell exactly at an end stays there.
enum class Window { none, joglekar, biolek, prodromakis };
constexpr std::array<std::string_view, 4> enum_names(Window) {
  return {"none", "joglekar", "biolek", "prodromakis"};
}

/// \param order  p
/// \param scale  j
template <Real V>
[[nodiscard]] OHMLAB_INLINE V window_at(Window window, int order, double scale, V s,
                                        TruthOf<V> rises) noexcept {
  const V one = constant<V>(1);
  if (window == Window::none) return one;
  if (window == Window::prodromakis) {
    const V off = s - constant<V>(0.5);
    return constant<V>(scale) * (one - power<V>(off * off + constant<V>(0.75), order));
  }
  const V off = window == Window::joglekar ? V(s + s - one) : either<V>(rises, s, one - s);
  return one - power<V>(off * off, order);
}

}  // namespace ohmlab::devices
