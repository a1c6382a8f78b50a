#include "outlook.hpp"

#include <cmath>

namespace ohmlab::cost {

Draws Outlook::factor(const std::string& name, double median, double sigma) {
  const auto [found, fresh] = known_.try_emplace(name);
  if (fresh) found->second = deviates_of(name, options_);
  Draws out{median, {}};
  for (const double xi : found->second) out.values.push_back(median * std::exp(sigma * xi));
  return out;
}

Draws Outlook::exact(double value) const {
  return {value, std::vector<double>(static_cast<std::size_t>(options_.draws), value)};
}

}  // namespace ohmlab::cost
