#include "ohmlab/lab/describe.hpp"

#include "ohmlab/cost/laws.hpp"
#include "ohmlab/crossbar/catalogue.hpp"
#include "ohmlab/devices/catalogue.hpp"
#include "ohmlab/ebm/catalogue.hpp"
#include "ohmlab/io/datasets.hpp"
#include "ohmlab/lab/experiments.hpp"
#include "ohmlab/lab/sweep_plan.hpp"

namespace ohmlab::lab {

std::vector<RoomInfo> describe_rooms() {
  return {
      {"cost", "actions, prices and bills", {core::describe_catalogue<cost::Law>()}},
      {"devices", "what one resistive cell does", devices::catalogues()},
      {"crossbar", "arrays of cells and what reads and writes them", crossbar::catalogues()},
      {"ebm", "energies, neurons, local rules and training", ebm::catalogues()},
      {"io", "data", io::catalogues()},
      {"lab", "experiments", {core::describe_catalogue<Experiment>(),
        {"sweep", "Which runs make a sweep?", {core::describe_entry<SweepTable>()}, false}}},
  };
}

}  // namespace ohmlab::lab
