// The centred gradient against enumeration, against a twin written by hand, and by its invariance:
// it does not depend on which of two states of a unit is called 1.
#include <cmath>

#include "ohmlab/crossbar/analog_array.hpp"
#include "ohmlab/ebm/model/graph.hpp"
#include "ohmlab/ebm/trainer.hpp"

#include "tests/catch.hpp"
#include "tests/ebm/machines.hpp"
#include "tests/ebm/networks.hpp"
#include "tests/ebm/trained.hpp"
#include "tests/oracles/statistics.hpp"

using namespace ohmlab;
using core::Index;
using core::MatrixD;
using core::VectorD;
using tests::coins;

namespace {

const ebm::Neuron adc{{ebm::AdcNeuron{}}};

/// Means of units and of their products.
struct Moments {
  VectorD v, h;
  MatrixD vh;
};

/// Moments of a machine by a sum over all states, or over the hidden ones for each example.
Moments moments(const ebm::RbmParameters& rbm, const core::Matrix* data) {
  const Index nv = rbm.weights.rows(), nh = rbm.weights.cols();
  const Index examples = data ? data->rows() : 1;
  Moments out{VectorD::Zero(nv), VectorD::Zero(nh), MatrixD::Zero(nv, nh)};
  for (Index e = 0; e < examples; ++e) {
    Moments sum{VectorD::Zero(nv), VectorD::Zero(nh), MatrixD::Zero(nv, nh)};
    double z = 0;
    for (int state = 0; state < 1 << (data ? nh : nv + nh); ++state) {
      VectorD v(nv), h(nh);
      for (Index j = 0; j < nh; ++j) h[j] = state >> j & 1;
      for (Index i = 0; i < nv; ++i)
        v[i] = data ? static_cast<double>((*data)(e, i)) : state >> (nh + i) & 1;
      const double p =
          std::exp(v.dot(rbm.visible_bias) + h.dot(rbm.hidden_bias) + (v * rbm.weights).dot(h));
      z += p;
      sum.v += p * v;
      sum.h += p * h;
      sum.vh += p * v.transpose() * h;
    }
    out.v += sum.v / z / static_cast<double>(examples);
    out.h += sum.h / z / static_cast<double>(examples);
    out.vh += sum.vh / z / static_cast<double>(examples);
  }
  return out;
}

VectorD logistic(const VectorD& x) { return (1 + (-x.array()).exp()).inverse(); }

/// <(v - m)(h - l)>
MatrixD centred_product(const Moments& of, const VectorD& m, const VectorD& l) {
  return of.vh - of.v.transpose() * l - m.transpose() * of.h + m.transpose() * l;
}

/// Final states of two phases, in which units draw.
std::vector<ebm::States> seen_in(Index batch, Index visible, Index hidden, unsigned seed) {
  std::vector<ebm::States> out(2, ebm::States(2));
  for (std::size_t p = 0; p < 2; ++p) {
    out[p][0].state = coins(batch, visible, 10 * seed + static_cast<unsigned>(2 * p));
    out[p][1].state = coins(batch, hidden, 10 * seed + static_cast<unsigned>(2 * p + 1));
    for (ebm::Activity& layer : out[p]) layer.mean = layer.state;
  }
  return out;
}

struct Learned {
  MatrixD weights;
  core::Vector visible_bias, hidden_bias;
};

/// Writes updates of given states into a machine without weights and biases.
Learned written(const ebm::Rule& rule, const ebm::Training& training, bool flipped) {
  constexpr Index batch = 6, visible = 7, hidden = 5;
  cost::Tally tally;
  ebm::Network machine = tests::rbm_network(visible, hidden, adc, 1, tally);
  machine.bias(0) = core::Vector::LinSpaced(visible, -1, 1) * (flipped ? -1 : 1);
  ebm::Trainer trainer = tests::trainer(machine, rule, training);
  for (unsigned k = 0; k < 4; ++k) {
    std::vector<ebm::States> seen = seen_in(batch, visible, hidden, k);
    for (ebm::States& states : seen) {
      if (!flipped) continue;
      states[0].state = 1 - states[0].state.array();
      states[0].mean = states[0].state;
    }
    trainer.write(seen, 1);
  }
  return {machine.weights().weights(), machine.bias(0), machine.bias(1)};
}

/// Largest difference of a machine and one that calls the other state of its visible units 1:
/// W v = W - W (1 - v).
double difference(const Learned& of, const Learned& flipped) {
  const VectorD hidden = of.hidden_bias.cast<double>() + of.weights.colwise().sum();
  return std::max(
      {(of.weights + flipped.weights).cwiseAbs().maxCoeff(),
       static_cast<double>((of.visible_bias + flipped.visible_bias).cwiseAbs().maxCoeff()),
       (hidden - flipped.hidden_bias.cast<double>()).cwiseAbs().maxCoeff()});
}

const ebm::Rule centred{{ebm::CentredDivergence{.chains = 11, .sliding = 0.2}}};

}  // namespace

TEST_CASE("the mean centred update of long chains is the enumerated one", "[stochastic]") {
  const ebm::RbmParameters rbm = tests::random_machine(4, 3, 0.7, 12);
  core::Matrix data(4, 4);
  data << 1, 0, 1, 0, 1, 1, 0, 0, 1, 0, 1, 1, 1, 1, 1, 1;
  const Moments held = moments(rbm, &data), free = moments(rbm, nullptr);
  constexpr Index copies = 5000;
  const core::Matrix batch = data.replicate(copies, 1);
  constexpr double sliding = 0.3, bias_rate = 0.5;
  for (const ebm::OffsetMeans means : {ebm::OffsetMeans::both, ebm::OffsetMeans::data}) {
    for (const ebm::Update update : {ebm::Update::two_phase, ebm::Update::differenced}) {
      const bool both = means == ebm::OffsetMeans::both;
      const auto offsets = [&](const VectorD& bias, const VectorD& of_data, const VectorD& model) {
        const VectorD start = logistic(bias);
        return VectorD(start +
                       sliding * ((both ? VectorD((of_data + model) / 2) : of_data) - start));
      };
      const VectorD m = offsets(rbm.visible_bias, held.v, free.v),
                    l = offsets(rbm.hidden_bias, held.h, free.h);
      const MatrixD change = centred_product(held, m, l) - centred_product(free, m, l);
      cost::Tally tally;
      ebm::Network machine = tests::rbm_network(4, 3, adc, tests::seed(3), tally);
      tests::set(machine, rbm);
      ebm::Trainer trainer = tests::trainer(
          machine,
          {{ebm::CentredDivergence{
              .steps = 25, .persistent = false, .sliding = sliding, .offsets = means}}},
          {.rate = 1, .bias_rate = bias_rate, .update = update});
      tests::step(trainer, batch, 1);
      const double five_sigma = 5 * 0.5 * std::sqrt(2.0 / (4 * copies));
      CHECK((machine.weights().weights() - rbm.weights - change).cwiseAbs().maxCoeff() <
            five_sigma);
      // A bias adds up the errors of its weights, times offsets below 1.
      const VectorD visible = bias_rate * (held.v - free.v) - l * change.transpose(),
                    hidden = bias_rate * (held.h - free.h) - m * change;
      CHECK((machine.bias(0).cast<double>() - rbm.visible_bias - visible).cwiseAbs().maxCoeff() <
            (bias_rate + l.sum()) * five_sigma);
      CHECK((machine.bias(1).cast<double>() - rbm.hidden_bias - hidden).cwiseAbs().maxCoeff() <
            (bias_rate + m.sum()) * five_sigma);
    }
  }
}

TEST_CASE("a centred machine does not care which of two states is called 1; a plain one does") {
  for (const ebm::Update update : {ebm::Update::two_phase, ebm::Update::differenced}) {
    const ebm::Training training{.rate = 0.3, .bias_rate = 0.2, .update = update};
    CHECK(difference(written(centred, training, false), written(centred, training, true)) < 1e-6);
    const ebm::Rule plain{{ebm::PersistentCd{}}};
    CHECK(difference(written(plain, training, false), written(plain, training, true)) > 0.01);
  }
}

TEST_CASE("on the ideal array the centred difference of both phases is what both phases make") {
  const ebm::Training two{.rate = 0.3, .bias_rate = 0.2};
  ebm::Training one = two;
  one.update = ebm::Update::differenced;
  const Learned a = written(centred, two, false), b = written(centred, one, false);
  CHECK((a.weights - b.weights).cwiseAbs().maxCoeff() < 1e-6);
  CHECK((a.visible_bias - b.visible_bias).cwiseAbs().maxCoeff() < 1e-6F);
  CHECK((a.hidden_bias - b.hidden_bias).cwiseAbs().maxCoeff() < 1e-6F);
}

TEST_CASE("on a graph only the changes of its edges shift biases") {
  // Three sites in a row: 1 and 3 are of one colour, 2 of the other; all cells are along edges. On
  // a square of four sites, too, but a king's 2 x 3 has pairs of colours without an edge.
  const ebm::GraphModel graph{.lattice = ebm::Lattice::king, .height = 2, .width = 4};
  const ebm::NetworkPlan plan = graph.plan(8, 0);
  double missing = 0;
  for (const ebm::CouplingPlan& c : plan.couplings)
    missing += static_cast<double>(c.edges.size()) - static_cast<double>(c.edges.sum());
  REQUIRE(missing > 0);
  const auto biases = [&](ebm::Update update) {
    cost::Tally tally;
    ebm::Network machine(plan, adc, 1, tally, tests::ideal_arrays());
    ebm::Trainer trainer =
        tests::trainer(machine, centred, {.rate = 1, .bias_rate = 0, .update = update});
    std::vector<ebm::States> seen(2, ebm::States(plan.layers.size()));
    for (std::size_t p = 0; p < 2; ++p) {
      for (std::size_t l = 0; l < seen[p].size(); ++l) {
        seen[p][l].state = coins(5, plan.layers[l].units, static_cast<unsigned>(20 * p + l));
        seen[p][l].mean = seen[p][l].state;
      }
    }
    trainer.write(seen, 1);
    // By hand: offsets start at 1/2, and the machine at no weights.
    std::vector<VectorD> offsets, expected;
    for (std::size_t l = 0; l < plan.layers.size(); ++l) {
      const VectorD mean = (seen[0][l].state.cast<double>().colwise().mean() +
                            seen[1][l].state.cast<double>().colwise().mean()) /
                           2;
      offsets.push_back((0.5 + 0.2 * (mean.array() - 0.5)).matrix());
      expected.push_back(VectorD::Zero(mean.size()));
    }
    for (std::size_t c = 0; c < plan.couplings.size(); ++c) {
      const MatrixD w = machine.weights(c).weights();
      const std::size_t a = plan.couplings[c].rows, b = plan.couplings[c].cols;
      CHECK((w.array() * (1 - plan.couplings[c].edges.cast<double>().array())).abs().maxCoeff() ==
            0);
      expected[a] -= offsets[b] * w.transpose();
      expected[b] -= offsets[a] * w;
    }
    for (std::size_t l = 0; l < expected.size(); ++l)
      CHECK((machine.bias(l).cast<double>() - expected[l]).cwiseAbs().maxCoeff() < 1e-6);
  };
  biases(ebm::Update::two_phase);
  biases(ebm::Update::differenced);
}

TEST_CASE("offsets are registers at the edge, and their work is on the bill") {
  cost::Tally tally;
  ebm::Network machine = tests::rbm_network(
      6, 3, adc, 1, tally, tests::arrays_of<crossbar::AnalogArray>(crossbar::AnalogArrayModel{}));
  ebm::Trainer trainer = tests::trainer(machine, {{ebm::CentredDivergence{}}}, {.batch = 4});
  tests::step(trainer, core::Matrix::Ones(4, 6), 1);
  double held = 0, multiplied = 0, logistic_values = 0;
  for (const cost::Holding& holding : tally.holdings()) {
    if (holding.component == "offsets" && holding.part == cost::Part::buffer_bit)
      held += holding.count;
  }
  for (const cost::Entry& entry : tally.entries()) {
    if (entry.component != "offsets") continue;
    if (entry.action == cost::Action::edge_multiply) multiplied += entry.count;
    if (entry.action == cost::Action::edge_sigmoid) logistic_values += entry.count;
  }
  CHECK(held == 16 * (6 + 3));
  CHECK(logistic_values == 6 + 3);
  // Means of two phases and their move; two products for each of the 2 x 4 signals of a unit, and
  // the rate.
  CHECK(multiplied == 3 * 9 + 2 * (2 * 4 * 9) + 9);
}

TEST_CASE("a trainer with offsets goes on from its stored state as if nothing had happened") {
  tests::check_resumes(centred, 4);
}

TEST_CASE("a number of persistent chains that start at the data is refused") {
  CHECK(ebm::CentredDivergence{.persistent = false}.problem().empty());
  CHECK(ebm::CentredDivergence{.persistent = false, .chains = 3}.problem().find("persistent") !=
        std::string::npos);
}
