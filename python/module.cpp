#include <pybind11/pybind11.h>

#include "registers.hpp"

PYBIND11_MODULE(_core, module) {
  module.doc() = "The C++ side of ohmlab; import ohmlab instead.";
  module.attr("__version__") = OHMLAB_VERSION;
  ohmlab::python::register_errors(module);
  ohmlab::python::register_describe(module);
  ohmlab::python::register_tally(module);
  ohmlab::python::register_prices(module);
  ohmlab::python::register_device(module);
  ohmlab::python::register_array(module);
  ohmlab::python::register_learner(module);
  ohmlab::python::register_result(module);
  ohmlab::python::register_comparison(module);
  ohmlab::python::register_run(module);
  ohmlab::python::register_sweep(module);
  ohmlab::python::register_verdict(module);
  ohmlab::python::register_fit(module);
  ohmlab::python::register_validate(module);
  ohmlab::python::register_claims(module);
}
