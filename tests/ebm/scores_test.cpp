#include "ohmlab/ebm/scores.hpp"

#include <stdexcept>

#include "tests/catch.hpp"
#include "tests/ebm/machines.hpp"

using namespace ohmlab;

TEST_CASE("each figure of quality is of the examples that its name says") {
  const core::Matrix train = core::Matrix::Zero(3, 6);
  core::Matrix test = core::Matrix::Ones(5, 6);
  test.topLeftCorner(2, 3).setZero();
  const ebm::Task data{train, test, {}, {}};
  const ebm::RbmParameters rbm = tests::random_machine(6, 4, 1.0, 11);
  const double log_z = ebm::exact_log_z(rbm);
  const ebm::Figures found = ebm::rbm_figures(rbm, data, {.pseudo_examples = 2});
  const auto value = [&](const std::string& name) {
    for (const crossbar::Figure& q : found) {
      if (q.name == name) return q.value;
    }
    throw std::runtime_error("no quality called " + name);
  };
  CHECK(value("test_log_likelihood") == ebm::log_likelihood(rbm, data.test, log_z).value);
  CHECK(value("train_log_likelihood") == ebm::log_likelihood(rbm, data.train, log_z).value);
  CHECK(value("test_pseudo_log_likelihood") ==
        ebm::pseudo_log_likelihood(rbm, data.test.topRows(2)).value);
  CHECK(value("test_reconstruction_error") == ebm::reconstruction_error(rbm, data.test));
  CHECK(value("test_log_likelihood") != value("train_log_likelihood"));
}
