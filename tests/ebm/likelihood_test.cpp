#include "ohmlab/ebm/likelihood.hpp"

#include <cmath>

#include "ohmlab/core/errors.hpp"

#include "tests/catch.hpp"
#include "tests/ebm/machines.hpp"

using namespace ohmlab;
using ebm::RbmParameters;

namespace {

/// ln of the sum of exp(−E) over all joint states of (v, h): nothing is factorised.
double brute_log_z(const RbmParameters& rbm) {
  const core::Index nv = rbm.weights.rows(), nh = rbm.weights.cols();
  double z = 0;
  for (int v = 0; v < 1 << nv; ++v) {
    for (int h = 0; h < 1 << nh; ++h) {
      double minus_energy = 0;
      for (core::Index i = 0; i < nv; ++i) {
        if (!(v >> i & 1)) continue;
        minus_energy += rbm.visible_bias[i];
        for (core::Index j = 0; j < nh; ++j) minus_energy += (h >> j & 1) * rbm.weights(i, j);
      }
      for (core::Index j = 0; j < nh; ++j) minus_energy += (h >> j & 1) * rbm.hidden_bias[j];
      z += std::exp(minus_energy);
    }
  }
  return std::log(z);
}

core::Matrix all_states(core::Index units) {
  core::Matrix out(core::Index{1} << units, units);
  for (core::Index s = 0; s < out.rows(); ++s) {
    for (core::Index i = 0; i < units; ++i) out(s, i) = static_cast<float>(s >> i & 1);
  }
  return out;
}

}  // namespace

TEST_CASE("ln Z by enumerating one side equals the sum over all joint states") {
  for (const auto& [nv, nh] : {std::pair{5, 3}, {3, 5}, {1, 1}, {9, 9}, {4, 10}}) {
    CAPTURE(nv, nh);
    const RbmParameters rbm = tests::random_machine(nv, nh, 1.5, 7);
    CHECK(ebm::exact_log_z(rbm) == Approx(brute_log_z(rbm)).epsilon(1e-13));
  }
}

TEST_CASE("ln Z of uncoupled units is a sum of softplus, also for large fields and many units") {
  RbmParameters rbm = tests::random_machine(1500, 4, 60.0, 3);
  rbm.weights.setZero();
  double expected = 0;
  for (const double b : rbm.visible_bias)
    expected += std::log1p(std::exp(-std::abs(b))) + std::max(b, 0.0);
  for (const double b : rbm.hidden_bias)
    expected += std::log1p(std::exp(-std::abs(b))) + std::max(b, 0.0);
  CHECK(ebm::exact_log_z(rbm) == Approx(expected).epsilon(1e-13));
}

TEST_CASE("the likelihood of all visible states sums to one") {
  const RbmParameters rbm = tests::random_machine(8, 6, 1.0, 11);
  const core::VectorD f = ebm::free_energy(rbm, all_states(8));
  CHECK((-f.array() - ebm::exact_log_z(rbm)).exp().sum() == Approx(1.0).epsilon(1e-12));
}

TEST_CASE("an enumeration that would never end is refused") {
  const RbmParameters rbm = tests::random_machine(30, 21, 1.0, 1);
  CHECK_THROWS_WITH(
      ebm::exact_log_z(rbm),
      "an exact partition function needs at most 20 units on the smaller side, this model has 21");
}

TEST_CASE("the exact gradient equals central differences of the mean log-likelihood") {
  const RbmParameters rbm = tests::random_machine(4, 3, 0.8, 5);
  const core::Matrix data = all_states(4).topRows(7);
  const auto mean_ll = [&](const RbmParameters& p) {
    return ebm::log_likelihood(p, data, ebm::exact_log_z(p)).value;
  };
  const RbmParameters gradient = ebm::exact_gradient(rbm, data);
  constexpr double step = 1e-4;  // a five-point formula leaves step⁴ ≈ 1e-16 of error
  const auto difference = [&](auto&& at) {
    const auto shifted = [&](double by) {
      RbmParameters p = rbm;
      at(p) += by;
      return mean_ll(p);
    };
    return (8 * (shifted(step) - shifted(-step)) - (shifted(2 * step) - shifted(-2 * step))) /
           (12 * step);
  };
  for (core::Index i = 0; i < 4; ++i) {
    CHECK(std::abs(difference([&](RbmParameters& p) -> double& { return p.visible_bias[i]; }) -
                   gradient.visible_bias[i]) < 1e-10);
    for (core::Index j = 0; j < 3; ++j) {
      CHECK(std::abs(difference([&](RbmParameters& p) -> double& { return p.weights(i, j); }) -
                     gradient.weights(i, j)) < 1e-10);
    }
  }
  for (core::Index j = 0; j < 3; ++j) {
    CHECK(std::abs(difference([&](RbmParameters& p) -> double& { return p.hidden_bias[j]; }) -
                   gradient.hidden_bias[j]) < 1e-10);
  }
}

TEST_CASE("the gradient vanishes where data follow the model") {
  // Weighting every visible state by the model itself is the same as feeding states in proportion:
  // use one unit.
  RbmParameters rbm = tests::random_machine(1, 2, 0.0, 1);  // all zero: p(v=1) = 1/2
  core::Matrix data(2, 1);
  data << 0, 1;
  const RbmParameters gradient = ebm::exact_gradient(rbm, data);
  CHECK(gradient.weights.norm() < 1e-15);
  CHECK(gradient.visible_bias.norm() < 1e-15);
}

TEST_CASE("the pseudo-likelihood is the sum of the log conditionals of each unit") {
  const RbmParameters rbm = tests::random_machine(6, 4, 1.2, 9);
  const core::Matrix states = all_states(6);
  const core::VectorD f = ebm::free_energy(rbm, states);
  for (const core::Index s : {0, 13, 42, 63}) {
    double expected = 0;
    for (core::Index i = 0; i < 6; ++i) {
      const core::Index flipped = s ^ (core::Index{1} << i);
      expected -= std::log1p(std::exp(f[s] - f[flipped]));
    }
    CHECK(ebm::pseudo_log_likelihood(rbm, states.row(s)).value == Approx(expected).epsilon(1e-12));
  }
}

TEST_CASE("an estimate carries the standard error of its mean") {
  const RbmParameters rbm = tests::random_machine(3, 2, 1.0, 2);
  const core::Matrix states = all_states(3);
  const ebm::Estimate estimate = ebm::log_likelihood(rbm, states, 0.0);
  const core::VectorD values = -ebm::free_energy(rbm, states);
  double squares = 0;
  for (const double x : values) squares += (x - values.mean()) * (x - values.mean());
  CHECK(estimate.value == Approx(values.mean()));
  REQUIRE(estimate.standard_error);
  CHECK(*estimate.standard_error == Approx(std::sqrt(squares / 7 / 8)));

  const ebm::Estimate of_one = ebm::log_likelihood(rbm, states.topRows(1), 0.0);
  CHECK(of_one.value == Approx(values[0]));
  CHECK(!of_one.standard_error);  // one example has none
}

TEST_CASE("reconstruction error is the mean absolute distance to the mean-field image") {
  const RbmParameters rbm = tests::random_machine(3, 2, 1.0, 4);
  core::Matrix v(1, 3);
  v << 1, 0, 1;
  const auto s = [](double x) { return 1 / (1 + std::exp(-x)); };
  double h[2], expected = 0;
  for (core::Index j = 0; j < 2; ++j)
    h[j] = s(rbm.hidden_bias[j] + rbm.weights(0, j) + rbm.weights(2, j));
  for (core::Index i = 0; i < 3; ++i) {
    const double back =
        s(rbm.visible_bias[i] + h[0] * rbm.weights(i, 0) + h[1] * rbm.weights(i, 1));
    expected += std::abs(static_cast<double>(v(0, i)) - back) / 3;
  }
  CHECK(ebm::reconstruction_error(rbm, v) == Approx(expected).epsilon(1e-12));
}

TEST_CASE("the fitted inverse temperature is the one that the data were made with") {
  const RbmParameters rbm = tests::random_machine(4, 3, 1.0, 6);
  const core::VectorD p =
      (-ebm::free_energy(rbm, all_states(4)).array() - ebm::exact_log_z(rbm)).exp();
  std::vector<core::Index> states;
  for (core::Index s = 0; s < 16; ++s)
    states.insert(states.end(), static_cast<std::size_t>(std::lround(p[s] * 20000)), s);
  core::Matrix data(static_cast<core::Index>(states.size()), 4);
  for (std::size_t i = 0; i < states.size(); ++i)
    data.row(static_cast<core::Index>(i)) = all_states(4).row(states[i]);
  for (const double factor : {0.4, 1.0, 2.5}) {
    CHECK(ebm::fitted_inv_temp(ebm::at_inv_temp(rbm, factor), data) ==
          Approx(1 / factor).epsilon(5e-3));
  }
}
