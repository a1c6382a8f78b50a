#pragma once

#include "fields.hpp"

namespace ohmlab::core {

/// The catalogues of a room, for `describe`, the reference and the contract tests.
template <IsCatalogue... Members>
struct CatalogueList {
  /// Calls visitor.operator()<Catalogue>() for every catalogue in order.
  template <class Visitor>
  static void each(const Visitor& visitor) {
    (visitor.template operator()<Members>(), ...);
  }
};

}  // namespace ohmlab::core
