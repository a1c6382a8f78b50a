#include "ohmlab/lab/experiments/context_model.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <vector>

#include "ohmlab/core/rng.hpp"

#include "tests/catch.hpp"

using namespace ohmlab;
using Tokens = std::vector<std::int32_t>;

namespace {

/// A text whose next token leans on the last two.
Tokens some_text(std::uint64_t number, std::size_t length, std::int32_t vocabulary) {
  Tokens out{0, 1};
  const core::Stream stream = core::stream(1, core::StreamId::data);
  while (out.size() < length) {
    const auto cell = static_cast<std::uint32_t>(out.size());
    const std::uint32_t drawn = core::random_below(stream, cell, number, 3);
    const std::int32_t usual = (out[out.size() - 1] + 2 * out[out.size() - 2]) % vocabulary;
    out.push_back((usual + static_cast<std::int32_t>(drawn)) % vocabulary);
  }
  return out;
}

/// The formula, by going through the whole text for every question.
double slow_probability(const Tokens& text, const Tokens& context, std::size_t order,
                        std::int32_t vocabulary, std::int32_t token) {
  double p = 1.0 / vocabulary;
  for (std::size_t length = 0; length <= std::min(order, context.size()); ++length) {
    double all = 0, count = 0;
    std::set<std::int32_t> different;
    for (std::size_t i = length; i < text.size(); ++i) {
      if (!std::equal(context.end() - static_cast<std::ptrdiff_t>(length), context.end(),
                      text.begin() + static_cast<std::ptrdiff_t>(i - length))) {
        continue;
      }
      all += 1;
      count += text[i] == token;
      different.insert(text[i]);
    }
    if (all > 0) {
      const auto u = static_cast<double>(different.size());
      p = (count + u * p) / (all + u);
    }
  }
  return p;
}

}  // namespace

TEST_CASE("a context model without a text gives every token the same chance") {
  const experiments::ContextModel model(3, 5);
  CHECK(model.probability(Tokens{1, 2, 3}, 4) == 0.2);
  CHECK(model.cross_entropy(Tokens{0, 1, 2, 3}) == Approx(std::log(5.0)));
}

TEST_CASE("a context model of order 1 has the probabilities that are worked out by hand") {
  experiments::ContextModel model(1, 4);
  model.learn(Tokens{0, 1, 0, 1, 0, 2});  // 0 three times, 1 twice, 2 once; behind 0: 1, 1, 2
  const double one = (2 + 3 * 0.25) / 9, two = (1 + 3 * 0.25) / 9, three = (0 + 3 * 0.25) / 9;
  CHECK(model.probability(Tokens{}, 1) == Approx(one));
  CHECK(model.probability(Tokens{0}, 1) == Approx((2 + 2 * one) / 5));
  CHECK(model.probability(Tokens{0}, 2) == Approx((1 + 2 * two) / 5));
  CHECK(model.probability(Tokens{0}, 3) == Approx((0 + 2 * three) / 5));
  CHECK(model.probability(Tokens{3}, 1) == Approx(one));  // 3 was never seen
  CHECK(model.probability(Tokens{2, 1, 0}, 1) == model.probability(Tokens{0}, 1));
  CHECK(model.cross_entropy(Tokens{3, 0, 1}) ==
        Approx(-(std::log((3 + 3 * 0.25) / 9) + std::log((2 + 2 * one) / 5)) / 2));
}

TEST_CASE("probabilities of a context model sum to one and are those of the slow formula") {
  constexpr std::int32_t vocabulary = 6;
  const Tokens text = some_text(0, 200, vocabulary);
  experiments::ContextModel model(3, vocabulary + 1);
  model.learn(text);
  const Tokens asked = some_text(1, 60, vocabulary);
  for (std::size_t i = 3; i < asked.size(); ++i) {
    const Tokens context(asked.begin() + static_cast<std::ptrdiff_t>(i) - 3,
                         asked.begin() + static_cast<std::ptrdiff_t>(i));
    double sum = 0;
    for (std::int32_t token = 0; token <= vocabulary; ++token) {
      const double p = model.probability(context, token);
      sum += p;
      CHECK(p == Approx(slow_probability(text, context, 3, vocabulary + 1, token)));
      CHECK(p > 0);
    }
    CHECK(sum == Approx(1));
  }
}

TEST_CASE(
    "a longer context helps where the text has one, and is not trained by what it is tested on") {
  constexpr std::int32_t vocabulary = 8;
  const Tokens train = some_text(0, 20'000, vocabulary), test = some_text(1, 2'000, vocabulary);
  std::vector<double> nats;
  for (const std::int64_t order : {0, 1, 2, 3}) {
    experiments::ContextModel model(order, vocabulary);
    model.learn(train);
    nats.push_back(model.cross_entropy(test));
    CHECK(model.cross_entropy(test) == nats.back());
  }
  CHECK(nats[0] == Approx(std::log(8.0)).margin(0.05));
  CHECK(nats[2] == Approx(std::log(3.0)).margin(0.01));  // the next is one of three by the last two
  CHECK(nats[3] > nats[2] - 0.005);
  CHECK(nats[3] < nats[2] + 0.1);
}
