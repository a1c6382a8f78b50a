#include "draws.hpp"

#include <algorithm>
#include <cassert>
#include <functional>

#include "../core/rng.hpp"

namespace ohmlab::cost {
namespace {

/// FNV-1a over the name.
std::uint32_t name_number(const std::string& name) {
  std::uint32_t hash = 2166136261U;
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
  return hash;
}

template <class Operation>
Draws combined(const Draws& a, const Draws& b, Operation operation) {
  assert(a.values.size() == b.values.size());
  Draws out{operation(a.nominal, b.nominal), std::vector<double>(a.values.size())};
  std::transform(a.values.begin(), a.values.end(), b.values.begin(), out.values.begin(), operation);
  return out;
}

template <class Operation>
Draws each(Draws a, Operation operation) {
  a.nominal = operation(a.nominal);
  for (double& x : a.values) x = operation(x);
  return a;
}

}  // namespace

Band Draws::band() const {
  if (values.empty()) return {nominal, nominal, nominal};
  std::vector<double> sorted = values;
  const auto at = [&](double share) {
    const auto place = sorted.begin() +
                       static_cast<std::ptrdiff_t>(share * static_cast<double>(sorted.size() - 1));
    std::nth_element(sorted.begin(), place, sorted.end());
    return *place;
  };
  const double p05 = at(0.05);
  return {nominal, p05, at(0.95)};
}

Draws operator*(const Draws& a, const Draws& b) { return combined(a, b, std::multiplies<>()); }
Draws operator/(const Draws& a, const Draws& b) { return combined(a, b, std::divides<>()); }
Draws operator+(const Draws& a, const Draws& b) { return combined(a, b, std::plus<>()); }
Draws operator-(const Draws& a, const Draws& b) { return combined(a, b, std::minus<>()); }
Draws operator*(const Draws& a, double b) {
  return each(a, [b](double x) { return x * b; });
}
Draws larger(const Draws& a, const Draws& b) {
  assert(a.values.size() == b.values.size());
  Draws out = a;
  out.nominal = std::max(a.nominal, b.nominal);
  for (std::size_t i = 0; i < out.values.size(); ++i)
    out.values[i] = std::max(a.values[i], b.values[i]);
  return out;
}

Draws at_most(const Draws& a, double most) {
  return each(a, [most](double x) { return std::min(x, most); });
}

Draws& operator+=(Draws& a, const Draws& b) {
  assert(a.values.size() == b.values.size());
  a.nominal += b.nominal;
  for (std::size_t i = 0; i < a.values.size(); ++i) a.values[i] += b.values[i];
  return a;
}
Draws& operator+=(Draws& a, double b) {
  a.nominal += b;
  for (double& x : a.values) x += b;
  return a;
}

std::vector<double> deviates_of(const std::string& name, const DrawOptions& options) {
  const core::Stream stream = core::stream(options.seed, core::StreamId::price_draw);
  std::vector<double> out;
  out.reserve(static_cast<std::size_t>(options.draws));
  for (std::int64_t draw = 0; draw < options.draws; ++draw) {
    const auto words = core::random_block(stream, name_number(name),
                                          static_cast<std::uint64_t>(draw), std::uint32_t{0});
    out.push_back(static_cast<double>(core::normals(words)[0]));
  }
  return out;
}

}  // namespace ohmlab::cost
