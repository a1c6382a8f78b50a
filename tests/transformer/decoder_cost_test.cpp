#include "ohmlab/transformer/decoder_cost.hpp"

#include <cmath>
#include <vector>

#include "ohmlab/cost/scaling.hpp"

#include "tests/catch.hpp"

using namespace ohmlab;
using cost::Action;
using transformer::DecoderShape;

namespace {

constexpr DecoderShape gpt2_small{.layers = 12, .width = 768, .vocabulary = 50257, .context = 1024};

/// rows × inner times inner × cols.
struct Product {
  std::int64_t rows, inner, cols;
};

/// Every matrix product of a forward pass over one sequence, attention as one dot product for each
/// query and each key it may see, and one scaled row of values for each.
std::vector<Product> forward_products(const DecoderShape& shape, std::int64_t heads, bool causal) {
  const std::int64_t h = shape.width, s = shape.context, head = h / heads;
  std::vector<Product> out;
  for (std::int64_t layer = 0; layer < shape.layers; ++layer) {
    for (int projection = 0; projection < 3; ++projection) out.push_back({s, h, h});
    for (std::int64_t a = 0; a < heads; ++a) {
      for (std::int64_t query = 0; query < s; ++query) {
        for (std::int64_t key = 0; key < s; ++key) {
          if (causal && key > query) continue;
          out.push_back({1, head, 1});
          out.push_back({1, 1, head});
        }
      }
    }
    out.push_back({s, h, h});
    out.push_back({s, h, 4 * h});
    out.push_back({s, 4 * h, h});
  }
  out.push_back({s, h, shape.vocabulary});
  return out;
}

double flops(const std::vector<Product>& products) {
  std::int64_t sum = 0;
  for (const Product& p : products) sum += 2 * p.rows * p.inner * p.cols;
  return static_cast<double>(sum);
}

/// Sizes of all tensors that are learned.
std::vector<std::int64_t> tensors(const DecoderShape& shape) {
  const std::int64_t h = shape.width;
  std::vector<std::int64_t> out{shape.vocabulary * h, shape.context * h};
  for (std::int64_t layer = 0; layer < shape.layers; ++layer) {
    for (int norm = 0; norm < 2; ++norm) out.insert(out.end(), {h, h});
    for (int projection = 0; projection < 4; ++projection) out.insert(out.end(), {h * h, h});
    out.insert(out.end(), {h * 4 * h, 4 * h, 4 * h * h, h});
  }
  out.insert(out.end(), {h, h});
  return out;
}

struct Sum {
  double count = 0, serial = 0;
};
Sum posted(const cost::Tally& tally, const std::string& stage, const std::string& component,
           Action action) {
  Sum sum;
  for (const cost::Entry& e : tally.entries()) {
    if (e.stage != stage || e.component != component || e.action != action) continue;
    sum.count += e.count;
    sum.serial += e.serial;
  }
  return sum;
}

const std::vector<DecoderShape> shapes{{1, 8, 2, 1},    {1, 8, 3, 5},    {2, 12, 3, 16},
                                       {3, 32, 11, 40}, {5, 24, 257, 9}, {2, 64, 3, 49}};

}  // namespace

TEST_CASE("the operations of a forward pass are those of all its matrix products, pair by pair") {
  for (const DecoderShape& shape : shapes) {
    CAPTURE(shape.layers, shape.width, shape.vocabulary, shape.context);
    CHECK(shape.forward_flops() == flops(forward_products(shape, 1, true)));
    CHECK(shape.forward_flops() == flops(forward_products(shape, 4, true)));
  }
}

TEST_CASE("the parameters are those of all learned tensors") {
  for (const DecoderShape& shape : shapes) {
    CAPTURE(shape.layers, shape.width, shape.vocabulary, shape.context);
    double sum = 0;
    for (const std::int64_t size : tensors(shape)) sum += static_cast<double>(size);
    CHECK(shape.parameters() == sum);
  }
  CHECK(gpt2_small.parameters() == 124'439'808);
  // Without biases, as printed in nanoGPT's transformer_sizing notebook: 11h a layer and h fewer.
  CHECK(gpt2_small.parameters() - 12 * 11 * 768 - 768 == 124'337'664);
}

TEST_CASE("with the pairs that a causal mask leaves out, the Megatron-LM formula comes out") {
  // Of s^2 pairs a mask leaves out s(s-1)/2, each 2h operations for its score and 2h for its value.
  for (DecoderShape shape :
       {shapes[1], shapes[3], gpt2_small, DecoderShape{40, 5140, 51200, 2048}}) {
    const auto l = static_cast<double>(shape.layers), h = static_cast<double>(shape.width),
               v = static_cast<double>(shape.vocabulary), s = static_cast<double>(shape.context);
    const double masked = l * s * (s - 1) / 2 * 4 * h;
    const double megatron = 72 * s * l * h * h * (1 + s / (6 * h) + v / (12 * l * h));
    CHECK(3 * (shape.forward_flops() + masked) == Approx(megatron).epsilon(1e-14));
  }
  for (const DecoderShape& shape : shapes) {
    const auto masked =
        flops(forward_products(shape, 2, false)) - flops(forward_products(shape, 2, true));
    const auto s = static_cast<double>(shape.context);
    CHECK(masked == static_cast<double>(shape.layers * shape.width) * 2 * s * (s - 1));
  }
  // The forward pass of GPT-2 small without a mask, as printed in nanoGPT's transformer_sizing
  // notebook.
  CHECK(gpt2_small.forward_flops() + 12 * 1024 * 1023.0 * 2 * 768 == 291'648'307'200);
}

TEST_CASE("the operations of GPT-2 small are six a parameter and token, up to attention") {
  const double tokens = 1024;
  const double attention = 3 * 12 * 2 * 1024 * 1025.0 * 768;
  CHECK(3 * gpt2_small.forward_flops() - attention ==
        Approx(cost::training_flops(gpt2_small.parameters(), tokens)).epsilon(0.01));
  CHECK(cost::training_flops(7e9, cost::optimal_tokens(7e9)) == Approx(120 * 7e9 * 7e9));
}

TEST_CASE(
    "no decoder among the candidates is nearer to a parameter count than the one that is chosen") {
  const auto candidate = [](const DecoderShape& s) {
    return s.layers >= 1 && s.layers <= 12 && s.width % 4 == 0 && s.width >= 8 * s.layers &&
           s.width <= 64 * s.layers;
  };
  for (const auto& [vocabulary, context] : {std::pair{3, 784}, {3, 9}, {50257, 1024}}) {
    for (double parameters = 1; parameters < 1e9; parameters *= 2.7) {
      CAPTURE(vocabulary, context, parameters);
      const DecoderShape chosen = transformer::nearest_decoder(parameters, vocabulary, context);
      CHECK(candidate(chosen));
      CHECK(chosen.vocabulary == vocabulary);
      CHECK(chosen.context == context);
      const double distance = std::abs(chosen.parameters() - parameters);
      for (std::int64_t layers = 12; layers >= 1; --layers) {
        for (std::int64_t width = 1; width <= 1000; ++width) {
          const DecoderShape shape{layers, width, vocabulary, context};
          if (!candidate(shape) || std::abs(shape.parameters() - parameters) >= distance) continue;
          FAIL_CHECK(layers << " x " << width << " is nearer than " << chosen.layers << " x "
                            << chosen.width);
        }
      }
    }
  }
}

TEST_CASE("a decoder of a candidate's size is found again") {
  for (const auto& [layers, width] :
       {std::pair{1, 8}, {1, 64}, {3, 24}, {4, 132}, {12, 768}, {7, 448}}) {
    const DecoderShape shape{layers, width, 3, 784};
    CHECK(transformer::nearest_decoder(shape.parameters(), 3, 784).parameters() ==
          shape.parameters());
  }
}

TEST_CASE("a training run posts the operations and bytes that its header states") {
  const DecoderShape shape{3, 32, 11, 40};
  const double p = shape.parameters();
  for (const auto& [sequences, batch, updates] :
       {std::tuple{100.0, 10.0, 10.0}, {101.0, 10.0, 11.0}, {7.0, 20.0, 1.0}, {1.0, 1.0, 1.0}}) {
    CAPTURE(sequences, batch);
    cost::Tally tally;
    transformer::post_training(shape, sequences, std::ceil(sequences / batch), tally);
    const double forward = flops(forward_products(shape, 4, true)) * sequences;
    const double activations = 34.0 * 40 * 32 * 3 * sequences;
    const auto count = [&, &tally = tally](const char* stage, const char* component,
                                           Action action) {
      const Sum sum = posted(tally, stage, component, action);
      CHECK(sum.serial == sum.count);
      return sum.count;
    };
    CHECK(count("train: forward", "products", Action::flop_bf16) == forward);
    CHECK(count("train: forward", "products", Action::memory_read) == 2 * p * updates);
    CHECK(count("train: forward", "products", Action::memory_write) == activations);
    CHECK(count("train: backward", "products", Action::flop_bf16) == 2 * forward);
    CHECK(count("train: backward", "products", Action::memory_read) ==
          2 * p * updates + activations);
    CHECK(count("train: backward", "products", Action::memory_write) == 2 * p * updates);
    CHECK(count("train: update", "optimizer", Action::flop_fp32) == 11 * p * updates);
    CHECK(count("train: update", "optimizer", Action::memory_read) == (2 + 3 * 4) * p * updates);
    CHECK(count("train: update", "optimizer", Action::memory_write) == (3 * 4 + 2) * p * updates);
    // A block: queries, keys and values, attention, its output, two layers of the perceptron.
    const double started = 3 * 5 + 2;
    CHECK(count("train: forward", "products", Action::kernel_launch) == started * updates);
    CHECK(count("train: backward", "products", Action::kernel_launch) == 2 * started * updates);
    CHECK(count("train: update", "optimizer", Action::kernel_launch) == updates);
    CHECK(tally.entries().size() == 12);
    REQUIRE(tally.holdings().size() == 2);
    CHECK(tally.holdings()[0].part == cost::Part::accelerator);
    CHECK(tally.holdings()[0].count == 1);
    CHECK(tally.holdings()[1].part == cost::Part::memory_byte);
    CHECK(tally.holdings()[1].count == 16 * p);
  }
}

TEST_CASE("sixty thousand times the training is sixty thousand times of everything") {
  const auto run = [](double sequences, Action action) {
    cost::Tally tally;
    transformer::post_training(shapes[3], sequences, sequences / 20, tally);
    double sum = 0;
    for (const cost::Entry& e : tally.entries()) {
      if (e.action == action) sum += e.count;
    }
    return sum;
  };
  for (const Action action :
       {Action::flop_bf16, Action::flop_fp32, Action::memory_read, Action::memory_write}) {
    CHECK(run(60'000 * 20.0, action) == 60'000 * run(20, action));
  }
}
