#include "trainer.hpp"

#include <algorithm>
#include <utility>

#include "../core/parallel.hpp"

namespace ohmlab::transformer {
namespace {

constexpr Index slice_tokens = 512;
constexpr Index slices_at_once = 16;  // in an evaluation; a training batch runs as a whole
constexpr double much_work = 1e9;     // any slice is worth a thread

}  // namespace

template <class Model>
Trainer<Model>::Trainer(const Model& model, const AdamW& adamw, std::int64_t total,
                        RowOf<T> parameters, cost::Tally& tally)
    : model_(model),
      each_(std::max(Index{1}, slice_tokens / model.tokens_each())),
      adamw_(adamw),
      total_(total),
      tally_(tally),
      parameters_(std::move(parameters)),
      gradients_(RowOf<T>::Zero(parameters_.size())),
      moments_(parameters_.size()) {
  tally.hold(tally.component("accelerator"), cost::Part::accelerator, 1);
}

template <class Model>
Score Trainer<Model>::step(const Batch& batch) {
  Meter meter;
  const Index slices = slices_of(batch);
  const Score score = run(parameters_, batch, 0, slices, true, meter);
  add_up_gradients(slices);
  update(adamw_, rate(), model_.layout(), gradients_, moments_, parameters_, meter);
  meter.post(tally_);
  return score;
}

template <class Model>
Score Trainer<Model>::evaluate(const Batch& batch, const RowOf<T>& parameters) {
  Meter unread;
  Score score;
  const Index slices = slices_of(batch);
  for (Index first = 0; first < slices; first += slices_at_once) {
    score += run(parameters, batch, first, std::min(slices_at_once, slices - first), false, unread);
  }
  return score;
}

template <class Model>
void Trainer<Model>::state(core::Archive& archive) {
  archive.item("parameters", parameters_);
  moments_.state(archive);
}

template <class Model>
Index Trainer<Model>::slices_of(const Batch& batch) const noexcept {
  return (batch.examples() + each_ - 1) / each_;
}

/// Runs `slices` slices of a batch from number `first` on; each writes its own gradients if it
/// `learns`.
template <class Model>
Score Trainer<Model>::run(const RowOf<T>& parameters, const Batch& batch, Index first, Index slices,
                          bool learns, Meter& meter) {
  const auto examples_of = [&](Index i) {
    return std::min(each_, batch.examples() - (first + i) * each_);
  };
  if (static_cast<Index>(slices_.size()) < slices) slices_.resize(static_cast<std::size_t>(slices));
  for (Index i = 0; i < slices; ++i) {
    Slice& slice = slices_[static_cast<std::size_t>(i)];
    slice.meter = Meter(first + i == 0);
    model_.prepare(examples_of(i), slice.work);
    if (learns && slice.gradients.size() == 0) slice.gradients.setZero(parameters.size());
  }
  const T weight = 1 / static_cast<T>(batch.examples() * model_.targets_each());
  core::for_slices(slices, 1, much_work, [&](Index i, Index) noexcept {
    Slice& slice = slices_[static_cast<std::size_t>(i)];
    slice.score = model_.run(parameters.data(), learns ? slice.gradients.data() : nullptr, batch,
                             (first + i) * each_, examples_of(i), weight, slice.work, slice.meter);
  });
  Score score;
  for (Index i = 0; i < slices; ++i) {
    score += slices_[static_cast<std::size_t>(i)].score;
    meter.add(slices_[static_cast<std::size_t>(i)].meter);
  }
  return score;
}

template <class Model>
void Trainer<Model>::add_up_gradients(Index slices) {
  constexpr Index block = 4096;
  core::for_slices(gradients_.size(), block, static_cast<double>(slices),
                   [&](Index begin, Index end) noexcept {
    auto sum = gradients_.segment(begin, end - begin);
    sum = slices_[0].gradients.segment(begin, end - begin);
    for (Index i = 1; i < slices; ++i) {
      sum += slices_[static_cast<std::size_t>(i)].gradients.segment(begin, end - begin);
    }
  });
}

template class Trainer<Decoder<float>>;
template class Trainer<Decoder<double>>;
template class Trainer<Encoder<float>>;
template class Trainer<Encoder<double>>;

}  // namespace ohmlab::transformer
