#pragma once

#include "../core/catalogue_list.hpp"
#include "device.hpp"

namespace ohmlab::devices {

using Catalogues =
    core::CatalogueList<Pulse, Programming, Drift, ReadNoise, Conduction, Faults, Wear>;

}  // namespace ohmlab::devices
