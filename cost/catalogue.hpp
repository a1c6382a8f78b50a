#pragma once

#include "ohmlab/core/catalogue_list.hpp"
#include "ohmlab/cost/laws.hpp"
#include "ohmlab/cost/loss_laws.hpp"
#include "ohmlab/cost/node_scaling.hpp"

namespace ohmlab::cost {

using Catalogues = core::CatalogueList<Law, NodeScaling, LossLaw>;

}  // namespace ohmlab::cost
