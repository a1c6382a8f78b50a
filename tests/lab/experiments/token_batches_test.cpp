#include "ohmlab/lab/experiments/token_batches.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <vector>

#include "ohmlab/io/sequences.hpp"

#include "tests/catch.hpp"

using namespace ohmlab;

namespace {

/// A text in which every character says where it stands.
io::SequenceSet counting(std::int32_t length) {
  io::SequenceSet out;
  out.vocabulary = length;
  out.train.resize(static_cast<std::size_t>(length));
  std::iota(out.train.begin(), out.train.end(), 0);
  out.validation = out.test = out.train;
  return out;
}

}  // namespace

TEST_CASE("what follows a character of a text is its target, in training and in tests") {
  const io::SequenceSet text = counting(103);
  experiments::TokenBatches batches(text, 10, 3, 1);
  for (int update = 0; update < 20; ++update) {
    const auto& batch = batches.of(update);
    CHECK((batch.targets.array() == batch.inputs.array() + 1).all());
    for (core::Index i = 0; i < 3; ++i) CHECK(batch.inputs(i, 9) == batch.inputs(i, 0) + 9);
  }
  const auto whole = experiments::whole_part(text, text.test, 10);
  REQUIRE(whole.examples() == 10);
  for (core::Index i = 0; i < whole.inputs.size(); ++i) {
    CHECK(whole.inputs.data()[i] == i);
    CHECK(whole.targets.data()[i] == i + 1);
  }
}

TEST_CASE("a pass shows every window once, and another pass begins elsewhere") {
  const io::SequenceSet text = counting(1000);
  experiments::TokenBatches batches(text, 10, 7, 1);  // 99 windows, 14 batches a pass
  std::map<std::int32_t, int> offsets;
  for (int pass = 0; pass < 12; ++pass) {
    std::vector<std::int32_t> begins;
    for (int update = 14 * pass; update < 14 * (pass + 1); ++update) {
      const auto& batch = batches.of(update);
      for (core::Index i = 0; i < 7; ++i) begins.push_back(batch.inputs(i, 0));
    }
    std::sort(begins.begin(), begins.end());
    CHECK(std::adjacent_find(begins.begin(), begins.end()) == begins.end());
    for (const std::int32_t begin : begins) CHECK(begin % 10 == begins[0] % 10);
    ++offsets[begins[0] % 10];
  }
  CHECK(offsets.size() > 3);
}

TEST_CASE("a batch is a function of its update's number, whatever was asked before") {
  const io::SequenceSet text = counting(500);
  experiments::TokenBatches one(text, 5, 4, 9), other(text, 5, 4, 9);
  static_cast<void>(one.of(77));
  static_cast<void>(one.of(0));
  CHECK((one.of(30).inputs.array() == other.of(30).inputs.array()).all());
}

TEST_CASE("an image begins with a token of its own and predicts each of its pixels") {
  io::PixelSequences pixels;
  pixels.images.choice = io::BarsAndStripes{.size = 2};
  pixels.validation = 3;
  const io::SequenceSet set = pixels.load();
  CHECK(set.vocabulary == 3);
  CHECK(set.length == 4);
  CHECK(set.train.size() == 20);
  CHECK(set.validation.size() == 12);
  CHECK(set.test.size() == 32);
  const auto batch = experiments::whole_part(set, set.test, 4);
  REQUIRE(batch.examples() == 8);
  for (core::Index i = 0; i < 8; ++i) {
    CHECK(batch.inputs(i, 0) == 2);
    for (core::Index j = 0; j < 4; ++j)
      CHECK(batch.targets(i, j) == set.test[static_cast<std::size_t>(4 * i + j)]);
    CHECK((batch.inputs.row(i).tail(3).array() == batch.targets.row(i).head(3).array()).all());
  }
}
