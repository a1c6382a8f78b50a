#pragma once

#include "../../io/hdf5.hpp"
#include "result.hpp"

namespace ohmlab::results {

/// The attribute `format` of a result file.
constexpr const char* format_name = "ohmlab result";

/// Writes all of a result into an open file. \pre what `require_storable` promises
void write_parts(io::Hdf5Writer& file, const Identity& identity, const Result& result,
                 const RunFacts& facts);

}  // namespace ohmlab::results
