#pragma once

#include "../../io/hdf5.hpp"
#include "result.hpp"

namespace ohmlab::results {

/// Attribute `format` of a result file.
constexpr const char* format_name = "ohmlab result";

/// Writes all of a result into an open file. \pre `require_storable` accepts the result
void write_parts(io::Hdf5Writer& file, const Identity& identity, const Result& result,
                 const RunFacts& facts);

}  // namespace ohmlab::results
