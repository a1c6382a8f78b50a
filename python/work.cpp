#include "work.hpp"

namespace py = pybind11;

namespace ohmlab::python {

PythonProgress::PythonProgress(const std::optional<Listener>& listener) : listener_(listener) {
  if (listener_) return;
  const py::object found = py::module_::import("ohmlab._progress").attr("default")();
  if (!found.is_none()) listener_ = Listener(found);
}

/// Keeps an exception of Python until the job has stopped: it must not unwind through the job.
template <class Call>
void PythonProgress::in_python(const Call& call) {
  if (raised_) return;
  const py::gil_scoped_acquire acquire;
  try {
    if (PyErr_CheckSignals() != 0) throw py::error_already_set();
    call();
  } catch (...) {
    raised_ = std::current_exception();
  }
}

void PythonProgress::tell(std::int64_t done, const std::string& note) {
  in_python([&] {
    if (listener_) listener_->operator()(what_, done, steps_, note);
  });
}

void PythonProgress::begin(const std::string& what, std::int64_t steps) {
  what_ = what;
  steps_ = steps;
  tell(0, "");
}

void PythonProgress::advance(std::int64_t done, const std::string& note) { tell(done, note); }

void PythonProgress::say(const std::string& line) {
  in_python([&] {
    py::module_::import("warnings").attr("warn")(line, py::handle(PyExc_RuntimeWarning), 2);
  });
}

/// Checks for signals only at intervals: each check waits for the interpreter's lock.
bool PythonProgress::interrupted() {
  constexpr auto between_looks = std::chrono::milliseconds(50);
  if (const auto now = std::chrono::steady_clock::now(); now - looked_ > between_looks) {
    looked_ = now;
    in_python([] {});
  }
  return raised_ != nullptr;
}

}  // namespace ohmlab::python
