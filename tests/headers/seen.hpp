#pragma once

#include "all_headers.hpp"

#include "tests/headers/units.hpp"

namespace {

ohmlab::headers::Seen seen() {
  using namespace ohmlab;
  return {{sizeof(cost::Tally), sizeof(crossbar::ArrayModel), sizeof(devices::Device),
           sizeof(io::Dataset), sizeof(lab::Experiment), sizeof(scale::Operations),
           sizeof(transformer::Work)},
          {cost::actions().data(), cost::parts().data(), &cost::Prices::fields,
           &devices::Device::fields, &ebm::Evaluation::fields}};
}

}  // namespace
