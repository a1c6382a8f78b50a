#include "judgement.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>

#include <fmt/format.h>

namespace ohmlab::verdict {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();

double half_way(const std::optional<Paid>& paid) {
  return paid ? 0.5 * (paid->before.nominal + paid->there.nominal) : infinite;
}

/// Uniform numbers of a named quantity, one per draw.
std::vector<double> uniforms(const std::string& name, const cost::DrawOptions& options) {
  std::vector<double> out = cost::deviates_of(name, options);
  for (double& x : out) x = 0.5 * std::erfc(-x / std::sqrt(2.0));
  return out;
}

/// Costs of all instances, [instance][draw].
using Costs = std::vector<std::vector<double>>;

/// \param with_prices  false: the prices stay at their medians
Costs costs_of(const std::string& side, const Instances& instances,
               const cost::DrawOptions& options, bool with_prices) {
  const auto draws = static_cast<std::size_t>(options.draws);
  Costs out;
  for (std::size_t j = 0; j < instances.size(); ++j) {
    std::vector<double>& costs = out.emplace_back(draws, infinite);
    if (!instances[j]) continue;
    const Paid& paid = *instances[j];
    const std::vector<double> u = uniforms(fmt::format("arrival of {} {}", side, j), options);
    for (std::size_t i = 0; i < draws; ++i) {
      const double before = with_prices ? paid.before.values[i] : paid.before.nominal;
      const double there = with_prices ? paid.there.values[i] : paid.there.nominal;
      costs[i] = before + u[i] * (there - before);
    }
  }
  return out;
}

/// For each pair of instances and each draw 1 if the first is cheaper: shares of pairs by draw.
struct Shares {
  std::vector<std::vector<double>> of_pair;  ///< [first][other]: share of the draws
  double mean = 0, standard_error = 0;
};

Shares shares_of(const Costs& first, const Costs& other) {
  const std::size_t draws = first.front().size();
  Shares out{{first.size(), std::vector<double>(other.size())}, 0, 0};
  std::vector<double> by_draw(draws);
  const double pairs = static_cast<double>(first.size() * other.size());
  for (std::size_t j = 0; j < first.size(); ++j) {
    for (std::size_t k = 0; k < other.size(); ++k) {
      for (std::size_t i = 0; i < draws; ++i) {
        if (!(first[j][i] < other[k][i])) continue;
        out.of_pair[j][k] += 1 / static_cast<double>(draws);
        by_draw[i] += 1 / pairs;
      }
    }
  }
  const auto count = static_cast<double>(draws);
  out.mean = std::accumulate(by_draw.begin(), by_draw.end(), 0.0) / count;
  double squares = 0;
  for (const double share : by_draw) squares += (share - out.mean) * (share - out.mean);
  out.standard_error = std::sqrt(squares) / count;
  return out;
}

/// Jackknife variance of a mean over `count` instances, each with a mean of its own.
double jackknife(std::size_t count, const std::function<double(std::size_t)>& mean_of) {
  if (count < 2) return 0;
  double sum = 0, squares = 0;
  for (std::size_t j = 0; j < count; ++j) {
    sum += mean_of(j);
    squares += mean_of(j) * mean_of(j);
  }
  const auto n = static_cast<double>(count);
  return std::max(0.0, squares / n - sum * sum / (n * n)) / (n - 1);
}

double instances_variance(const Shares& shares) {
  const std::size_t rows = shares.of_pair.size(), columns = shares.of_pair.front().size();
  const auto row = [&](std::size_t j) {
    return std::accumulate(shares.of_pair[j].begin(), shares.of_pair[j].end(), 0.0) /
           static_cast<double>(columns);
  };
  const auto column = [&](std::size_t k) {
    double sum = 0;
    for (const auto& pairs : shares.of_pair) sum += pairs[k];
    return sum / static_cast<double>(rows);
  };
  return jackknife(rows, row) + jackknife(columns, column);
}

/// Percentile of numbers that may be infinite.
double percentile(std::vector<double>& values, double share) {
  const auto place =
      values.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), place, values.end());
  return *place;
}

cost::Band factors(const Instances& first, const Instances& other, const Costs& first_costs,
                   const Costs& other_costs) {
  std::vector<double> ratios;
  for (const auto& a : first_costs) {
    for (const auto& b : other_costs) {
      for (std::size_t i = 0; i < a.size(); ++i)
        ratios.push_back(std::isinf(a[i]) ? 0.0 : b[i] / a[i]);
    }
  }
  const double own = half_way(first[middle_instance(first)]);
  const double nominal = std::isinf(own) ? 0.0 : half_way(other[middle_instance(other)]) / own;
  return {nominal, percentile(ratios, 0.05), percentile(ratios, 0.95)};
}

double prices_alone(const Instances& first, const Instances& other) {
  const auto own = middle_cost(first), theirs = middle_cost(other);
  if (!own) return 0;
  if (!theirs) return 1;
  std::size_t cheaper = 0;
  for (std::size_t i = 0; i < own->values.size(); ++i) {
    if (own->values[i] < theirs->values[i]) ++cheaper;
  }
  return static_cast<double>(cheaper) / static_cast<double>(own->values.size());
}

}  // namespace

std::size_t reached(const Instances& instances) {
  return static_cast<std::size_t>(std::count_if(instances.begin(), instances.end(),
                                                [](const auto& paid) { return paid.has_value(); }));
}

std::size_t middle_instance(const Instances& instances) {
  std::vector<std::size_t> order(instances.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return half_way(instances[a]) < half_way(instances[b]);
  });
  return order[order.size() / 2];
}

std::optional<cost::Draws> middle_cost(const Instances& instances) {
  const std::optional<Paid>& paid = instances[middle_instance(instances)];
  if (!paid) return std::nullopt;
  return (paid->before + paid->there) * 0.5;
}

Versus versus(const Instances& first, const Instances& other, const cost::DrawOptions& options) {
  const Costs own = costs_of("the first", first, options, true);
  const Costs theirs = costs_of("the other", other, options, true);
  const Shares shares = shares_of(own, theirs);
  Versus out;
  out.factor = factors(first, other, own, theirs);
  out.ahead = shares.mean;
  out.error = std::max(
      1 / static_cast<double>(options.draws),
      std::sqrt(shares.standard_error * shares.standard_error + instances_variance(shares)));
  out.prices_alone = prices_alone(first, other);
  out.instances_alone = shares_of(costs_of("the first", first, options, false),
                                  costs_of("the other", other, options, false))
                            .mean;
  return out;
}

std::string word_of(const cost::Band& factor) {
  return factor.p05 > 1 ? "WINS" : factor.p95 < 1 ? "LOSES" : "undecided";
}

}  // namespace ohmlab::verdict
