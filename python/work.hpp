#pragma once

#include <chrono>
#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <utility>

#include <pybind11/pybind11.h>

#include "../core/parallel.hpp"
#include "../lab/results/checkpoint.hpp"
#include "../lab/results/progress.hpp"

/// Long jobs called from Python: progress, signals, and the number of threads.
namespace ohmlab::python {

/// Python function called with the name of the work, steps done, steps in all, and the newest
/// figure.
class Listener : public pybind11::object {
  PYBIND11_OBJECT_DEFAULT(Listener, object, PyCallable_Check)
};

/// Reports the progress of a job to a Python function and runs Python's signal handlers. An
/// exception of either stops the job after its state is stored. Used only by the thread that
/// started the job.
class PythonProgress final : public results::Progress {
 public:
  /// \param listener  none: a line of text in a notebook, silence elsewhere
  explicit PythonProgress(const std::optional<Listener>& listener);
  void begin(const std::string& what, std::int64_t steps) override;
  void advance(std::int64_t done, const std::string& note) override;
  void say(const std::string& line) override;
  [[nodiscard]] bool interrupted() override;

  /// Does the work without the interpreter's lock, then restores the number of threads.
  /// \throws the exception that Python raised during the work
  template <class Work>
  auto during(const Work& work) {
    core::require_threads();
    const ThreadsRestored restored;
    using Found = decltype(work());
    std::optional<Found> found;
    try {
      const pybind11::gil_scoped_release release;
      found = work();
    } catch (const results::Interrupted&) {
      if (!raised_) throw;
    }
    if (raised_) std::rethrow_exception(raised_);
    return Found(std::move(*found));
  }

 private:
  class ThreadsRestored {
   public:
    ThreadsRestored() = default;
    ThreadsRestored(const ThreadsRestored&) = delete;
    ThreadsRestored& operator=(const ThreadsRestored&) = delete;
    ~ThreadsRestored() { core::set_threads(before_); }

   private:
    int before_ = core::threads();
  };

  template <class Call>
  void in_python(const Call& call);
  void tell(std::int64_t done, const std::string& note);

  std::optional<Listener> listener_;
  std::string what_;
  std::int64_t steps_ = 0;
  std::exception_ptr raised_;
  std::chrono::steady_clock::time_point looked_;
};

}  // namespace ohmlab::python

template <>
struct pybind11::detail::handle_type_name<ohmlab::python::Listener> {
  static constexpr auto name = const_name("collections.abc.Callable[[str, int, int, str], None]");
};
