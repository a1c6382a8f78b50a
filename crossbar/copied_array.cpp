#include "copied_array.hpp"

#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "../core/errors.hpp"

namespace ohmlab::crossbar {

CopiedArray::CopiedArray(const AnalogArrayModel& model, Index rows, Index cols,
                         const ArrayContext& context)
    : share_(model.copies_share),
      edge_(*context.tally, cost::Machine::array,
            static_cast<double>(model.copies * model.edge_lanes)) {
  std::optional<cost::Tally::Beside> beside;  // copies are calibrated at the same time
  for (std::int64_t k = 0; k < model.copies; ++k) {
    if (k == 1) beside.emplace(edge_.tally());
    ArrayContext own = context;
    own.copy = static_cast<std::uint32_t>(k);
    copies_.push_back(std::make_unique<AnalogArray>(model, rows, cols, own));
  }
}

ResistorGrid* CopiedArray::resistors() {
  if (share_ == CopiesShare::phases) return copies_[turn_]->resistors();
  throw core::UserError({}, "array.copies", fmt::format("{}", copies_.size()),
                        "a circuit joins the lines of single arrays: expected 1, or "
                        "array.copies_share = \"phases\"");
}

bool CopiedArray::begin_phase(std::size_t phase) {
  if (share_ == CopiesShare::examples) return false;
  turn_ = phase % copies_.size();
  return true;
}

/// Gives the same work to all copies at once. No copy takes longer than the first.
template <class Work>
void CopiedArray::in_parallel(const Work& work) {
  std::optional<cost::Tally::Beside> beside;
  for (std::size_t k = 0; k < copies_.size(); ++k) {
    if (k == 1) beside.emplace(edge_.tally());
    work(*copies_[k], static_cast<Index>(k));
  }
}

/// Reads a batch in slices, one per copy, or all of it by the copy whose turn it is. Copies with
/// shorter slices wait for the longest.
template <class Read>
void CopiedArray::divide(Index vectors, const Read& read) {
  if (share_ == CopiesShare::phases) {
    for (std::size_t k = 0; k < copies_.size(); ++k) {
      if (k == turn_) {
        read(*copies_[k], 0, vectors);
      } else {
        copies_[k]->stand_by(vectors);
      }
    }
    return;
  }
  const auto parts = static_cast<Index>(copies_.size());
  const Index longest = (vectors + parts - 1) / parts;
  Index begin = 0;
  in_parallel([&](AnalogArray& copy, Index k) {
    const Index count = vectors / parts + (k < vectors % parts ? 1 : 0);
    if (count > 0) read(copy, begin, count);
    if (count < longest) copy.stand_by(longest - count);
    begin += count;
  });
}

void CopiedArray::read(Direction direction, const ConstRows& x, Rows y, const Outputs& outputs) {
  divide(x.rows(), [&](AnalogArray& copy, Index begin, Index count) {
    copy.read(direction, x.middleRows(begin, count), y.middleRows(begin, count), outputs);
  });
}

void CopiedArray::sense(Direction direction, const ConstRows& x, Rows y) {
  divide(x.rows(), [&](AnalogArray& copy, Index begin, Index count) {
    copy.sense(direction, x.middleRows(begin, count), y.middleRows(begin, count));
  });
}

void CopiedArray::decide(Direction direction, const ConstRows& x, const ConstRows& offset,
                         Rows bits) {
  const bool each = offset.rows() > 1;
  divide(x.rows(), [&](AnalogArray& copy, Index begin, Index count) {
    copy.decide(direction, x.middleRows(begin, count),
                offset.middleRows(each ? begin : 0, each ? count : 1),
                bits.middleRows(begin, count));
  });
}

void CopiedArray::update(std::span<const OuterProduct> products) {
  in_parallel([&](AnalogArray& copy, Index) { copy.update(products); });
}

void CopiedArray::increment(const ConstRows& change) {
  in_parallel([&](AnalogArray& copy, Index) { copy.increment(change); });
}

void CopiedArray::program(const ConstRows& target) {
  in_parallel([&](AnalogArray& copy, Index) { copy.program(target); });
}

void CopiedArray::wait(double seconds) {
  for (const auto& copy : copies_) copy->wait(seconds);
}

void CopiedArray::state(core::Archive& archive) {
  for (std::size_t k = 0; k < copies_.size(); ++k) {
    const core::Archive::Part part(archive, fmt::format("copy{}", k));
    copies_[k]->state(archive);
  }
}

/// Mean as the first copy plus the mean distance from it, so that equal copies keep their bits.
template <class Of>
core::MatrixD CopiedArray::mean(const Of& of) const {
  const core::MatrixD base = of(first());
  if (share_ == CopiesShare::phases) return base;
  core::MatrixD away = core::MatrixD::Zero(base.rows(), base.cols());
  for (const auto& copy : copies_) away += of(*copy) - base;
  return base + away / static_cast<double>(copies_.size());
}

core::MatrixD CopiedArray::weights() const {
  return mean([](const AnalogArray& copy) { return copy.weights(); });
}

core::MatrixD CopiedArray::effective_weights(Direction direction) const {
  return mean([&](const AnalogArray& copy) { return copy.effective_weights(direction); });
}

DecisionLaw CopiedArray::decision_law(Direction direction) const {
  DecisionLaw out = first().decision_law(direction);
  out.weights = effective_weights(direction);
  out.variance =
      mean([&](const AnalogArray& copy) { return copy.decision_law(direction).variance; });
  return out;
}

std::vector<Figure> CopiedArray::figures() const {
  std::vector<std::vector<Figure>> each;
  for (const auto& copy : copies_) each.push_back(copy->figures());
  std::vector<Figure> out = together(each);
  const auto n = static_cast<double>(copies_.size());
  core::MatrixD mean = core::MatrixD::Zero(rows(), cols());
  for (const auto& copy : copies_) mean += copy->weights() / n;
  double squares = 0;
  for (const auto& copy : copies_) squares += (copy->weights() - mean).squaredNorm();
  out.push_back({"copies_spread", std::sqrt(squares / (n * static_cast<double>(mean.size()))),
                 "nat",
                 "root mean square distance of the copies' weights from their mean, in logits"});
  return out;
}

}  // namespace ohmlab::crossbar
