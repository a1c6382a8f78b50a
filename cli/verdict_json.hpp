#pragma once

#include <nlohmann/json_fwd.hpp>

#include "../lab/verdict/verdict.hpp"

namespace ohmlab::cli {

/// All numbers of a verdict.
[[nodiscard]] nlohmann::ordered_json verdict_json(const verdict::Verdict& verdict);

}  // namespace ohmlab::cli
