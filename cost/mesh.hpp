#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "../core/fields.hpp"
#include "tally.hpp"

namespace ohmlab::cost {

/// A network between tiles: a square mesh, cut into square chips. A number passes from tile to
/// tile, one border after another. It crosses a border between chips over a link.
struct Mesh {
  std::int64_t tiles_per_chip = 64;
  std::int64_t flit_bits = 256;
  static constexpr auto fields = core::Fields{
      core::field("tiles_per_chip", &Mesh::tiles_per_chip, "", core::at_least(1),
                  "tiles of one chip, in a square"),
      core::field("flit_bits", &Mesh::flit_bits, "", core::at_least(1),
                  "bits that pass a border at once (256: ISAAC, Shafiee et al., ISCA 2016)"),
  };

  /// Borders that a number passes: hops within chips, links between chips.
  struct Way {
    double hops = 0, links = 0;
  };

  /// Way from the first to the last tile of a line that begins at the edge of a chip.
  [[nodiscard]] Way along(double tiles) const noexcept {
    const double links = std::ceil(tiles / side()) - 1;
    return {tiles - 1 - links, links};
  }
  /// Way over `borders` borders anywhere; one in `side` lies between chips.
  [[nodiscard]] Way over(double borders) const noexcept {
    return {borders * (1 - 1 / side()), borders / side()};
  }

  /// Work of carrying messages, each over one border at a time. Flits of a message follow one
  /// another; the last one passes the other borders after the first. Links come after hops: a
  /// message leaves a chip when it is whole, which is the slower way.
  struct Carried {
    Posting hops, links;
  };
  /// \param bits          bits carried in total, each the whole way
  /// \param messages      messages, one after another on the critical path
  /// \param message_bits  bits of one message
  [[nodiscard]] Carried carried(double bits, const Way& way, double messages,
                                double message_bits) const noexcept {
    const double flits = std::ceil(message_bits / static_cast<double>(flit_bits));
    const auto posting = [&](double borders) -> Posting {
      if (borders <= 0 || bits <= 0) return {};
      return {.count = bits * borders, .serial = messages * (flits + std::max(0.0, borders - 1))};
    };
    return {posting(way.hops), posting(way.links)};
  }

  /// Posts the work of carrying, if there is any.
  static void post(Tally& tally, Tally::Component component, const Carried& carried) {
    if (carried.hops.count > 0) tally.post(component, Action::network_hop, carried.hops);
    if (carried.links.count > 0) tally.post(component, Action::chip_link, carried.links);
  }

 private:
  [[nodiscard]] double side() const noexcept {
    return std::max(1.0, std::floor(std::sqrt(static_cast<double>(tiles_per_chip))));
  }
};

}  // namespace ohmlab::cost
