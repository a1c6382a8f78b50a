#include "completion_scripts.hpp"

namespace ohmlab::cli {
namespace {

/// A candidate that ends with "=" or "." goes on without a space. Without candidates the shell
/// completes names of files.
constexpr std::string_view bash = R"(# ohmlab completion bash
_ohmlab() {
  local IFS=$'\n'
  COMPREPLY=($("${COMP_WORDS[0]}" completion --words -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
  [[ ${COMPREPLY[0]-} == *[=.] ]] && compopt -o nospace
  return 0
}
complete -o default -o nosort -F _ohmlab ohmlab
)";

constexpr std::string_view zsh = R"(#compdef ohmlab
# ohmlab completion zsh
_ohmlab() {
  local -a found open
  found=("${(@f)$("${words[1]}" completion --words -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
  found=("${(@)found:#}")
  if (( ! ${#found} )); then _files; return; fi
  open=("${(@M)found:#*[=.]}")
  found=("${(@)found:#*[=.]}")
  (( ${#open} )) && compadd -Q -S '' -a open
  (( ${#found} )) && compadd -Q -a found
}
if [[ ${funcstack[1]-} == _ohmlab ]]; then _ohmlab "$@"; else compdef _ohmlab ohmlab; fi
)";

}  // namespace

const std::vector<CompletionScript>& completion_scripts() {
  static const std::vector<CompletionScript> scripts{{"bash", bash}, {"zsh", zsh}};
  return scripts;
}

}  // namespace ohmlab::cli
