#include "train_encoder.hpp"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "../../core/errors.hpp"
#include "../../core/rng.hpp"

namespace ohmlab::experiments {
namespace {

using transformer::ImageBatch;
using transformer::Index;

void require_suitable(const TrainEncoder& experiment, const io::Dataset& data) {
  if (data.train_labels.empty() || data.test_labels.empty()) {
    throw core::UserError({}, "data", "", "expected images with labels");
  }
  if (data.height % experiment.patch != 0 || data.width % experiment.patch != 0) {
    throw core::UserError(
        {}, "patch", std::to_string(experiment.patch),
        fmt::format("expected a divisor of {} and {}, the images' height and width", data.height,
                    data.width));
  }
  if (experiment.validation >= data.train.rows()) {
    throw core::UserError(
        {}, "validation", std::to_string(experiment.validation),
        fmt::format("expected less than the {} training images", data.train.rows()));
  }
}

ImageBatch batch_of(const core::ConstRows& images, const std::uint8_t* labels) {
  return {images, {labels, labels + images.rows()}};
}

/// Batches of training images, in a new order for each pass.
class ImageBatches {
 public:
  ImageBatches(const ImageBatch& images, std::int64_t batch, std::uint64_t seed)
      : images_(images), size_(std::min(batch, images.examples())), seed_(seed) {}

  const ImageBatch& of(std::int64_t update) {
    const std::int64_t a_pass = images_.examples() / size_, pass = update / a_pass;
    if (pass_ != pass) {
      pass_ = pass;
      order_ = core::permutation(core::stream(seed_, core::StreamId::shuffle),
                                 static_cast<std::uint64_t>(pass),
                                 static_cast<std::uint32_t>(images_.examples()));
    }
    made_.images.resize(size_, images_.images.cols());
    made_.labels.resize(static_cast<std::size_t>(size_));
    for (Index row = 0; row < size_; ++row) {
      const std::uint32_t example = order_[static_cast<std::size_t>(update % a_pass * size_ + row)];
      made_.images.row(row) = images_.images.row(example);
      made_.labels[static_cast<std::size_t>(row)] = images_.labels[example];
    }
    return made_;
  }
  [[nodiscard]] std::int64_t size() const noexcept { return size_; }

 private:
  const ImageBatch& images_;
  std::int64_t size_;
  std::uint64_t seed_;
  std::optional<std::int64_t> pass_;
  std::vector<std::uint32_t> order_;
  ImageBatch made_;
};

std::vector<results::Quantity> figures_of(const transformer::Score& test) {
  return {{"test_accuracy", test.hits / test.targets, "1",
           "share of test images whose class was the likeliest"},
          {"test_cross_entropy", test.mean(), "nat", "mean -ln p of a test image's class"}};
}

}  // namespace

results::Result TrainEncoder::run(const io::Dataset& data_read, results::Progress& progress,
                                  results::Checkpoint checkpoint) const {
  require_suitable(*this, data_read);
  const Index left = data_read.train.rows() - validation;
  const ImageBatch train = batch_of(data_read.train.topRows(left), data_read.train_labels.data());
  const ImageBatch chosen_by =
      batch_of(data_read.train.bottomRows(validation), data_read.train_labels.data() + left);
  const ImageBatch test = batch_of(data_read.test, data_read.test_labels.data());
  const auto largest =
      std::max(*std::max_element(data_read.train_labels.begin(), data_read.train_labels.end()),
               *std::max_element(data_read.test_labels.begin(), data_read.test_labels.end()));

  const auto key = static_cast<std::uint64_t>(seed);
  const transformer::Patches patches{data_read.height, data_read.width, patch};
  const transformer::Encoder<float> encoder(model, patches, Index{largest} + 1);
  cost::Tally tally;
  transformer::Trainer trainer(
      encoder, optimizer, training.updates,
      transformer::first_values(encoder.layout(), encoder.layers(), training.init_std, key), tally);
  ImageBatches batches(train, training.batch, key);
  results::Result result;
  const transformer::RowOf<float> best = learn_transformer<transformer::Encoder<float>>(
      training, trainer, tally, [&](std::int64_t update) -> const ImageBatch& {
    return batches.of(update);
  }, chosen_by, [&](const transformer::RowOf<float>& parameters) {
    return figures_of(trainer.evaluate(test, parameters));
  }, result, progress, checkpoint);

  result.parameters = stored_tensors(encoder.layout(), best);
  const auto passes = static_cast<double>(training.updates * batches.size());
  result.systems = {trained_system(
      fmt::format("vision transformer {} x {}, float32", model.layers, model.width),
      encoder.layout(), passes, passes * static_cast<double>(patches.count()), tally)};
  return result;
}

}  // namespace ohmlab::experiments
