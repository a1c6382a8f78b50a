#include "recall.hpp"

#include <algorithm>

#include "../core/rng.hpp"
#include "../core/streams.hpp"

namespace ohmlab::ebm {
namespace {

using core::Index;
using core::Matrix;
using crossbar::Direction;
using crossbar::Outputs;

/// Vectors that drive the rows, given the states: the states, or functions of their overlaps.
Matrix drives(const Stored& stored, const Matrix& states) {
  return stored.memory.visit([&](const auto& memory) -> Matrix {
    if constexpr (memory.pairwise) {
      return states;
    } else {
      Matrix overlaps(states.rows(), stored.array.rows());
      stored.array.read(Direction::to_rows, states, overlaps);
      overlaps *= static_cast<float>(1 / stored.gain);
      memory.emphasise(overlaps, states.cols());
      memory.post(stored.array.edge(), stored.component, static_cast<double>(overlaps.size()));
      return overlaps;
    }
  });
}

/// What the edge adds to the fields: less the self-couplings. vectors × units, or 1 × units of
/// zero.
Matrix offsets(const Stored& stored, const Matrix& states) {
  if (stored.self.size() == 0) return Matrix::Zero(1, states.cols());
  Matrix out = -states;
  out.array().rowwise() *= stored.self.row(0).array();
  return out;
}

/// Sets units to the signs of their fields.
void update_units(const Stored& stored, SignReadout readout, const Outputs& units, Matrix& states) {
  const Matrix driven = drives(stored, states), offset = offsets(stored, states);
  cost::Edge& edge = stored.array.edge();
  const auto decided = static_cast<double>(states.rows() * units.count);
  if (readout == SignReadout::comparator) {  // an array decides on all of its lines
    Matrix bits(states.rows(), states.cols());
    stored.array.decide(Direction::to_cols, driven, offset, bits);
    states.middleCols(units.first, units.count) =
        (2 * bits.middleCols(units.first, units.count).array() - 1).matrix();
  } else {
    Matrix fields(states.rows(), units.count);
    stored.array.read(Direction::to_cols, driven, fields, units);
    for (Index row = 0; row < states.rows(); ++row) {
      for (Index k = 0; k < units.count; ++k) {
        const float field = fields(row, k) + offset(offset.rows() > 1 ? row : 0, units.first + k);
        if (field != 0) states(row, units.first + k) = field > 0 ? 1.0F : -1.0F;
      }
    }
    edge.adds(stored.component, decided, memory_bits);  // comparison with zero
  }
  if (stored.self.size() > 0) {
    edge.adds(stored.component, decided, memory_bits);
    edge.buffers(stored.component, decided, 0, memory_bits);
  }
  edge.buffers(stored.component, 0, decided, 1);
}

/// Updates every unit once.
void sweep(const Stored& stored, const RecallPlan& plan, std::int64_t number, Matrix& states) {
  const Index units = states.cols();
  if (plan.order == RecallOrder::synchronous)
    return update_units(stored, plan.readout, {0, units}, states);
  const Index blocks = (units + plan.block - 1) / plan.block;
  const auto order =
      core::permutation(core::stream(plan.seed, core::StreamId::recall_order),
                        static_cast<std::uint64_t>(number), static_cast<std::uint32_t>(blocks));
  for (const std::uint32_t block : order) {
    const Index first = static_cast<Index>(block) * plan.block;
    update_units(stored, plan.readout, {first, std::min(plan.block, units - first)}, states);
  }
  const auto drawn = static_cast<double>(blocks);
  stored.array.edge().random_words(stored.component, drawn, memory_bits);
}

}  // namespace

Matrix read_self(crossbar::Array& array, cost::Tally::Component component) {
  const Index units = array.rows();
  Matrix out(1, units), one(1, 1);
  for (Index k = 0; k < units; ++k) {
    Matrix drive = Matrix::Zero(1, units);
    drive(0, k) = 1;
    array.read(Direction::to_cols, drive, one, {k, 1});
    out(0, k) = one(0, 0);
  }
  array.edge().buffers(component, 0, static_cast<double>(units), memory_bits);
  return out;
}

Recalled recall(const Stored& stored, const RecallPlan& plan, Matrix cues) {
  Recalled out{std::move(cues), {}};
  out.sweeps.assign(static_cast<std::size_t>(out.states.rows()), 0);
  std::vector<Index> moving(out.sweeps.size());
  for (std::size_t k = 0; k < moving.size(); ++k) moving[k] = static_cast<Index>(k);
  for (std::int64_t number = 0; number < plan.most_sweeps && !moving.empty(); ++number) {
    Matrix states(static_cast<Index>(moving.size()), out.states.cols());
    for (std::size_t k = 0; k < moving.size(); ++k)
      states.row(static_cast<Index>(k)) = out.states.row(moving[k]);
    sweep(stored, plan, number, states);
    std::vector<Index> next;
    for (std::size_t k = 0; k < moving.size(); ++k) {
      const auto row = static_cast<Index>(k);
      ++out.sweeps[static_cast<std::size_t>(moving[k])];
      const bool changed = states.row(row) != out.states.row(moving[k]);
      out.states.row(moving[k]) = states.row(row);
      if (changed || plan.readout == SignReadout::comparator) next.push_back(moving[k]);
    }
    moving = std::move(next);
  }
  return out;
}

double stable_share(const Stored& stored, const Matrix& patterns) {
  core::MatrixD weights = stored.array.effective_weights(Direction::to_cols);
  const core::MatrixD states = patterns.cast<double>();
  const core::MatrixD driven = stored.memory.visit([&](const auto& memory) -> core::MatrixD {
    if constexpr (memory.pairwise) {
      weights.diagonal().setZero();
      return states;
    } else {
      core::MatrixD sums =
          states * stored.array.effective_weights(Direction::to_rows).transpose() / stored.gain;
      memory.emphasise(sums, patterns.cols());
      return sums;
    }
  });
  const core::MatrixD aligned = (driven * weights).cwiseProduct(states);
  Index stable = 0;
  for (Index k = 0; k < aligned.rows(); ++k) stable += aligned.row(k).minCoeff() >= 0 ? 1 : 0;
  return static_cast<double>(stable) / static_cast<double>(std::max<Index>(1, aligned.rows()));
}

}  // namespace ohmlab::ebm
