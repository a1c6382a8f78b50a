#include <cmath>

#include "ohmlab/core/errors.hpp"
#include "ohmlab/core/rng.hpp"
#include "ohmlab/core/streams.hpp"
#include "ohmlab/io/gzip.hpp"
#include "ohmlab/lab/experiments.hpp"
#include "ohmlab/lab/results/priced.hpp"
#include "ohmlab/lab/run.hpp"

#include "tests/catch.hpp"
#include "tests/temp_folder.hpp"

using namespace ohmlab;

namespace {

results::Result result_of(const std::string& config) {
  const lab::Plan plan = lab::plan(core::parse_config(config, "t.toml"));
  results::Progress silent;
  return plan.experiment->visit(
      [&](const auto& experiment) { return experiment.run(lab::examples_of(experiment), silent); });
}

double quality(const results::Result& result, const std::string& name) {
  for (const results::Quantity& q : result.quality) {
    if (q.name == name) return q.value;
  }
  FAIL("no quality " << name);
  return 0;
}

std::string refused(const std::string& config) {
  return message_of<core::UserError>([&] { static_cast<void>(result_of(config)); });
}

const std::string decoder =
    "kind = 'train_decoder'\ndata = {kind = 'pixels', images = {kind = 'bars_and_stripes', size = "
    "3}}\n";

}  // namespace

TEST_CASE(
    "a decoder learns bars and stripes up to the best that can be, and is billed at accelerators") {
  // Train and test are the same list, whose best mean ln p is known: io/data_bars_and_stripes.hpp.
  const double best = -(3 + 1) * std::log(2.0) + std::pow(2.0, 1 - 3) * std::log(2.0);
  const results::Result result = result_of(decoder +
                                           "model = {layers = 2, width = 32, heads = 2}\n"
                                           "training = {updates = 500, batch = 16, every = 100}\n"
                                           "optimizer = {rate = 3e-3, decay = 0, warm_up = 20}\n");
  CHECK(quality(result, "test_log_likelihood") <= best + 1e-6);
  CHECK(quality(result, "test_log_likelihood") > best - 0.05);
  int billed = 0;
  for (const results::PricedSystem& row : results::price(result, cost::default_prices())) {
    CHECK(row.tokens == 500.0 * 16 * 9);
    if (row.place != "gpu" && row.place != "gpu_spec") continue;
    CHECK(row.unpriced.empty());
    CHECK(row.bill.lines_total().nominal > 0);
    ++billed;
  }
  CHECK(billed == 2);
}

TEST_CASE("the parameters that did best on the validation examples are those that are kept") {
  const results::Result result = result_of(
      "kind = 'train_decoder'\ndata = {kind = 'pixels', images = {kind = 'bars_and_stripes', size "
      "= 3}, validation = 6}\n"
      "model = {layers = 2, width = 32, heads = 2}\ntraining = {updates = 300, batch = 10, every = "
      "20}\n"
      "optimizer = {rate = 1e-2, decay = 0, warm_up = 10}\n");
  const results::Series& losses = result.metrics.at(1);
  REQUIRE(losses.name == "validation_loss");
  const auto best =
      std::min_element(losses.values.begin(), losses.values.end()) - losses.values.begin();
  CHECK(quality(result, "best_update") == result.axis.values[static_cast<std::size_t>(best)]);
  CHECK(quality(result, "best_update") < 300);  // it learns by heart in the end
}

TEST_CASE("a text's quality stands beside that of counts, in bits and in nats") {
  const TempFolder folder;
  std::string text;
  for (int i = 0; i < 300; ++i) text += i % 3 == 0 ? "abcd" : "abdc";
  io::write_file(folder / "a.txt", std::as_bytes(std::span(text)));
  const results::Result result =
      result_of("kind = 'train_decoder'\ncontext = 16\ndata = {kind = 'text', file = '" +
                (folder / "a.txt").string() +
                "'}\nmodel = {layers = 1, width = 16, heads = 2}\n"
                "training = {updates = 20, batch = 8, every = 20}\n");
  CHECK(quality(result, "test_bits_per_character") ==
        Approx(quality(result, "test_nats_per_character") / std::log(2.0)));
  CHECK(quality(result, "test_bits_per_character") < 2.3);
  CHECK(quality(result, "order_3_bits_per_character") < 1);
}

TEST_CASE("bits per character are per letter, not per byte") {
  const TempFolder folder;
  const char* letters[] = {"\u00e9", "\u00e8", "\u00ea",
                           "\u00eb"};  // of one first byte, all equally often
  std::string text;
  const core::Stream stream = core::stream(1, core::StreamId::data);
  for (std::uint32_t i = 0; i < 8000; ++i) text += letters[core::random_below(stream, i, 0, 4)];
  io::write_file(folder / "a.txt", std::as_bytes(std::span(text)));
  const results::Result result =
      result_of("kind = 'train_decoder'\ncontext = 16\ndata = {kind = 'text', file = '" +
                (folder / "a.txt").string() +
                "'}\nmodel = {layers = 1, width = 16, heads = 2}\n"
                "training = {updates = 20, batch = 8, every = 20}\n");
  CHECK(quality(result, "order_3_bits_per_character") == Approx(2).margin(0.05));
  CHECK(quality(result, "test_bits_per_character") ==
        Approx(2 * quality(result, "test_bits_per_byte")));
}

TEST_CASE("what does not fit together is refused with its place, its value and what was expected") {
  CHECK(refused(decoder + "model = {width = 10, heads = 4}") ==
        "t.toml:3: model: expected a width that is a multiple of heads, found width = 10 and heads "
        "= 4");
  CHECK(refused(decoder + "context = 5") ==
        "context = 5: expected 9, the pixels of an image, or 0");
  CHECK(refused("kind = 'train_decoder'\ndata = {kind = 'pixels', validation = 16, images = {kind "
                "= 'bars_and_stripes', size = 3}}") ==
        "data.validation = 16: expected less than the 16 training images");
  CHECK(
      refused("kind = 'train_encoder'\ndata = {kind = 'bars_and_stripes', size = 3}\npatch = 3") ==
      "data: expected images with labels");
  CHECK(refused(decoder + "optimizer = {beta_1 = 1}").find("optimizer.beta_1") !=
        std::string::npos);
  CHECK(refused(decoder + "model = {layer = 3}").find("did you mean \"layers\"") !=
        std::string::npos);

  const TempFolder folder;
  const auto text = [&](const std::string& content, const std::string& more,
                        const std::string& data = "") {
    io::write_file(folder / "a.txt", std::as_bytes(std::span(content)));
    return "kind = 'train_decoder'\ndata = {kind = 'text', file = '" + (folder / "a.txt").string() +
           "'" + data + "}\n" + more;
  };
  CHECK(refused(text(std::string(1000, 'a') + "b", "context = 40")) ==
        "context = 40: expected at most half of the training and of the test text, which have 901 "
        "and 50 bytes");
  CHECK(refused(text(std::string(1000, 'a') + "b", "context = 10", ", validation = 0.01")) ==
        "context = 10: expected at most half of the text to choose by, which has 10 bytes");
  CHECK(refused(text(std::string(1000, 'a'), "")) ==
        (folder / "a.txt").string() + ": expected at least 2 different characters, found 1");
}
