#include <string>

#include <pybind11/stl.h>
#include <pybind11/typing.h>

#include "../core/field_values.hpp"
#include "../cost/claim.hpp"
#include "registers.hpp"
#include "trees.hpp"

namespace py = pybind11;
using namespace py::literals;

namespace ohmlab::python {
namespace {

using Record = py::typing::Dict<py::str, py::object>;

Record claim(const ConfigLike& config, const Mapping& set) {
  const cost::Claim found =
      py::isinstance<py::str>(config)
          ? cost::find_claim(config.cast<std::string>(), sets_of(set, "argument set"))
          : core::read<cost::Claim>(config_of(config, set).resolved());
  return py::dict("claim"_a = object_of(core::to_node(found)),
                  "bill"_a = object_of(core::to_node(cost::bill_claim(found))));
}

}  // namespace

void register_claims(py::module_& module) {
  module.def("claims", &cost::claim_names, "Names of the published claims that `claim` knows.");
  module.def(
      "claim", &claim, "config"_a, py::kw_only(), "set"_a = py::dict(),
      R"(Bills a published claim of a machine that samples again, as the command `ohmlab claims` does.

`config` is a name among `claims()`, a file, or a dict; `set` holds dotted keys. `bill` has `parts` of the work,
`totals` by boundary (sampling, chip, node) in J, `seconds`, and `unfit`, why the work does not fit the chip. A part whose
price nobody has stated has no joules, and its name stands in `unstated` of each total: the sum is then a bound from below.

>>> import ohmlab
>>> found = ohmlab.claim("z1_sample")
>>> [total["boundary"] for total in found["bill"]["totals"]]
['sampling', 'chip', 'node']
>>> found["bill"]["totals"][-1]["unstated"]
['standby', 'around']
)");
}

}  // namespace ohmlab::python
