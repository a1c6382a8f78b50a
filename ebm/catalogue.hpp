#pragma once

#include "../core/catalogue_list.hpp"
#include "dynamics.hpp"
#include "memories.hpp"
#include "models.hpp"
#include "neurons.hpp"
#include "rules.hpp"
#include "schedules.hpp"
#include "units.hpp"

namespace ohmlab::ebm {

using Catalogues = core::CatalogueList<Model, Neuron, Dynamics, Rule, Schedule, Memory, Units>;

}  // namespace ohmlab::ebm
