#pragma once

#include "ohmlab/core/catalogue_list.hpp"
#include "ohmlab/cost/catalogue.hpp"
#include "ohmlab/crossbar/catalogue.hpp"
#include "ohmlab/devices/catalogue.hpp"
#include "ohmlab/ebm/catalogue.hpp"
#include "ohmlab/io/catalogue.hpp"
#include "ohmlab/lab/experiments.hpp"
#include "ohmlab/lab/validation/read_modes.hpp"

namespace ohmlab::lab {

using Catalogues = core::CatalogueList<Experiment, validation::ReadMode, foundation::Simulated>;

/// Calls visitor.operator()<Catalogue>() for every catalogue of every room.
template <class Visitor>
void each_catalogue(const Visitor& visitor) {
  cost::Catalogues::each(visitor);
  devices::Catalogues::each(visitor);
  crossbar::Catalogues::each(visitor);
  ebm::Catalogues::each(visitor);
  io::Catalogues::each(visitor);
  Catalogues::each(visitor);
}

}  // namespace ohmlab::lab
