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

/// Tally shared by arrays and Python. Work on it, or on an array that posts to it, holds the mutex,
/// because the interpreter's lock is released.
struct SharedTally {
  cost::Tally tally;
  std::mutex mutex;
  std::set<std::string, std::less<>> arrays;  ///< names of the arrays that post to it
  std::unique_ptr<cost::Tally::Stage> stage;  ///< set inside `with tally.stage(...)`
};

/// Adds to a tally the parts and reasons of a list that it lacks.
void add_missing(cost::Tally& tally, const std::vector<cost::Holding>& holdings,
                 const std::vector<cost::Unpriced>& unpriced);

/// Adds entries as columns by name: lists of text, arrays of numbers.
void put_columns(pybind11::dict& out, const std::vector<cost::Entry>& entries);
void put_columns(pybind11::dict& out, const std::vector<cost::Holding>& holdings);

}  // namespace ohmlab::python
