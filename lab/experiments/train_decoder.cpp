#include "train_decoder.hpp"

#include <algorithm>
#include <numbers>

#include <fmt/format.h>

#include "../../core/errors.hpp"
#include "context_model.hpp"
#include "token_batches.hpp"

namespace ohmlab::experiments {
namespace {

constexpr std::int64_t bytes_at_once = 128;

/// Context length for the data. \throws core::UserError if it does not suit them
std::int64_t context_for(std::int64_t asked, const io::SequenceSet& data) {
  if (!data.running()) {
    if (asked != 0 && asked != data.length) {
      throw core::UserError({}, "context", std::to_string(asked),
                            fmt::format("expected {}, the pixels of an image, or 0", data.length));
    }
    return data.length;
  }
  const std::int64_t context = asked == 0 ? bytes_at_once : asked;
  const auto need = static_cast<std::size_t>(2 * context);
  if (data.train.size() < need || data.test.size() < need) {
    throw core::UserError({}, "context", std::to_string(context),
                          fmt::format("expected at most half of the training and of the test text, "
                                      "which have {} and {} bytes",
                                      data.train.size(), data.test.size()));
  }
  if (!data.validation.empty() && data.validation.size() < need) {
    throw core::UserError(
        {}, "context", std::to_string(context),
        fmt::format("expected at most half of the text to choose by, which has {} bytes",
                    data.validation.size()));
  }
  return context;
}

std::vector<results::Quantity> figures_of(const transformer::Score& test,
                                          const io::SequenceSet& data) {
  if (!data.running()) {
    return {{"test_log_likelihood", -test.mean() * static_cast<double>(data.length), "nat",
             "mean ln p of a test example, exact"}};
  }
  const double nats = test.mean() * data.tokens_per_character;
  std::vector<results::Quantity> out{
      {"test_bits_per_character", nats / std::numbers::ln2, "bit",
       "mean -log2 p of a test character"},
      {"test_nats_per_character", nats, "nat", "mean -ln p of a test character"}};
  if (data.tokens_per_character > 1) {
    out.push_back({"test_bits_per_byte", test.mean() / std::numbers::ln2, "bit",
                   "mean -log2 p of a test byte"});
  }
  return out;
}

results::Quantity baseline_of(const io::SequenceSet& data) {
  constexpr std::int64_t order = 3;
  ContextModel counts(order, data.vocabulary);
  counts.learn(data.train);
  const char* meaning =
      data.tokens_per_character > 1
          ? "the same by counts of what follows three bytes (Witten, Bell 1991)"
          : "the same by counts of what follows three characters (Witten, Bell 1991)";
  return {"order_3_bits_per_character",
          counts.cross_entropy(data.test) * data.tokens_per_character / std::numbers::ln2, "bit",
          meaning};
}

}  // namespace

results::Result TrainDecoder::run(const io::SequenceSet& examples, results::Progress& progress,
                                  results::Checkpoint checkpoint) const {
  const std::int64_t seen = context_for(context, examples);
  const auto key = static_cast<std::uint64_t>(seed);
  const transformer::Decoder<float> decoder(model, examples.vocabulary, seen);
  cost::Tally tally;
  transformer::Trainer trainer(
      decoder, optimizer, training.updates,
      transformer::first_values(decoder.layout(), decoder.layers(), training.init_std, key), tally);
  TokenBatches batches(examples, seen, training.batch, key);
  const transformer::TokenBatch validation = whole_part(examples, examples.validation, seen);
  const transformer::TokenBatch test = whole_part(examples, examples.test, seen);

  results::Result result;
  const transformer::RowOf<float> best = learn_transformer<transformer::Decoder<float>>(
      training, trainer, tally, [&](std::int64_t update) -> const transformer::TokenBatch& {
    return batches.of(update);
  }, validation, [&](const transformer::RowOf<float>& parameters) {
    return figures_of(trainer.evaluate(test, parameters), examples);
  }, result, progress, checkpoint);

  if (examples.running()) result.quality.push_back(baseline_of(examples));
  result.parameters = stored_tensors(decoder.layout(), best);
  const auto passes = static_cast<double>(training.updates * batches.batch());
  result.systems = {
      trained_system(fmt::format("causal transformer {} x {}, float32", model.layers, model.width),
                     decoder.layout(), passes, passes * static_cast<double>(seen), tally)};
  return result;
}

}  // namespace ohmlab::experiments
