#include "ohmlab/ebm/annealing.hpp"

#include <cmath>

#include "ohmlab/core/parallel.hpp"

#include "tests/catch.hpp"
#include "tests/ebm/machines.hpp"

using namespace ohmlab;

namespace {

core::Matrix some_states(core::Index rows, core::Index units) {
  core::Matrix out(rows, units);
  for (core::Index i = 0; i < out.size(); ++i)
    out.data()[i] = static_cast<float>((i * 7919 + 13) % 101 < 40);
  return out;
}

}  // namespace

TEST_CASE(
    "annealed importance sampling meets the exact ln Z within four of its standard errors, which "
    "are small") {
  for (const auto& [visible, hidden, spread] :
       {std::tuple{20, 8, 0.5}, {64, 16, 0.3}, {12, 14, 0.8}}) {
    CAPTURE(visible, hidden, spread);
    const ebm::RbmParameters rbm = tests::random_machine(visible, hidden, spread, 17);
    const core::VectorD base = core::VectorD::Constant(visible, 0.2);
    const auto annealed = ebm::annealed_log_z(rbm, base, {.temperatures = 2000, .chains = 500}, 3);
    const double exact = ebm::exact_log_z(rbm);
    CHECK(annealed.standard_error <= 0.02);
    CHECK(std::abs(annealed.log_z - exact) <= 4 * annealed.standard_error);
    CHECK(annealed.effective_chains > 400);
  }
}

TEST_CASE("from a path's own start nothing has to be annealed") {
  ebm::RbmParameters rbm = tests::random_machine(30, 10, 1.0, 2);
  rbm.weights.setZero();
  rbm.hidden_bias.setZero();
  const auto annealed =
      ebm::annealed_log_z(rbm, rbm.visible_bias, {.temperatures = 1, .chains = 2}, 1);
  CHECK(annealed.log_z == Approx(ebm::exact_log_z(rbm)).epsilon(1e-12));
  CHECK(annealed.standard_error < 1e-12);
}

TEST_CASE("one step of annealing is plain importance sampling") {
  const ebm::RbmParameters rbm = tests::random_machine(6, 4, 0.5, 9);
  const core::VectorD base = core::VectorD::Zero(6);
  const auto annealed = ebm::annealed_log_z(rbm, base, {.temperatures = 1, .chains = 100000}, 4);
  CHECK(std::abs(annealed.log_z - ebm::exact_log_z(rbm)) <= 4 * annealed.standard_error);
}

TEST_CASE(
    "where chains mix, reverse annealing stays below the exact likelihood and closes in with "
    "temperatures") {
  const ebm::RbmParameters rbm = tests::random_machine(40, 12, 0.6, 5);
  const core::VectorD base = core::VectorD::Zero(40);
  const core::Matrix examples = some_states(200, 40);
  const double exact = ebm::log_likelihood(rbm, examples, ebm::exact_log_z(rbm)).value;
  const auto gap = [&](std::int64_t temperatures) {
    return exact -
           ebm::conservative_log_likelihood(rbm, base, examples, {.temperatures = temperatures}, 6)
               .value;
  };
  const double coarse = gap(20), fine = gap(5000);
  CHECK(coarse > fine);
  CHECK(fine > -0.02);
  CHECK(fine < 0.05);
}

TEST_CASE(
    "where chains do not mix, reverse annealing can exceed the exact likelihood: it bounds its own "
    "process") {
  int above = 0;
  for (unsigned seed = 1; seed <= 10; ++seed) {
    const ebm::RbmParameters rbm = tests::random_machine(9, 5, 10, seed);
    core::Matrix examples = some_states(14, 9);
    const double exact = ebm::log_likelihood(rbm, examples, ebm::exact_log_z(rbm)).value;
    const ebm::Estimate reverse = ebm::conservative_log_likelihood(
        rbm, core::VectorD::Zero(9), examples, {.temperatures = 1000}, seed);
    REQUIRE(reverse.standard_error);
    above += reverse.value > exact + 0.1 ? 1 : 0;
  }
  CHECK(above > 0);
}

TEST_CASE(
    "too few temperatures are noticed: few chains carry the weight and the two estimates part") {
  const ebm::RbmParameters rbm = tests::random_machine(60, 16, 1.5, 8);
  const core::VectorD base = core::VectorD::Zero(60);
  const ebm::Annealing coarse{.temperatures = 5, .chains = 100};
  const auto annealed = ebm::annealed_log_z(rbm, base, coarse, 2);
  const core::Matrix examples = some_states(100, 60);
  const double optimistic = ebm::log_likelihood(rbm, examples, annealed.log_z).value;
  const double conservative =
      ebm::conservative_log_likelihood(rbm, base, examples, coarse, 2).value;
  CHECK(annealed.effective_chains < 20);
  CHECK(optimistic - conservative > 1);
  CHECK(annealed.log_z < ebm::exact_log_z(rbm));
}

TEST_CASE("annealing gives the same bits on 1, 2 and 4 threads") {
  const ebm::RbmParameters rbm = tests::random_machine(50, 24, 0.5, 5);
  const core::VectorD base = core::VectorD::Zero(50);
  const int before = core::threads();
  std::vector<double> values;
  for (const int threads : {1, 2, 4}) {
    core::set_threads(threads);
    values.push_back(ebm::annealed_log_z(rbm, base, {.temperatures = 300, .chains = 100}, 1).log_z);
    values.push_back(
        ebm::conservative_log_likelihood(rbm, base, some_states(70, 50), {.temperatures = 300}, 1)
            .value);
  }
  core::set_threads(before);
  CHECK(values[2] == values[0]);
  CHECK(values[4] == values[0]);
  CHECK(values[3] == values[1]);
  CHECK(values[5] == values[1]);
}
