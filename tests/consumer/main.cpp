// Memory of matrices crosses the border between a library tuned for one CPU and a program that is
// not, both ways.
#include <cstdio>
#include <memory>

#include <ohmlab/cost/prices.hpp>
#include <ohmlab/crossbar/catalogue.hpp>
#include <ohmlab/lab/describe.hpp>
#include <ohmlab/lab/results/result.hpp>
#include <ohmlab/lab/run.hpp>

using namespace ohmlab;

int main() {
  cost::Tally tally;
  const auto array = crossbar::AnalogArrayModel{}.make(33, 17, {.tally = &tally});
  for (core::Index size = 1; size < 200; ++size) {
    core::MatrixD weights = array->weights();  // allocated in the library
    weights.resize(size, 3 * size);            // freed and allocated here
    weights.setOnes();
    weights = array->weights();  // freed here
  }
  const core::Matrix x = core::Matrix::Ones(5, 33);
  core::Matrix y(5, 17);
  array->program(core::Matrix::Constant(33, 17, 0.5F));
  array->read(crossbar::Direction::to_cols, x, y);
  if (!(y.array() > 10).all()) return 1;

  const auto config = core::parse_config(
      "kind = 'train'\ndata = {kind = 'bars_and_stripes', size = 3}\nmodel = {kind = 'rbm', hidden "
      "= 4}\n"
      "rule = {kind = 'pcd', chains = 8}\ntraining = {epochs = 2, batch = 4}\n",
      "consumer.toml");
  results::Progress silent;
  lab::Outcome outcome = lab::run(lab::plan(config), {.out = "consumer.h5", .force = true}, silent);
  for (results::Parameter& parameter : outcome.stored.result.parameters)
    parameter.values.resize(1, 1);
  outcome.stored.result.parameters.clear();

  if (lab::describe_rooms().empty()) return 1;
  std::printf("prices: %s\n",
              cost::default_prices().title.c_str());  // found from the program's own place
  return 0;
}
