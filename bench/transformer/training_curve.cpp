// Does training go the way it goes in other people's tools, and how fast? Trains the decoder that
// bench/peers/pytorch_transformer.py trains in PyTorch, on the same batches of the King James Bible
// from the same first weights, which it writes down for it: first values, batches, and the loss
// before each update. Prints the seconds that all updates took, and those of all threads together.
// Goals: losses equal to 1e-4 of themselves over 100 updates, at least half of PyTorch's speed on
// two threads; the script prints both.

#include <algorithm>
#include <chrono>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "ohmlab/core/config.hpp"
#include "ohmlab/core/field_values.hpp"
#include "ohmlab/core/rng.hpp"
#include "ohmlab/io/sequences.hpp"
#include "ohmlab/transformer/trainer.hpp"

using namespace ohmlab;
using core::Index;

namespace {

constexpr Index sequences = 32, context = 128;

/// Sequences that begin anywhere in the text, each place as likely.
transformer::TokenBatch batch_of(const std::vector<std::int32_t>& text, std::uint64_t number) {
  transformer::TokenBatch batch{{sequences, context}, {sequences, context}};
  const core::Stream stream = core::stream(1, core::StreamId::data);
  for (Index i = 0; i < sequences; ++i) {
    const auto places = static_cast<std::uint32_t>(text.size() - context);
    const std::size_t first =
        core::random_below(stream, static_cast<std::uint32_t>(i), number, places);
    std::copy_n(text.begin() + static_cast<std::ptrdiff_t>(first), context,
                batch.inputs.row(i).data());
    std::copy_n(text.begin() + static_cast<std::ptrdiff_t>(first) + 1, context,
                batch.targets.row(i).data());
  }
  return batch;
}

template <class T>
void write(const std::filesystem::path& file, std::span<const T> values) {
  std::ofstream out(file, std::ios::binary);
  out.write(reinterpret_cast<const char*>(values.data()),
            static_cast<std::streamsize>(values.size_bytes()));
}

/// What the other side needs to build the same model: a line for each tensor.
void write_layout(const std::filesystem::path& file, const transformer::Layout& layout) {
  std::ofstream out(file);
  for (const transformer::Tensor& tensor : layout.tensors()) {
    out << fmt::format("{} {} {} {}\n", tensor.name, tensor.offset, tensor.rows, tensor.cols);
  }
}

}  // namespace

/// Arguments: a folder to write into, updates.
int main(int count, char** arguments) {
  if (count != 3) return 2;
  const std::filesystem::path folder = arguments[1];
  const int steps = std::stoi(arguments[2]);
  const io::SequenceSet text =
      core::read<io::Sequences>(core::parse_config("base = 'data/kjv'", "bench")).load();
  const transformer::Decoder<float> model({.layers = 4, .width = 128, .heads = 4}, text.vocabulary,
                                          context);
  const auto first = transformer::first_values(model.layout(), model.layers(), 0.02, 1);
  std::vector<transformer::TokenBatch> batches;
  for (int i = 0; i < steps; ++i)
    batches.push_back(batch_of(text.train, static_cast<std::uint64_t>(i)));

  cost::Tally tally;
  const transformer::AdamW adamw{
      .rate = 1e-3, .beta_2 = 0.99, .decay = 0.1, .clip = 1, .warm_up = 10};
  transformer::Trainer<transformer::Decoder<float>> trainer(model, adamw, steps, first, tally);
  std::vector<double> losses, rates;
  const auto begin = std::chrono::steady_clock::now();
  const std::clock_t cpu_begin = std::clock();
  for (const auto& batch : batches) {
    rates.push_back(trainer.rate());
    losses.push_back(trainer.step(batch).mean());
  }
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
  const double cpu_seconds = static_cast<double>(std::clock() - cpu_begin) / CLOCKS_PER_SEC;

  write_layout(folder / "layout.txt", model.layout());
  write(folder / "first.f32", std::span(first.data(), static_cast<std::size_t>(first.size())));
  std::vector<std::int32_t> tokens;
  for (const auto& batch : batches) {
    tokens.insert(tokens.end(), batch.inputs.data(), batch.inputs.data() + batch.inputs.size());
    tokens.insert(tokens.end(), batch.targets.data(), batch.targets.data() + batch.targets.size());
  }
  write(folder / "batches.i32", std::span<const std::int32_t>(tokens));
  write(folder / "losses.f64", std::span<const double>(losses));
  write(folder / "rates.f64", std::span<const double>(rates));
  fmt::print("{} {}\n", seconds.count(), cpu_seconds);
  return 0;
}
