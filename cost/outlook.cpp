#include "ohmlab/cost/outlook.hpp"

#include <algorithm>
#include <cmath>

#include "ohmlab/core/rng.hpp"

namespace ohmlab::cost {
namespace {

/// FNV-1a over the name: a factor's draws do not depend on what else is drawn.
std::uint32_t name_number(const std::string& name) {
  std::uint32_t hash = 2166136261U;
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
  return hash;
}

template <class F>
Draws combined(const Draws& a, const Draws& b, const F& f) {
  Draws out{f(a.nominal, b.nominal), {}};
  out.values.reserve(a.values.size());
  for (std::size_t i = 0; i < a.values.size(); ++i) out.values.push_back(f(a.values[i], b.values[i]));
  return out;
}

}  // namespace

Draws Outlook::factor(const std::string& name, double median, double sigma) {
  const auto [found, fresh] = known_.try_emplace(name);
  if (fresh) {
    const core::Stream stream = core::stream(options_.seed, core::StreamId::price_draw);
    for (std::int64_t draw = 0; draw < options_.draws; ++draw) {
      const auto words =
          core::random_block(stream, name_number(name), static_cast<std::uint64_t>(draw), std::uint32_t{0});
      found->second.push_back(static_cast<double>(core::normals(words)[0]));
    }
  }
  Draws out{median, {}};
  for (const double xi : found->second) out.values.push_back(median * std::exp(sigma * xi));
  return out;
}

Draws Outlook::exact(double value) const {
  return {value, std::vector<double>(static_cast<std::size_t>(options_.draws), value)};
}

Draws operator*(const Draws& a, const Draws& b) {
  return combined(a, b, [](double x, double y) { return x * y; });
}
Draws operator*(const Draws& a, double b) {
  return combined(a, a, [b](double x, double) { return x * b; });
}
Draws operator+(const Draws& a, const Draws& b) {
  return combined(a, b, [](double x, double y) { return x + y; });
}
Draws operator-(const Draws& a, const Draws& b) {
  return combined(a, b, [](double x, double y) { return x - y; });
}
Draws at_most(const Draws& a, double most) {
  return combined(a, a, [most](double x, double) { return std::min(x, most); });
}

}  // namespace ohmlab::cost
