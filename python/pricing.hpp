#pragma once

#include <optional>
#include <vector>

#include "ohmlab/lab/priced.hpp"
#include "ohmlab/python/trees.hpp"

namespace ohmlab::python {

/// Prices a result under a list, or under the default list with keys of it set; without the interpreter's
/// lock.
/// \throws core::UserError if both a list and keys are given
[[nodiscard]] std::vector<lab::PricedSystem> bills_of(const lab::Result& result,
                                                      const std::optional<cost::Prices>& prices,
                                                      const Mapping& assume, std::int64_t draws);

}  // namespace ohmlab::python
