#pragma once

#include <string_view>
#include <vector>

namespace ohmlab::cli {

/// A shell and the script that asks `ohmlab completion --words` for candidates.
struct CompletionScript {
  std::string_view shell, text;
};

[[nodiscard]] const std::vector<CompletionScript>& completion_scripts();

}  // namespace ohmlab::cli
