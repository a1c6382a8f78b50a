#include "config_types.hpp"

#include "../cost/accelerator.hpp"
#include "../cost/claim.hpp"
#include "../cost/prices.hpp"
#include "../devices/device.hpp"
#include "../io/datasets.hpp"
#include "../io/sequences.hpp"
#include "experiments.hpp"
#include "sweep_plan.hpp"

namespace ohmlab::lab {

const std::vector<ConfigType>& config_types() {
  static const std::vector<ConfigType> types{
      {"experiment", "experiments", "an experiment or a sweep", &core::type_of<Experiment>()},
      {"device", "devices", "one kind of cell", &core::type_of<devices::Device>()},
      {"prices", "prices", "a price list", &core::type_of<cost::Prices>()},
      {"claim", "claims", "a published claim of a machine that samples",
       &core::type_of<cost::Claim>()},
      {"sampler", "samplers", "a machine that samples", &core::type_of<cost::SamplingChip>()},
      {"accelerator", "accelerators", "a digital accelerator", &core::type_of<cost::Accelerator>()},
      {"data", "data", "examples", &core::type_of<io::Data>()},
      {"sequences", "data", "sequences for a transformer", &core::type_of<io::Sequences>()},
  };
  return types;
}

const core::Type& sweep_type() { return core::type_of<SweepTable>(); }

}  // namespace ohmlab::lab
