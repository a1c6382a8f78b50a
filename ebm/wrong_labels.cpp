#include "wrong_labels.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "goodness_scores.hpp"
#include "network.hpp"
#include "states.hpp"

namespace ohmlab::ebm {
namespace {

using core::Index;

/// The label that a uniform number in [0, 1) picks from all but `own`.
Index uniform_label(Index own, Index classes, float pick) {
  const auto other =
      std::min(static_cast<Index>(pick * static_cast<float>(classes - 1)), classes - 2);
  return other < own ? other : other + 1;
}

/// The same in proportion to exp(score).
Index scored_label(Index own, const core::VectorD& scores, float pick) {
  double highest = -HUGE_VAL, sum = 0;
  for (Index k = 0; k < scores.size(); ++k) {
    if (k != own) highest = std::max(highest, scores[k]);
  }
  for (Index k = 0; k < scores.size(); ++k) {
    if (k != own) sum += std::exp(scores[k] - highest);
  }
  Index last = own;
  double below = 0;
  for (Index k = 0; k < scores.size(); ++k) {
    if (k == own) continue;
    last = k;
    below += std::exp(scores[k] - highest);
    if (static_cast<double>(pick) * sum < below) break;
  }
  return last;
}

}  // namespace

core::Matrix wrong_labels(Network& network, std::size_t layer, const Examples& batch,
                          WrongLabels law) {
  const core::Matrix& own = *batch.targets;
  const Index classes = own.cols();
  assert(classes > 1);
  core::Vector picks(own.rows());
  core::MatrixD scores;
  if (law == WrongLabels::scored) scores = goodness_as_read(network, batch.inputs);
  network.draw(layer, {picks.data(), static_cast<std::size_t>(picks.size())});
  core::Matrix out = core::Matrix::Zero(own.rows(), classes);
  for (Index row = 0; row < own.rows(); ++row) {
    Index label = 0;
    own.row(row).maxCoeff(&label);
    out(row, law == WrongLabels::scored ? scored_label(label, scores.row(row), picks[row])
                                        : uniform_label(label, classes, picks[row])) = 1;
  }
  cost::Edge& edge = network.edge();
  const auto component = network.neurons(layer);
  const auto draws = static_cast<double>(own.rows()), terms = static_cast<double>(own.size());
  edge.random_words(component, draws, random_bits);
  if (law == WrongLabels::uniform) {
    edge.multiplies(component, draws, edge_bits);
    edge.adds(component, 2 * draws, edge_bits);  // comparison with the own label, step beyond it
  } else {
    edge.adds(component, 3 * terms, edge_bits);    // largest, its subtraction, sum
    edge.sigmoids(component, terms);               // a table of exponentials
    edge.adds(component, 2 * terms, random_bits);  // running sum, comparison with it
    edge.multiplies(component, draws, random_bits);
    edge.buffers(component, terms, terms, edge_bits);
  }
  return out;
}

}  // namespace ohmlab::ebm
