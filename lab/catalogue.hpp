#pragma once

#include "../core/catalogue_list.hpp"
#include "../cost/catalogue.hpp"
#include "../crossbar/catalogue.hpp"
#include "../devices/catalogue.hpp"
#include "../ebm/catalogue.hpp"
#include "../io/catalogue.hpp"
#include "backprop/catalogue.hpp"
#include "experiments.hpp"
#include "validation/read_modes.hpp"

namespace ohmlab::lab {

using Catalogues = core::CatalogueList<Experiment, experiments::Couplings, validation::ReadMode,
                                       foundation::Simulated, experiments::Sampler>;

/// Calls visitor.operator()<Catalogue>() for every catalogue of every room.
template <class Visitor>
void each_catalogue(const Visitor& visitor) {
  cost::Catalogues::each(visitor);
  devices::Catalogues::each(visitor);
  crossbar::Catalogues::each(visitor);
  ebm::Catalogues::each(visitor);
  backprop::Catalogues::each(visitor);
  io::Catalogues::each(visitor);
  Catalogues::each(visitor);
}

}  // namespace ohmlab::lab
