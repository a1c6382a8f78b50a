#pragma once

#include "../../core/catalogue_list.hpp"
#include "activations.hpp"

namespace ohmlab::backprop {

using Catalogues = core::CatalogueList<Activation>;

}  // namespace ohmlab::backprop
