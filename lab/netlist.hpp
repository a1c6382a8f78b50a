#pragma once

#include <string>
#include <vector>

#include "plan.hpp"
#include "results/result.hpp"

namespace ohmlab::lab {

/// A read of one array, to be written as a netlist.
struct NetlistRead {
  std::string array;         ///< name of the array; may be empty if there is only one
  std::vector<float> input;  ///< one number for each driven line, or one for all; full scale is 1
  bool transposed = false;   ///< columns are driven
};

/// Netlist of an array with the cells that a result stores.
/// \throws core::UserError if there is no such array, or if it has no circuit at rest
[[nodiscard]] std::string netlist(const results::StoredResult& result, const NetlistRead& read);

/// Netlist of an array as a training starts with it.
[[nodiscard]] std::string netlist(const Plan& plan, const NetlistRead& read);

}  // namespace ohmlab::lab
