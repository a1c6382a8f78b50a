#include "ohmlab/cost/loss_laws.hpp"

#include <cmath>

#include "tests/catch.hpp"

using namespace ohmlab;

TEST_CASE("loss laws give the figures of their constants") {
  // Chinchilla, 70 B on 1.4 T tokens, computed apart from this code
  CHECK(cost::BesirogluRefit{}.fit().best.loss(70e9, 1.4e12) == Approx(1.97388186).epsilon(1e-8));
  CHECK(cost::HoffmannFit{}.fit().best.loss(70e9, 1.4e12) == Approx(1.92083520).epsilon(1e-8));
}

TEST_CASE("tokens for a loss are the inverse of the loss over tokens") {
  const cost::LossConstants k = cost::BesirogluRefit{}.fit().best;
  for (const double p : {1e9, 70e9, 1e12}) {
    for (const double t : {1e10, 1e12, 1e14})
      CHECK(k.tokens_for(k.loss(p, t), p) == Approx(t).epsilon(1e-6));
  }
  CHECK(std::isinf(k.tokens_for(1.8, 1e12)));  // below what nothing removes
  CHECK(std::isinf(k.tokens_for(1.9, 1e9)));   // a model too small for it
}

TEST_CASE("the optimum under a budget is the least loss of a scan") {
  for (const auto& k : {cost::BesirogluRefit{}.fit().best, cost::HoffmannFit{}.fit().best}) {
    for (const double flops : {1e20, 5.76e23, 1e27}) {
      const double p = k.optimal_parameters(flops), least = k.loss(p, flops / 6 / p);
      for (const double factor : {0.2, 0.5, 0.9, 1.1, 2.0, 5.0}) {
        CHECK(k.loss(p * factor, flops / 6 / p / factor) > least);
      }
      CHECK(k.flops_for(least) == Approx(flops).epsilon(1e-6));
    }
  }
}

TEST_CASE(
    "the refit finds 20 tokens a parameter at Chinchilla's budget, the published fit does not") {
  const auto ratio = [](const cost::LossConstants& k) {
    const double p = k.optimal_parameters(5.76e23);
    return 5.76e23 / 6 / p / p;
  };
  CHECK(ratio(cost::BesirogluRefit{}.fit().best) == Approx(18.5).margin(1));
  CHECK(ratio(cost::HoffmannFit{}.fit().best) > 50);
}

TEST_CASE(
    "draws of a loss law leave the loss in the middle of its data where it was, but for its "
    "floor") {
  cost::Outlook outlook({.draws = 500});
  const cost::LossFit fit = cost::BesirogluRefit{}.fit();
  const double p = cost::LossFit::pivot_parameters, t = cost::LossFit::pivot_tokens;
  double least = 1e9, most = 0, far_least = 1e9, far_most = 0;
  for (const cost::LossConstants& k : fit.draws(outlook)) {
    CHECK(k.loss(p, t) - k.e == Approx(fit.best.loss(p, t) - fit.best.e).epsilon(1e-9));
    least = std::min(least, k.loss(p, t));
    most = std::max(most, k.loss(p, t));
    far_least = std::min(far_least, k.loss(1e13, 2e14) - k.e);
    far_most = std::max(far_most, k.loss(1e13, 2e14) - k.e);
  }
  CHECK(most - least > 0.1);  // six standard errors of 0.03 among 500 draws, at least three of them
  CHECK(far_most > 1.5 * far_least);
}
