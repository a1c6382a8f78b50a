#include "ohmlab/transformer/adamw.hpp"

#include <cmath>
#include <numbers>
#include <vector>

#include "tests/catch.hpp"
#include "tests/transformer/parts.hpp"

using namespace ohmlab;
using namespace ohmlab::transformer;

namespace {

/// One parameter after the other, line by line as Loshchilov and Hutter's algorithm 2 has them.
struct ByHand {
  std::vector<double> p, m, v;
  int t = 0;

  void update(const AdamW& a, double rate, const std::vector<double>& gradients,
              const std::vector<bool>& decays) {
    double squares = 0;
    for (const double g : gradients) squares += g * g;
    const double norm = std::sqrt(squares);
    ++t;
    for (std::size_t i = 0; i < p.size(); ++i) {
      double g = gradients[i];
      if (a.clip > 0 && norm > a.clip) g = g * a.clip / norm;
      m[i] = a.beta_1 * m[i] + (1 - a.beta_1) * g;
      v[i] = a.beta_2 * v[i] + (1 - a.beta_2) * g * g;
      const double m_hat = m[i] / (1 - std::pow(a.beta_1, t));
      const double v_hat = v[i] / (1 - std::pow(a.beta_2, t));
      p[i] -= rate * (m_hat / (std::sqrt(v_hat) + a.epsilon) + (decays[i] ? a.decay * p[i] : 0));
    }
  }
};

void check_updates(const AdamW& adamw, double gradient_scale) {
  Layout layout;
  layout.add({"matrix", "row", "col", 3, 7});
  layout.add({"vector", "", "col", 1, 5});
  RowOf<double> parameters = random_parameters<double>(layout, 1, 3);
  std::vector<Index> places;
  std::vector<bool> decays;
  ByHand oracle;
  for (const Tensor& tensor : layout.tensors()) {
    for (Index i = 0; i < tensor.size(); ++i) {
      places.push_back(tensor.offset + i);
      decays.push_back(tensor.name == "matrix");
      oracle.p.push_back(parameters[places.back()]);
    }
  }
  oracle.m.assign(oracle.p.size(), 0);
  oracle.v.assign(oracle.p.size(), 0);
  Moments<double> moments(layout.size());
  Meter meter;
  for (int step = 0; step < 20; ++step) {
    const RowOf<double> gradients =
        gradient_scale *
        random_parameters<double>(layout, 1, 10 + static_cast<std::uint64_t>(step));
    std::vector<double> listed;
    for (const Index place : places) listed.push_back(gradients[place]);
    const double rate = adamw.rate_at(step, 20);
    update(adamw, rate, layout, gradients, moments, parameters, meter);
    oracle.update(adamw, rate, listed, decays);
    for (std::size_t i = 0; i < places.size(); ++i) {
      CHECK(parameters[places[i]] == Approx(oracle.p[i]).epsilon(1e-12).margin(1e-14));
    }
  }
}

}  // namespace

TEST_CASE("AdamW does what its algorithm says, one parameter after the other") {
  check_updates({.rate = 0.1,
                 .beta_1 = 0.9,
                 .beta_2 = 0.99,
                 .epsilon = 1e-3,
                 .decay = 0.3,
                 .clip = 0,
                 .warm_up = 5},
                1);
  check_updates(
      {.rate = 0.1, .beta_1 = 0.8, .beta_2 = 0.999, .epsilon = 1e-8, .decay = 0, .clip = 0}, 1e-3);
}

TEST_CASE("a gradient above the limit is shortened, one below it is left alone") {
  const AdamW clipped{.rate = 0.1, .epsilon = 1e-2, .decay = 0.3, .clip = 0.5, .warm_up = 5};
  check_updates(clipped, 1);     // norms of about 5
  check_updates(clipped, 0.01);  // norms of about 0.05
}

TEST_CASE("the rate rises in a straight line and falls along a cosine") {
  const AdamW a{.rate = 2, .warm_up = 10, .last = 0.1};
  CHECK(a.rate_at(0, 110) == Approx(0.2));
  CHECK(a.rate_at(4, 110) == Approx(1.0));
  CHECK(a.rate_at(9, 110) == Approx(2.0));
  CHECK(a.rate_at(10, 110) == Approx(2.0));
  CHECK(a.rate_at(60, 110) == Approx(2 * 0.55));
  CHECK(a.rate_at(35, 110) == Approx(2 * (0.1 + 0.45 * (1 + std::numbers::sqrt2 / 2))));
  CHECK(a.rate_at(110, 110) == Approx(0.2));
  const AdamW none{.rate = 3, .warm_up = 0, .last = 1};
  CHECK(none.rate_at(0, 5) == 3);
  CHECK(none.rate_at(4, 5) == 3);
}

TEST_CASE("the norm is that of all gradients") {
  RowOf<float> g = RowOf<float>::Constant(10'000, 0.5F);
  CHECK(global_norm(g) == Approx(50));
  g[9'999] = 100;
  CHECK(global_norm(g) == Approx(std::sqrt(9'999 * 0.25 + 1e4)));
}
