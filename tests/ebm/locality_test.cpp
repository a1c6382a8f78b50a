// A cell may change by what it sees, and by nothing else. Every rule is run through the real
// trainer with every other neuron perturbed; a planted rule that looks at its neighbours must be
// caught.
#include <cmath>
#include <utility>

#include "ohmlab/ebm/models.hpp"
#include "ohmlab/ebm/trainer.hpp"

#include "tests/catch.hpp"
#include "tests/ebm/networks.hpp"
#include "tests/ebm/trained.hpp"

using namespace ohmlab;
using core::Index;
using tests::coins;

namespace {

constexpr Index batch = 6, visible = 7, hidden = 5;
constexpr Index row = 3, col = 2;  // the cell that is looked at

/// States that phases could have come to. Units `row` and `col` have always the same ones; all
/// others follow the seed.
std::vector<ebm::States> seen_by(std::size_t phases, unsigned seed) {
  std::vector<ebm::States> out;
  for (std::size_t p = 0; p < phases; ++p) {
    const auto number = static_cast<unsigned>(10 * p);
    ebm::States states(2);
    states[0].state = coins(batch, visible, 1000 * seed + number);
    states[1].state = coins(batch, hidden, 1000 * seed + number + 1);
    states[0].state.col(row) = coins(batch, 1, 77 + number);
    states[1].state.col(col) = coins(batch, 1, 78 + number);
    for (ebm::Activity& layer : states) layer.mean = layer.state;
    states[0].error = coins(batch, visible, 1000 * seed + number + 2);
    states[1].error = coins(batch, hidden, 1000 * seed + number + 3);
    states[0].error.col(row) = coins(batch, 1, 79 + number);
    states[1].error.col(col) = coins(batch, 1, 80 + number);
    // What a layer declares to its units is the same for all of them.
    for (ebm::Activity& layer : states) {
      layer.positive = core::Vector::Constant(batch, 0.3F);
      layer.gain = core::Vector::Constant(batch, 1.5F);
    }
    out.push_back(std::move(states));
  }
  return out;
}

/// The weight of the cell after one update of these states.
double weight_after(const ebm::Recipe& recipe, const ebm::Training& training, unsigned seed) {
  cost::Tally tally;
  ebm::Network network = tests::rbm_network(visible, hidden, {}, 1, tally);
  network.weights().program(core::Matrix::Constant(visible, hidden, 0.1F));
  ebm::Trainer trainer(network, recipe, {}, training);
  trainer.write(seen_by(recipe.phases.size(), seed), 1);
  return network.weights().weights()(row, col);
}

/// Whether all perturbations of other neurons leave the cell's weight as it is, to the bit.
bool local(const ebm::Recipe& recipe, const ebm::Training& training) {
  const double expected = weight_after(recipe, training, 0);
  for (unsigned seed = 1; seed < 20; ++seed) {
    if (weight_after(recipe, training, seed) != expected) return false;
  }
  return true;
}

/// CAUTION: what no signal may do: it shows the unit that it was asked about before, a neighbour.
float neighbour(const ebm::UnitView& unit) noexcept {
  static float last = 0;
  return std::exchange(last, unit.activity);
}

}  // namespace

TEST_CASE("what a rule writes into a cell depends on the neurons of its own row and column alone") {
  ebm::Rule::each([]<class Entry>() {
    CAPTURE(Entry::name);
    for (const ebm::Update update : {ebm::Update::two_phase, ebm::Update::differenced}) {
      CHECK(local(Entry{}.recipe(), {.rate = 0.3, .update = update}));
      CHECK(weight_after(Entry{}.recipe(), {.rate = 0.3, .update = update}, 0) !=
            0.1F);  // it does learn
    }
  });
}

TEST_CASE("a planted rule that looks at its neighbours is caught") {
  ebm::Recipe recipe = ebm::ContrastiveDivergence{}.recipe();
  for (ebm::Piece& piece : recipe.pieces) piece.column = neighbour;
  for (const ebm::Update update : {ebm::Update::two_phase, ebm::Update::differenced})
    CHECK_FALSE(local(recipe, {.rate = 0.3, .update = update}));
}

TEST_CASE("the trainer writes the pieces of its rule and nothing else") {
  const auto trained = [](const ebm::Recipe& recipe) {
    return weight_after(recipe, {.rate = 0.3}, 0);
  };
  ebm::Recipe hebb = ebm::ContrastiveDivergence{}.recipe();
  hebb.pieces.pop_back();
  CHECK(trained(hebb) != trained(ebm::ContrastiveDivergence{}.recipe()));
  hebb.pieces.clear();
  CHECK(trained(hebb) == 0.1F);
  // by hand: +data -model, rate 0.3, the mean over the batch
  const std::vector<ebm::States> seen = seen_by(2, 0);
  double expected = 0.1F;
  for (const int phase : {0, 1}) {
    const ebm::States& s = seen[static_cast<std::size_t>(phase)];
    expected += (phase == 0 ? 0.3 : -0.3) / batch *
                static_cast<double>(s[0].state.col(row).dot(s[1].state.col(col)));
  }
  CHECK(trained(ebm::ContrastiveDivergence{}.recipe()) == Approx(expected).epsilon(1e-6));
}
