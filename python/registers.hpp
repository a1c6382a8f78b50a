#pragma once

#include <pybind11/pybind11.h>

namespace ohmlab::python {

// In the order of the calls: a type is registered before a signature names it.
void register_errors(pybind11::module_& module);
void register_describe(pybind11::module_& module);
void register_tally(pybind11::module_& module);
void register_prices(pybind11::module_& module);
void register_device(pybind11::module_& module);
void register_array(pybind11::module_& module);
void register_learner(pybind11::module_& module);
void register_quality_bill(pybind11::module_& module);
void register_result(pybind11::module_& module);
void register_comparison(pybind11::module_& module);
void register_run(pybind11::module_& module);
void register_sweep(pybind11::module_& module);
void register_verdict(pybind11::module_& module);
void register_fit(pybind11::module_& module);
void register_validate(pybind11::module_& module);
void register_claims(pybind11::module_& module);

}  // namespace ohmlab::python
