// A transformer on arrays, counted again by loops over tokens, matrices, tiles and lines.
#include "ohmlab/transformer/scale/on_arrays.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

#include "tests/catch.hpp"

using namespace ohmlab;
using scale::ArrayHardware;
using scale::ModelShape;

namespace {

ModelShape tiny() {
  ModelShape out;
  out.layers = 3;
  out.width = 12;
  out.heads = 3;
  out.vocabulary = 29;
  out.sequence = 5;
  return out;
}

ArrayHardware small_tiles() {
  ArrayHardware out;
  out.parts.tile_rows = 7;
  out.parts.tile_cols = 5;
  out.slots = 6;
  out.row_share = 0.5;
  out.col_share = 0.25;
  return out;
}

/// Counts by stage and action.
std::map<std::string, double> counts_of(const ModelShape& model, const ArrayHardware& array,
                                        double tokens) {
  cost::Tally tally;
  scale::post_training_on_arrays(model, array, tokens, tally);
  std::map<std::string, double> out;
  for (const cost::Entry& entry : tally.entries())
    out[entry.stage.substr(7) + " " + std::string(cost::name(entry.action))] += entry.count;
  return out;
}

struct Matrix {
  int rows, cols;
};

/// What a plain decoder with tied output multiplies with, in the order a token meets it.
std::vector<Matrix> matrices_of(const ModelShape& m) {
  const auto h = static_cast<int>(m.width);
  std::vector<Matrix> out;
  for (int layer = 0; layer < m.layers; ++layer) {
    for (int i = 0; i < 4; ++i) out.push_back({h, h});  // queries, keys, values, out
    out.push_back({h, 4 * h});
    out.push_back({4 * h, h});
  }
  out.push_back({h, static_cast<int>(m.vocabulary)});
  return out;
}

}  // namespace

TEST_CASE("weight matrices hold every parameter of a shape but norms and a separate embedding") {
  ModelShape plain = tiny(), grouped = tiny(), experts = tiny(), latent = tiny();
  grouped.heads = 4;
  grouped.kv_heads = 2;
  grouped.gated = true;
  grouped.tied = false;
  experts.experts = 6;
  experts.active_experts = 2;
  experts.shared_experts = 1;
  experts.expert_ffn = 10;
  experts.dense_layers = 1;
  experts.expert_every = 2;
  latent.head_width = 4;
  latent.q_rank = 5;
  latent.kv_rank = 3;
  latent.rope_width = 2;
  for (const ModelShape& m : {plain, grouped, experts, latent}) {
    double held = 0, used = 0;
    for (const auto& matrix : scale::weight_matrices(m)) {
      held += matrix.inputs * matrix.outputs * matrix.held;
      used += matrix.inputs * matrix.outputs * matrix.used;
    }
    const double embedding = m.tied ? 0 : m.h() * static_cast<double>(m.vocabulary);
    const double norms = (2 * static_cast<double>(m.layers) + 1) * m.h();
    CHECK(held == Approx(m.parameters() - norms - embedding));
    CHECK(used == Approx(m.active_parameters() - norms - embedding));
  }
}

TEST_CASE("converters, drivers and pulses of a transformer on arrays are those that loops count") {
  const ModelShape model = tiny();
  const ArrayHardware array = small_tiles();
  std::map<std::string, double> seen;
  const int sequences = 2, tokens = sequences * static_cast<int>(model.sequence);
  for (int token = 0; token < tokens; ++token) {
    for (const Matrix& m : matrices_of(model)) {
      for (int row = 0; row < m.rows; row += 7) {
        for (int col = 0; col < m.cols; col += 5) {  // one tile
          const int height = std::min(7, m.rows - row), width = std::min(5, m.cols - col);
          for (int line = 0; line < height; ++line) {
            seen["forward dac_drive"] += 1;
            seen["backward adc_convert"] += 1;
            if (col > 0) seen["backward sums"] += 1;
            seen["update pulse_drive"] += array.slots * array.row_share;
          }
          for (int line = 0; line < width; ++line) {
            seen["forward adc_convert"] += 1;
            if (row > 0) seen["forward sums"] += 1;
            seen["backward dac_drive"] += 1;
            seen["update pulse_drive"] += array.slots * array.col_share;
          }
          for (int cell = 0; cell < height * width; ++cell)
            seen["update array_pulse"] += array.slots * array.row_share * array.col_share;
        }
      }
      seen["forward array_read"] += 1;
      seen["backward array_read"] += 1;
      for (int line = 0; line < m.rows + m.cols; ++line)
        seen["update pulse_random_bit"] += array.slots;
    }
  }
  std::map<std::string, double> counts = counts_of(model, array, tokens);
  for (const char* key : {"forward dac_drive", "forward adc_convert", "forward array_read",
                          "backward dac_drive", "backward adc_convert", "backward array_read",
                          "update pulse_drive", "update array_pulse", "update pulse_random_bit"}) {
    CAPTURE(key);
    CHECK(counts[key] == Approx(seen[key]));
  }
}

TEST_CASE("attention, norms and the rest of the edge are those that loops count") {
  ModelShape model = tiny();
  model.causal = GENERATE(true, false);
  const ArrayHardware array = small_tiles();
  double multiplies = 0, adds = 0, functions = 0, kept = 0;
  const int s = static_cast<int>(model.sequence), h = static_cast<int>(model.width);
  for (int layer = 0; layer < model.layers; ++layer) {
    for (int query = 0; query < s; ++query) {
      for (int key = 0; key < (model.causal ? query + 1 : s); ++key) {
        for (int head = 0; head < model.heads; ++head) {
          const int d = h / static_cast<int>(model.heads);
          for (int i = 0; i < d; ++i) {
            multiplies += 2;  // the score, and its value
            adds += 2;
          }
          functions += 1;  // exponential
          multiplies += 1;
          adds += 2;
        }
      }
      for (int i = 0; i < h; ++i) {
        multiplies += 8;  // two norms
        adds += 10 + 2;   // two norms, two sums
        kept += 2;        // a key, a value
      }
      for (int i = 0; i < 4 * h; ++i) {
        functions += 1;
        multiplies += 1;
      }
    }
  }
  for (int token = 0; token < s; ++token) {
    for (int word = 0; word < model.vocabulary; ++word) {
      functions += 1;
      multiplies += 1;
      adds += 2;
    }
    for (const Matrix& m : matrices_of(model)) {
      multiplies += m.cols;  // by the scale of the weights
      const int row_tiles = (m.rows + 6) / 7;
      adds += m.cols * (row_tiles - 1);  // over the tiles
      kept += m.rows;                    // for the update
    }
  }
  std::map<std::string, double> counts = counts_of(model, array, s);
  CHECK(counts["forward edge_multiply"] == Approx(multiplies));
  CHECK(counts["forward edge_add"] == Approx(adds));
  CHECK(counts["forward edge_sigmoid"] == Approx(functions));
  CHECK(counts["forward buffer_write"] == Approx(16 * kept));
}

TEST_CASE("digital work on the way back holds what loops count, probabilities made again") {
  ModelShape model = tiny();
  model.causal = GENERATE(true, false);
  const ArrayHardware array = small_tiles();
  double multiplies = 0, adds = 0, functions = 0;
  const int s = static_cast<int>(model.sequence), h = static_cast<int>(model.width);
  for (int layer = 0; layer < model.layers; ++layer) {
    for (int query = 0; query < s; ++query) {
      for (int key = 0; key < (model.causal ? query + 1 : s); ++key) {
        for (int head = 0; head < model.heads; ++head) {
          for (int i = 0; i < h / static_cast<int>(model.heads); ++i) {
            multiplies += 5;  // the score again; gradients of query, key, value and probability
            adds += 5;
          }
          functions += 1;  // its exponential
          multiplies += 2;
          adds += 2;
        }
      }
      for (int i = 0; i < h; ++i) {
        multiplies += 20;  // two norms
        adds += 22 + 2;
      }
      for (int i = 0; i < 4 * h; ++i) {
        multiplies += 2;
        adds += 1;
      }
    }
  }
  for (int token = 0; token < s; ++token) {
    for (const Matrix& m : matrices_of(model)) {
      multiplies += m.rows;
      const int col_tiles = (m.cols + 4) / 5;
      adds += m.rows * (col_tiles - 1);
    }
  }
  std::map<std::string, double> counts = counts_of(model, array, s);
  CHECK(counts["backward edge_multiply"] == Approx(multiplies));
  CHECK(counts["backward edge_add"] == Approx(adds));
  CHECK(counts["backward edge_sigmoid"] == Approx(functions));
}

TEST_CASE("digital layers hold the lanes that keep up with the slowest matrix") {
  const ModelShape model = tiny();
  ArrayHardware array = small_tiles();
  array.parts.tile_rows = array.parts.tile_cols = 1000;  // one tile a matrix, 64 lanes
  cost::Tally tally;
  scale::post_training_on_arrays(model, array, 1, tally);
  double operations = 0, lanes = 0, bits = 0;
  for (const cost::Entry& e : tally.entries()) {
    using cost::Action;
    const bool counted = e.action == Action::edge_multiply || e.action == Action::edge_add ||
                         e.action == Action::edge_sigmoid;
    if (e.component == "digital layers" && counted) operations += e.count;
  }
  for (const cost::Holding& held : tally.holdings()) {
    if (held.component == "digital layers" && held.part == cost::Part::edge_lane)
      lanes += held.count;
    if (held.part == cost::Part::buffer_bit) bits += held.count;
  }
  // The slowest are 12 x 48 and 48 x 12: (48 + 12 + 2 * 60) / 64 steps a token.
  CHECK(lanes == std::ceil(operations / (180.0 / 64)));
  // Inputs of every matrix, and a key and a value of 12, for five tokens of 16 bits.
  CHECK(bits == 16 * 5 * (3 * (5 * 12 + 48 + 2 * 12) + 12.0));
}

TEST_CASE(
    "copies of matrices divide the tokens of a sequence when read, and are all written with each") {
  const ModelShape model = tiny();  // five tokens a sequence
  ArrayHardware once = small_tiles(), copied = small_tiles();
  once.parts.tile_rows = once.parts.tile_cols = 1000;
  copied.parts.tile_rows = copied.parts.tile_cols = 1000;  // one tile a matrix, 64 lanes
  const auto [copies, longest] =
      GENERATE(std::pair{2, 3}, std::pair{3, 2}, std::pair{5, 1}, std::pair{8, 1});
  copied.copies = copies;
  const int sequences = 2, tokens = 5 * sequences;
  cost::Tally one, all;
  scale::post_training_on_arrays(model, once, tokens, one);
  scale::post_training_on_arrays(model, copied, tokens, all);
  const auto a = one.entries(), b = all.entries();
  REQUIRE(a.size() == b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    CAPTURE(a[i].stage, a[i].component, cost::name(a[i].action));
    const bool matrix = a[i].component == "weights",
               update = matrix && a[i].stage == "train: update";
    CHECK(b[i].count == Approx((update ? copies : 1) * a[i].count));
    CHECK(b[i].joules == Approx((update ? copies : 1) * a[i].joules));
    const double share = matrix && !update ? longest / 5.0 : 1;
    CHECK(b[i].serial == Approx(share * a[i].serial));
    CHECK(b[i].seconds == Approx(share * a[i].seconds));
  }
  double operations = 0, lanes = 0;
  for (const cost::Entry& e : a) {
    using cost::Action;
    const bool counted = e.action == Action::edge_multiply || e.action == Action::edge_add ||
                         e.action == Action::edge_sigmoid;
    if (e.component == "digital layers" && counted) operations += e.count / tokens;
  }
  REQUIRE(one.holdings().size() == all.holdings().size());
  for (std::size_t i = 0; i < one.holdings().size(); ++i) {
    const cost::Holding &x = one.holdings()[i], &y = all.holdings()[i];
    CAPTURE(x.component, cost::name(x.part));
    if (x.component == "digital layers") {
      lanes = y.count;
    } else {
      CHECK(y.count == Approx((x.component == "weights" ? copies : 1) * x.count));
    }
  }
  // Of a sequence, the slowest matrix multiplies by its scale for the longest slice in both
  // directions, and prepares every update: 48 + 12 and 2 · 60 operations on 64 lanes.
  const double steps = (longest * 60.0 / 5 + 120) / 64;
  CHECK(lanes == Approx(std::ceil(operations / steps)));
  CHECK(scale::pulses_per_cell(model, copied, 1000) == scale::pulses_per_cell(model, once, 1000));
}

TEST_CASE("a mixture of experts reads and writes the experts of a token, and holds them all") {
  ModelShape dense = tiny(), mixed = tiny();
  mixed.experts = 8;
  mixed.active_experts = 1;
  const ArrayHardware array = small_tiles();
  cost::Tally tally;
  scale::post_training_on_arrays(mixed, array, 1, tally);
  double cells = 0;
  for (const cost::Holding& holding : tally.holdings()) {
    if (holding.part == cost::Part::cell) cells += holding.count;
  }
  const double norms = 7 * mixed.h();
  CHECK(cells == Approx(2 * (mixed.parameters() - norms)));
  const double router = 3 * 12 * 8 * array.slots * array.row_share * array.col_share;
  CHECK(counts_of(mixed, array, 1)["update array_pulse"] ==
        Approx(counts_of(dense, array, 1)["update array_pulse"] + router));
  CHECK(scale::pulses_per_cell(dense, array, 1000) == Approx(1000 * 6 * 0.5 * 0.25));
}
