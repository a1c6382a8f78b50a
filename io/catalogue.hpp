#pragma once

#include "ohmlab/core/catalogue_list.hpp"
#include "ohmlab/io/sequences.hpp"

namespace ohmlab::io {

using Catalogues = core::CatalogueList<Data, Sequences>;

}  // namespace ohmlab::io
