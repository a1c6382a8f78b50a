#include "ohmlab/lab/train_decoder.hpp"

#include <algorithm>
#include <numbers>

#include <fmt/format.h>

#include "ohmlab/core/errors.hpp"
#include "ohmlab/lab/context_model.hpp"
#include "ohmlab/lab/token_batches.hpp"

namespace ohmlab::lab {
namespace {

constexpr std::int64_t characters_at_once = 128;

/// \throws core::UserError if the data cannot be seen through a context
std::int64_t context_for(std::int64_t asked, const io::SequenceSet& data) {
  if (!data.running()) {
    if (asked != 0 && asked != data.length) {
      throw core::UserError({}, "context", std::to_string(asked),
                            fmt::format("expected {}, the pixels of an image, or 0", data.length));
    }
    return data.length;
  }
  const std::int64_t context = asked == 0 ? characters_at_once : asked;
  const auto need = static_cast<std::size_t>(2 * context);
  if (data.train.size() < need || data.test.size() < need) {
    throw core::UserError(
        {}, "context", std::to_string(context),
        fmt::format("expected at most half of the training and of the test text, which have "
                    "{} and {} characters",
                    data.train.size(), data.test.size()));
  }
  if (!data.validation.empty() && data.validation.size() < need) {
    throw core::UserError(
        {}, "context", std::to_string(context),
        fmt::format("expected at most half of the text to choose by, which has {} characters",
                    data.validation.size()));
  }
  return context;
}

void report_images(const transformer::Score& test, std::int64_t pixels, Result& result) {
  result.quality.insert(result.quality.begin(),
                        {"test_log_likelihood", -test.mean() * static_cast<double>(pixels), "nat",
                         "mean ln p of a test example, exact"});
}

void report_text(const transformer::Score& test, const io::SequenceSet& data, Result& result) {
  constexpr std::int64_t order = 3;
  ContextModel counts(order, data.vocabulary);
  counts.learn(data.train);
  const double baseline = counts.cross_entropy(data.test);
  const std::vector<Quantity> said{
      {"test_bits_per_character", test.mean() / std::numbers::ln2, "bit", "mean -log2 p of a test character"},
      {"test_nats_per_character", test.mean(), "nat", "mean -ln p of a test character"},
      {"order_3_bits_per_character", baseline / std::numbers::ln2, "bit",
       "the same by counts of what follows three characters (Witten, Bell 1991)"}};
  result.quality.insert(result.quality.begin(), said.begin(), said.end());
}

}  // namespace

Result TrainDecoder::run(const io::SequenceSet& examples, Progress& progress, Checkpoint checkpoint) const {
  const std::int64_t seen = context_for(context, examples);
  const auto key = static_cast<std::uint64_t>(seed);
  const transformer::Decoder<float> decoder(model, examples.vocabulary, seen);
  cost::Tally tally;
  transformer::Trainer trainer(
      decoder, optimizer, training.updates,
      transformer::first_values(decoder.layout(), decoder.layers(), training.init_std, key), tally);
  TokenBatches batches(examples, seen, training.batch, key);
  const transformer::TokenBatch validation = whole_part(examples, examples.validation, seen);

  Result result;
  const transformer::RowOf<float> best = learn_transformer<transformer::Decoder<float>>(
      training, trainer, tally, [&](std::int64_t update) -> const transformer::TokenBatch& {
    return batches.of(update);
  }, validation, result, progress, checkpoint);

  const transformer::Score test = trainer.evaluate(whole_part(examples, examples.test, seen), best);
  examples.running() ? report_text(test, examples, result) : report_images(test, examples.length, result);
  result.parameters = stored_tensors(decoder.layout(), best);
  const auto passes = static_cast<double>(training.updates * batches.batch());
  result.systems = {
      trained_system(fmt::format("causal transformer {} x {}, float32", model.layers, model.width),
                     decoder.layout(), passes, passes * static_cast<double>(seen), tally)};
  return result;
}

}  // namespace ohmlab::lab
