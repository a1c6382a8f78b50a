#include "figure.hpp"

#include <algorithm>

namespace ohmlab::crossbar {

std::vector<Figure> together(const std::vector<std::vector<Figure>>& each) {
  const auto n = static_cast<double>(each.size());
  std::vector<Figure> out = each[0];
  for (std::size_t i = 0; i < out.size(); ++i) {
    double total = 0, mean = 0, largest = out[i].value;
    for (const std::vector<Figure>& figures : each) total += figures[i].weight;
    for (const std::vector<Figure>& figures : each) {
      mean += figures[i].value * (total > 0 ? figures[i].weight / total : 1 / n);
      largest = std::max(largest, figures[i].value);
    }
    out[i].value = out[i].over == Over::largest ? largest : mean;
    out[i].weight = total;
  }
  return out;
}

}  // namespace ohmlab::crossbar
