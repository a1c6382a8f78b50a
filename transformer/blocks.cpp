#include "ohmlab/transformer/blocks.hpp"

#include <fmt/format.h>

namespace ohmlab::transformer {

std::string Size::problem() const {
  if (width % heads == 0) return "";
  return fmt::format("expected a width that is a multiple of heads, found width = {} and heads = {}", width,
                     heads);
}

}  // namespace ohmlab::transformer
