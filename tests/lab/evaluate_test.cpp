#include "ohmlab/lab/evaluate.hpp"

#include <stdexcept>

#include "tests/catch.hpp"
#include "tests/ebm/machines.hpp"

using namespace ohmlab;

TEST_CASE("each figure of quality is of the examples that its name says") {
  io::Dataset data;
  data.train = core::Matrix::Zero(3, 6);
  data.test = core::Matrix::Ones(5, 6);
  data.test.topLeftCorner(2, 3).setZero();
  const ebm::RbmParameters rbm = tests::random_machine(6, 4, 1.0, 11);
  const double log_z = ebm::exact_log_z(rbm);
  const std::vector<lab::Quantity> found = lab::evaluate(rbm, data, {.pseudo_examples = 2});
  const auto value = [&](const std::string& name) {
    for (const lab::Quantity& q : found) {
      if (q.name == name) return q.value;
    }
    throw std::runtime_error("no quality called " + name);
  };
  CHECK(value("test_log_likelihood") == ebm::log_likelihood(rbm, data.test, log_z).value);
  CHECK(value("train_log_likelihood") == ebm::log_likelihood(rbm, data.train, log_z).value);
  CHECK(value("test_pseudo_log_likelihood") == ebm::pseudo_log_likelihood(rbm, data.test.topRows(2)).value);
  CHECK(value("test_reconstruction_error") == ebm::reconstruction_error(rbm, data.test));
  CHECK(value("test_log_likelihood") != value("train_log_likelihood"));
}
