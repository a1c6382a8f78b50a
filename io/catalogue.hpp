#pragma once

#include "../core/catalogue_list.hpp"
#include "sequences.hpp"

namespace ohmlab::io {

using Catalogues = core::CatalogueList<Data, Sequences>;

}  // namespace ohmlab::io
