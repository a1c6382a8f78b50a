// Backpropagation as an experiment: against plain loops in the same order of examples, with its
// twins, its bill and its refusals.
#include "ohmlab/lab/experiments/backprop.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "ohmlab/core/errors.hpp"
#include "ohmlab/core/rng.hpp"
#include "ohmlab/lab/experiments.hpp"
#include "ohmlab/lab/results/priced.hpp"
#include "ohmlab/lab/run.hpp"

#include "tests/catch.hpp"
#include "tests/contains.hpp"

using namespace ohmlab;
using core::Index;
using core::MatrixD;
using core::VectorD;

namespace {

/// Three classes of nine pixels, of which three tell the class. 22 examples: batches leave a rest.
io::Dataset labelled(bool binary) {
  io::Dataset out;
  out.train.setZero(22, 9);
  for (Index row = 0; row < out.train.rows(); ++row) {
    const Index label = row % 3;
    out.train.row(row).segment(3 * label, 3).setConstant(binary ? 1.0F : 0.9F);
    out.train(row, (row * 5) % 9) = binary ? 1.0F : 0.35F;
    out.train_labels.push_back(static_cast<std::uint8_t>(label));
  }
  out.test = out.train.topRows(12);
  out.test_labels.assign(out.train_labels.begin(), out.train_labels.begin() + 12);
  out.binary = binary;
  out.digest = "labelled";
  return out;
}

experiments::Backprop config_of(const std::vector<std::string>& sets) {
  return std::get<experiments::Backprop>(
      lab::plan(core::parse_config("kind = 'backprop'\ndata = {kind = 'bars_and_stripes', size = "
                                   "3}\nmodel = {hidden = [6, 5]}\n"
                                   "training = {epochs = 3, batch = 5, rate = 0.5}\n",
                                   "b.toml", {}, sets))
          .experiment->choice);
}

results::Result trained(const std::vector<std::string>& sets, bool binary = false) {
  results::Progress silent;
  return config_of(sets).run(labelled(binary), silent);
}

const std::string analog =
    "array={kind='analog', weight_scale=1, device={g_min=1e-6, g_max=9e-6, v_read=0.2, "
    "t_read=1e-7, v_write=2.0, t_pulse=1e-8, pulse={kind='ideal', dw_min=0.001}, "
    "read_noise={kind='white', std=0.02}, drift={kind='power_law', t0=1e-6}}}";

double quality(const results::Result& result, const std::string& name) {
  for (const results::Quantity& q : result.quality) {
    if (q.name == name) return q.value;
  }
  throw std::runtime_error("no quality called " + name);
}

const results::Parameter& parameter(const results::Result& result, const std::string& name) {
  for (const results::Parameter& p : result.parameters) {
    if (p.name == name) return p;
  }
  throw std::runtime_error("no parameter called " + name);
}

/// Plain gradient descent of a sigmoid network in float64, one example and one weight at a time.
struct Plain {
  std::vector<MatrixD> w;
  std::vector<VectorD> b;

  void step(const core::Matrix& inputs, const std::vector<std::uint8_t>& labels,
            const std::vector<std::uint32_t>& batch, double rate) {
    std::vector<MatrixD> dw;
    std::vector<VectorD> db;
    for (std::size_t l = 0; l < w.size(); ++l) {
      dw.emplace_back(MatrixD::Zero(w[l].rows(), w[l].cols()));
      db.emplace_back(VectorD::Zero(w[l].cols()));
    }
    for (const std::uint32_t example : batch) {
      std::vector<std::vector<double>> a(w.size() + 1);
      for (Index i = 0; i < inputs.cols(); ++i)
        a[0].push_back(static_cast<double>(inputs(example, i)));
      for (std::size_t l = 0; l < w.size(); ++l) {
        for (Index j = 0; j < w[l].cols(); ++j) {
          double z = b[l][j];
          for (Index i = 0; i < w[l].rows(); ++i)
            z += a[l][static_cast<std::size_t>(i)] * w[l](i, j);
          a[l + 1].push_back(l + 1 < w.size() ? 1 / (1 + std::exp(-z)) : std::exp(z));
        }
      }
      std::vector<double> error = a.back();
      double sum = 0;
      for (const double e : error) sum += e;
      for (double& e : error) e /= sum;
      error[labels[example]] -= 1;
      for (std::size_t l = w.size(); l-- > 0;) {
        std::vector<double> back;
        for (Index i = 0; i < w[l].rows(); ++i) {
          const double value = a[l][static_cast<std::size_t>(i)];
          double e = 0;
          for (Index j = 0; j < w[l].cols(); ++j) {
            const double own = error[static_cast<std::size_t>(j)];
            e += own * w[l](i, j);
            dw[l](i, j) += value * own;
            if (i == 0) db[l][j] += own;
          }
          back.push_back(e * value * (1 - value));
        }
        error = back;
      }
    }
    const double each = rate / static_cast<double>(batch.size());
    for (std::size_t l = 0; l < w.size(); ++l) {
      w[l] -= each * dw[l];
      b[l] -= each * db[l];
    }
  }
};

double flops(const results::System& system, const std::string& stage,
             const std::string& component) {
  double sum = 0;
  for (const cost::Entry& e : system.tally) {
    if (e.stage == stage && e.component.starts_with(component) && cost::is_operation(e.action))
      sum += e.count;
  }
  return sum;
}

std::string refused(const std::vector<std::string>& sets, const io::Dataset& data) {
  try {
    results::Progress silent;
    static_cast<void>(config_of(sets).run(data, silent));
  } catch (const core::UserError& error) {
    return error.what();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("training in batches is plain gradient descent in the order of its epochs") {
  const io::Dataset data = labelled(false);
  const std::vector<std::string> schedule{"training.schedule={kind='decay', per_epoch=0.5}"};
  std::vector<std::string> untrained = schedule;
  untrained.emplace_back("training.epochs=0");
  const results::Result start = trained(untrained), end = trained(schedule);
  Plain plain;
  const std::vector<std::string> weights{"weights_1", "weights_2", "weights_3"},
      biases{"hidden_1_bias", "hidden_2_bias", "output_bias"};
  for (std::size_t l = 0; l < 3; ++l) {
    plain.w.push_back(parameter(start, weights[l]).values);
    plain.b.emplace_back(parameter(start, biases[l]).values.reshaped().transpose());
  }
  for (std::uint64_t epoch = 0; epoch < 3; ++epoch) {
    const auto order = core::permutation(core::stream(1, core::StreamId::shuffle), epoch, 22);
    for (std::size_t begin = 0; begin < 22; begin += 5) {
      const std::vector<std::uint32_t> batch(
          order.begin() + static_cast<std::ptrdiff_t>(begin),
          order.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(begin + 5, 22)));
      plain.step(data.train, data.train_labels, batch, 0.5 * std::pow(0.5, epoch));
    }
  }
  for (std::size_t l = 0; l < 3; ++l) {
    CHECK((parameter(end, weights[l]).values - plain.w[l]).cwiseAbs().maxCoeff() < 2e-6);
    CHECK((parameter(end, biases[l]).values.reshaped().transpose() - plain.b[l])
              .cwiseAbs()
              .maxCoeff() < 2e-6);
    CHECK((parameter(end, weights[l]).values - parameter(start, weights[l]).values)
              .cwiseAbs()
              .maxCoeff() > 1e-3);
  }
}

TEST_CASE("products on a digital machine are those of the shape alone") {
  // 22 examples in 5 batches, 3 epochs; 9-6-5-3: no product towards the inputs.
  const results::Result result = trained({"twin_formats=['bf16']"});
  const double examples = 3 * 22, weights = 9 * 6 + 6 * 5 + 5 * 3, returned = 6 * 5 + 5 * 3;
  for (const results::System& system : result.systems) {
    CAPTURE(system.name);
    CHECK(flops(system, "train: forward", "weights") == 2 * examples * weights);
    CHECK(flops(system, "train: backward", "weights") == 2 * examples * returned);
    // Chips and formats with scales also make a rounded copy; its work is not an operation.
    CHECK(flops(system, "train: update", "weights") == 2 * examples * weights);
    CHECK(system.parameters == weights + 6 + 5 + 3);
    CHECK(system.examples == examples);
    CHECK(system.algorithm == "backprop");
  }
  // Elementwise work of float32, each number of it: a bias, a logistic function (10 operations).
  const results::System& floats = result.systems[0];
  CHECK(flops(floats, "train: forward", "hidden 1 neurons") == examples * 6 * (1 + 10));
  // Bias, comparison, subtraction, exponential, sum, product; a reciprocal a vector.
  CHECK(flops(floats, "train: forward", "output neurons") ==
        examples * (3 * (1 + 1 + 1 + 10 + 1 + 1) + 10));
  CHECK(flops(floats, "train: backward", "output errors") == examples);
  // Of the error that is driven: comparison, product; a reciprocal a vector. Of the result: product
  // with the maximum, then with the slope a(1 - a).
  CHECK(flops(floats, "train: backward", "hidden 2 errors") ==
        examples * (3 * (1 + 1) + 10 + 5 * (1 + 3)));
  CHECK(flops(floats, "train: update", "biases") == (examples + 3 * 5) * (6 + 5 + 3));
  CHECK(trained({"model.error_scaling=none"}).systems[0].tally.size() == floats.tally.size());
}

TEST_CASE("the twin posts entry by entry what a training on ideal arrays posts") {
  const auto all = [](const cost::Entry& e) {
    return std::tuple(e.stage, e.component, e.layer, e.action, e.parameter, e.count, e.serial,
                      e.joules, e.seconds);
  };
  const auto held = [](const cost::Holding& h) {
    return std::tuple(h.component, h.layer, h.part, h.parameter, h.count);
  };
  for (const bool binary : {false, true}) {
    for (const std::string machine : {"accelerator", "chip"}) {
      for (const std::string format : {"fp32", "bf16", "int8", "int8_shift"}) {
        for (const std::string more :
             {"model.bias=cell", "model.activation=tanh",
              "model={hidden=[20, 16], activation='relu'}", "model.input_scaling=maximum",
              "model.error_scaling=none", "model.output_scale=[0.5, 1, 2]", "training.batch=100",
              "training.batch=1", "training.batch=11"}) {
          CAPTURE(binary, machine, format, more);
          const std::vector<std::string> array{
              "array={kind='ideal', format='" + format + "', machine='" + machine + "'}", more};
          const results::System ran = trained(array, binary).systems[0];
          // On simulated arrays the same machine is a twin, which did not run.
          const results::Result other =
              trained({analog, more,
                       (machine == "chip" ? "chip_formats=['" : "twin_formats=['") + format + "']"},
                      binary);
          const auto twin =
              std::find_if(other.systems.begin(), other.systems.end(),
                           [&](const results::System& s) { return s.name == ran.name; });
          REQUIRE(twin != other.systems.end());
          REQUIRE(twin->tally.size() == ran.tally.size());
          for (std::size_t i = 0; i < ran.tally.size(); ++i) {
            CAPTURE(ran.tally[i].stage, ran.tally[i].component, cost::name(ran.tally[i].action),
                    ran.tally[i].parameter, ran.tally[i].count, twin->tally[i].count);
            CHECK(all(twin->tally[i]) == all(ran.tally[i]));
          }
          REQUIRE(twin->holdings.size() == ran.holdings.size());
          for (std::size_t i = 0; i < ran.holdings.size(); ++i)
            CHECK(held(twin->holdings[i]) == held(ran.holdings[i]));
          CHECK(twin->title == ran.title);
          CHECK(twin->machine == ran.machine);
        }
      }
    }
  }
}

TEST_CASE("a network learns through pulses, and its arrays have a bill") {
  const results::Result result =
      trained({analog, "array.weight_scale=3", "model.activation=tanh", "training.epochs=60",
               "training.batch=1", "training.rate=0.2", "evaluation.every=20"});
  CHECK(result.systems[0].name == "simulated");
  CHECK(result.systems[0].title == "multilayer network by backpropagation on analog arrays");
  CHECK(result.systems[0].unpriced.empty());
  CHECK(result.metrics[0].name == "test_error");
  CHECK(result.metrics[0].values.front() > 0.5);
  CHECK(quality(result, "test_error") == 0);
  CHECK(quality(result, "test_cross_entropy") < 0.3);
  CHECK(quality(result, "pulses_per_cell") > 8.5);
  CHECK(result.axis.values == std::vector<double>{0, 20, 40, 60});
  REQUIRE(result.history.done.size() == 4);
  double joules = 0, fetched = 0, operands = 0;
  for (const cost::Entry& e : result.systems[0].tally) {
    joules += e.joules;
    if (e.component == "examples" && e.action == cost::Action::memory_read) fetched += e.count;
    if (e.component == "activities" && e.action == cost::Action::buffer_read) operands += e.count;
  }
  CHECK(joules > 0);
  const double examples = 60 * 22;
  CHECK(fetched == examples * (9 + 1));  // bytes: gray pixels and a label
  // Bits: inputs of each layer forward and at the update; errors backward and at the update.
  CHECK(operands == examples * (2 * (9 * 8 + (6 + 5) * 16) + (5 + 3) * 16 + (6 + 5 + 3) * 16));
}

TEST_CASE("every update path of the arrays carries the changes") {
  const results::Result direct = trained({analog});
  for (const char* path : {"tiki_taka", "tiki_taka_2", "mixed_precision", "carry"}) {
    CAPTURE(path);
    const results::Result other = trained({analog, std::string("array.path=") + path});
    CHECK(other.systems[0].unpriced.empty());
    bool moved = false;
    for (std::size_t p = 0; p < direct.parameters.size(); ++p) {
      CHECK(other.parameters[p].values.allFinite());
      moved = moved || other.parameters[p].values != direct.parameters[p].values;
    }
    CHECK(moved);
  }
}

TEST_CASE("reads for the score are averaged, leave no trace and are not billed") {
  const results::Result without = trained({analog}), with = trained({analog, "evaluation.reads=4"});
  for (std::size_t p = 0; p < without.parameters.size(); ++p)
    CHECK(without.parameters[p].values == with.parameters[p].values);
  REQUIRE(without.systems[0].tally.size() == with.systems[0].tally.size());
  for (std::size_t i = 0; i < with.systems[0].tally.size(); ++i) {
    CHECK(without.systems[0].tally[i].count == with.systems[0].tally[i].count);
    CHECK(without.systems[0].tally[i].joules == with.systems[0].tally[i].joules);
  }
  CHECK(quality(without, "test_cross_entropy") == quality(with, "test_cross_entropy"));
  const double read = quality(with, "test_cross_entropy_read"),
               held = quality(with, "test_cross_entropy"),
               deviation = quality(with, "test_cross_entropy_read_deviation");
  CHECK(deviation > 0);
  CHECK(read != held);
  CHECK(std::abs(read - held) < 0.2 * held);
  // Exact products read what the weights say.
  const results::Result exact = trained({"evaluation.reads=2"});
  CHECK(std::abs(quality(exact, "test_cross_entropy_read") - quality(exact, "test_cross_entropy")) <
        1e-6);
  CHECK(quality(exact, "test_cross_entropy_read_deviation") == 0);
}

TEST_CASE("a constant line of cells learns biases, as registers do") {
  const results::Result registers = trained({}), cells = trained({"model.bias=cell"});
  for (const char* name : {"weights_1", "weights_2", "weights_3", "hidden_1_bias", "output_bias"}) {
    const MatrixD &a = parameter(registers, name).values, &b = parameter(cells, name).values;
    CHECK((a - b).cwiseAbs().maxCoeff() < 2e-6);
    CHECK(a.cwiseAbs().maxCoeff() > 1e-3);
  }
}

TEST_CASE("a training ends at the evaluation at which its metric comes to a value") {
  const results::Result result =
      trained({"training.epochs=400", "evaluation.every=10",
               "training.until={metric='test_cross_entropy', value=0.2}"});
  const std::vector<double>& values = result.metrics[1].values;
  REQUIRE(values.size() > 2);
  CHECK(values.back() <= 0.2);
  CHECK(values[values.size() - 2] > 0.2);
  CHECK(result.systems[0].examples == result.axis.values.back() * 22);
}

TEST_CASE("no network is trained that cannot be") {
  const io::Dataset data = labelled(false);
  io::Dataset unlabelled = data;
  unlabelled.test_labels.clear();
  CHECK(refused({}, unlabelled) ==
        "data: expected examples with labels, which backpropagation learns");
  io::Dataset same = data;
  std::fill(same.train_labels.begin(), same.train_labels.end(), std::uint8_t{0});
  std::fill(same.test_labels.begin(), same.test_labels.end(), std::uint8_t{0});
  CHECK(refused({}, same) == "data: expected labels of two classes or more, found one");
  CHECK_THAT(refused({"model.hidden=[]"}, data),
             ContainsSubstring("hidden is empty: expected the units of at least one hidden layer"));
  CHECK_THAT(
      refused({"model.output_scale=[1, 2]"}, data),
      ContainsSubstring(
          "output_scale has 2 numbers: expected 3, one for each hidden layer and the output, "
          "or none"));
  CHECK_THAT(refused({"evaluation.every=0", "training.until={metric='test_error', value=0}"}, data),
             ContainsSubstring(
                 "training.until needs evaluations on the way: expected evaluation.every above 0"));
  CHECK_THAT(refused({"training.until={metric='test_eror', value=0}"}, data),
             ContainsSubstring("did you mean \"test_error\"?"));
  CHECK_THAT(refused({"model.activation=softplus"}, data),
             ContainsSubstring("expected one of \"sigmoid\", \"tanh\", \"relu\""));
}
