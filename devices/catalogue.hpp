#pragma once

#include "ohmlab/core/catalogue_list.hpp"
#include "ohmlab/devices/device.hpp"

namespace ohmlab::devices {

using Catalogues = core::CatalogueList<Pulse, Programming, Drift, ReadNoise, Conduction, Faults>;

}  // namespace ohmlab::devices
