#pragma once

#include "ohmlab/core/catalogue_list.hpp"
#include "ohmlab/ebm/dynamics.hpp"
#include "ohmlab/ebm/models.hpp"
#include "ohmlab/ebm/neurons.hpp"
#include "ohmlab/ebm/rules.hpp"
#include "ohmlab/ebm/schedules.hpp"

namespace ohmlab::ebm {

using Catalogues = core::CatalogueList<Model, Neuron, Dynamics, Rule, Schedule>;

}  // namespace ohmlab::ebm
