#pragma once

#include <filesystem>

#include "verdict.hpp"

namespace ohmlab::verdict {

/// Writes a verdict: joules by level × machine × boundary with their percentiles, seconds, and the
/// probability that the analog machine pays less. Equal verdicts give equal bytes.
/// \throws core::WorldError
void write_verdict(const std::filesystem::path& file, const Verdict& verdict);

}  // namespace ohmlab::verdict
