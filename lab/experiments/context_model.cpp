#include "context_model.hpp"

#include <algorithm>
#include <cmath>

namespace ohmlab::experiments {
namespace {

/// A context as one number, unique among contexts of one length.
std::uint64_t key(std::span<const std::int32_t> context) {
  std::uint64_t out = 0;
  for (const std::int32_t token : context) out = out << 8 | static_cast<std::uint64_t>(token);
  return out;
}

}  // namespace

ContextModel::ContextModel(std::int64_t order, std::int64_t vocabulary)
    : order_(static_cast<std::size_t>(order)),
      vocabulary_(static_cast<double>(vocabulary)),
      seen_(order_ + 1) {}

void ContextModel::learn(std::span<const std::int32_t> text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    for (std::size_t length = 0; length <= std::min(order_, i); ++length) {
      Seen& seen = seen_[length][key(text.subspan(i - length, length))];
      double& count = seen.after[text[i]];
      if (count == 0) seen.different += 1;
      count += 1;
      seen.all += 1;
    }
  }
}

double ContextModel::probability(std::span<const std::int32_t> context, std::int32_t token) const {
  double p = 1 / vocabulary_;
  for (std::size_t length = 0; length <= std::min(order_, context.size()); ++length) {
    const auto found = seen_[length].find(key(context.last(length)));
    if (found == seen_[length].end()) break;  // longer contexts were not seen either
    const Seen& seen = found->second;
    const auto after = seen.after.find(token);
    const double count = after == seen.after.end() ? 0 : after->second;
    p = (count + seen.different * p) / (seen.all + seen.different);
  }
  return p;
}

double ContextModel::cross_entropy(std::span<const std::int32_t> text) const {
  double sum = 0;
  for (std::size_t i = 1; i < text.size(); ++i) {
    const std::size_t length = std::min(order_, i);
    sum -= std::log(probability(text.subspan(i - length, length), text[i]));
  }
  return sum / static_cast<double>(text.size() - 1);
}

}  // namespace ohmlab::experiments
