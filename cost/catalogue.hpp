#pragma once

#include "../core/catalogue_list.hpp"
#include "laws.hpp"
#include "loss_laws.hpp"
#include "node_scaling.hpp"

namespace ohmlab::cost {

using Catalogues = core::CatalogueList<Law, NodeScaling, LossLaw>;

}  // namespace ohmlab::cost
