#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include <pybind11/pybind11.h>

#include "../cost/tally.hpp"

namespace ohmlab::python {

/// A tally that arrays share with Python. Whoever works on it, or on an array that posts to it,
/// holds the mutex: the interpreter's lock is released during work.
struct SharedTally {
  cost::Tally tally;
  std::mutex mutex;
  std::set<std::string, std::less<>> arrays;  ///< names of the arrays that post to it
  std::unique_ptr<cost::Tally::Stage> stage;  ///< open while a `with tally.stage(...)` is
};

/// Entries as columns by name: lists of text, arrays of numbers.
void put_columns(pybind11::dict& out, const std::vector<cost::Entry>& entries);
void put_columns(pybind11::dict& out, const std::vector<cost::Holding>& holdings);

}  // namespace ohmlab::python
