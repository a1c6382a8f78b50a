#include "on_arrays.hpp"

#include <algorithm>
#include <cmath>

namespace ohmlab::scale {
namespace {

using cost::Action;

constexpr double word = 16, sum_word = 32;  // bits of numbers and of their sums at the edge

/// The parts of the array that holds a matrix, with the logic at its edge.
cost::ArrayParts parts_of(const ArrayHardware& array, double lanes) {
  cost::ArrayParts out = array.parts;
  out.lanes = lanes;
  out.networked = true;
  out.comparators = false;
  return out;
}

cost::ArrayLines lines_of(const ArrayHardware& array, const WeightMatrix& m) {
  return {array.parts, m.inputs, m.outputs};
}

double cells_of(const ArrayHardware& array) { return array.parts.pulsed + array.parts.fixed; }

/// Digital work of one token in one layer, outside the arrays.
struct Digital {
  double multiplies = 0, adds = 0, functions = 0, words_read = 0, words_written = 0;

  [[nodiscard]] double operations() const { return multiplies + adds + functions; }
  Digital& operator+=(const Digital& other) {
    multiplies += other.multiplies;
    adds += other.adds;
    functions += other.functions;
    words_read += other.words_read;
    words_written += other.words_written;
    return *this;
  }
};

Digital times(Digital work, double n) {
  return {work.multiplies * n, work.adds * n, work.functions * n, work.words_read * n,
          work.words_written * n};
}

/// Mean number of keys that a query sees.
double keys_of(const ModelShape& m) { return m.causal ? (m.s() + 1) / 2 : m.s(); }

/// Scores and their sums over values: one multiply and one add each. The softmax takes an
/// exponential, two additions and a multiply per score. Keys and values are read once for every
/// block of queries.
Digital attention_forward(const ModelShape& m, const ArrayHardware& array) {
  const double n = keys_of(m), r = static_cast<double>(m.rope_width);
  const double products = m.a() * n * (2 * m.d() + r), scores = m.a() * n;
  const double kept = n * m.g() * (2 * m.d() + r) / array.query_block;
  return {products + scores, products + 2 * scores, scores, kept, 0};
}

/// Twice the products (gradients of both factors), two multiplies and additions per score.
/// Probabilities are made again instead of kept, as in fused kernels (Dao et al., arXiv
/// 2205.14135): the scores' product and their exponentials. Keys and values are read again, and
/// their gradients gathered.
Digital attention_backward(const ModelShape& m, const ArrayHardware& array) {
  const Digital f = attention_forward(m, array);
  const double scores = m.a() * keys_of(m), products = f.multiplies - scores;
  const double again = scores * (m.d() + static_cast<double>(m.rope_width));
  return {2 * products + again + 2 * scores, 2 * products + again + 2 * scores, scores,
          2 * f.words_read, f.words_read};
}

/// Norms take 9, 14 and 7 operations per element (forward, activations, weights), as in `work.hpp`.
/// Here they are 4 multiplies and 5 additions forward, 10 and 11 backward. A layer has two norms
/// and two sums.
Digital norms_forward(const ModelShape& m) { return {8 * m.h(), 12 * m.h(), 0, 0, 0}; }
Digital norms_backward(const ModelShape& m) { return {20 * m.h(), 24 * m.h(), 0, 0, 0}; }

/// Per element of the feed-forward part: one function and one multiply forward, two multiplies and
/// an addition backward.
Digital bends_forward(double width) { return {width, 0, width, 0, 0}; }
Digital bends_backward(double width) { return {2 * width, width, 0, 0, 0}; }

/// Feed-forward elements of one token in the whole model.
double bent_elements(const ModelShape& m) {
  const auto experts = static_cast<double>(m.expert_layers());
  return (static_cast<double>(m.layers) - experts) * m.f() +
         experts * static_cast<double>(m.active_experts + m.shared_experts) * m.expert_f();
}

void post(const Digital& work, double tokens, cost::Tally::Component component,
          cost::Tally& tally) {
  const auto put = [&](Action action, double count, double bits) {
    if (count > 0) tally.post(component, action, {.count = count * tokens, .parameter = bits});
  };
  put(Action::edge_multiply, work.multiplies, word);
  put(Action::edge_add, work.adds, sum_word);
  put(Action::edge_sigmoid, work.functions, 0);
  put(Action::buffer_read, work.words_read * word, 0);
  put(Action::buffer_write, work.words_written * word, 0);
}

/// Share of the vectors of a batch that the copy with the longest slice reads.
double longest_share(const ArrayHardware& array, double vectors) {
  return std::ceil(vectors / array.copies) / vectors;
}

/// Lanes at the edge of one copy of a matrix.
double lanes_of(const ArrayHardware& array, const WeightMatrix& matrix) {
  const cost::ArrayLines lines = lines_of(array, matrix);
  return array.parts.lanes * lines.row_tiles * lines.col_tiles;
}

/// The matrix with the most work per lane at its edge, which sets the pace.
const WeightMatrix& slowest(const ArrayHardware& array, const std::vector<WeightMatrix>& all) {
  return *std::max_element(all.begin(), all.end(),
                           [&](const WeightMatrix& a, const WeightMatrix& b) {
    return (a.inputs + a.outputs) / lanes_of(array, a) <
           (b.inputs + b.outputs) / lanes_of(array, b);
  });
}

/// Posts the way of a vector from the middle of one square of tiles to that of the next.
void post_way(const ArrayHardware& array, const WeightMatrix& m, double numbers, double tokens,
              cost::Tally::Component component, cost::Tally& tally) {
  const cost::ArrayLines lines = lines_of(array, m);
  const double side = std::sqrt(lines.row_tiles * lines.col_tiles);
  const cost::Mesh& mesh = array.parts.mesh;
  cost::Mesh::post(tally, component,
                   mesh.carried(tokens * m.used * numbers * word, mesh.over(side), 0, 0));
}

/// Operations in sequence of one lane at the edge of a matrix, per token. They are weight scales
/// and sums of tiles in both reads, of which a copy has its share, and the preparation of an
/// update.
double edge_steps(const ArrayHardware& array, const WeightMatrix& m, double read_share) {
  const double reads = array.parts.driver.slices * lines_of(array, m).ends();
  return (read_share * reads + 2 * (m.inputs + m.outputs)) / lanes_of(array, m);
}

}  // namespace

void post_matrix_read(const ArrayHardware& array, double inputs, double outputs, bool transposed,
                      double times_read, double serial, double lanes,
                      cost::Tally::Component component, cost::Tally& tally) {
  const cost::ArrayParts parts = parts_of(array, lanes);
  const cost::ArrayLines lines(parts, transposed ? outputs : inputs, transposed ? inputs : outputs);
  cost::post_read(
      {tally, component, parts}, lines,
      {.to_rows = transposed,
       .vectors = times_read,
       .in_turn = serial,
       .heat = times_read * inputs * array.heat * outputs * cells_of(array) * array.conductance,
       .swings = times_read * inputs * array.swing});
}

void post_matrix_update(const ArrayHardware& array, double rows, double cols, double times,
                        double serial, double lanes, cost::Tally::Component component,
                        cost::Tally& tally) {
  const cost::ArrayParts parts = parts_of(array, lanes);
  const double written = times * array.copies;
  const double row_pulses = written * array.slots * array.row_share * rows,
               col_pulses = written * array.slots * array.col_share * cols;
  const double coincidences =
      written * parts.pulsed * array.slots * array.row_share * array.col_share * rows * cols;
  cost::post_update({tally, component, parts}, cost::ArrayLines(parts, rows, cols),
                    {.vectors = written,
                     .vectors_in_turn = serial,
                     .slots = written * array.slots,
                     .slots_in_turn = serial * array.slots,
                     .selected_rows = rows,
                     .row_pulses = row_pulses,
                     .col_pulses = col_pulses,
                     .coincidences = coincidences,
                     .line_conductances = (row_pulses * cols + col_pulses * rows) *
                                          cells_of(array) * array.conductance,
                     .cell_conductances = coincidences * array.conductance});
}

void post_training_on_arrays(const ModelShape& model, const ArrayHardware& array, double tokens,
                             cost::Tally& tally) {
  const std::vector<WeightMatrix> matrices = weight_matrices(model);
  const WeightMatrix& pace = slowest(array, matrices);
  const auto logic = tally.component("digital layers"), sequence = tally.component("activations");
  const auto weights_of = [&](const WeightMatrix& m) { return tally.component("weights", m.name); };
  const auto kept_of = [&](const WeightMatrix& m) {
    return tally.component("activations", m.name);
  };
  double operations = 0;  // operations of the digital layers per token
  const auto layers = static_cast<double>(model.layers), v = static_cast<double>(model.vocabulary);
  const double read_share = longest_share(array, model.s());
  const auto serial_of = [&](const WeightMatrix& m) { return &m == &pace ? tokens : 0.0; };
  const auto serial_reads = [&](const WeightMatrix& m) { return read_share * serial_of(m); };
  {
    const cost::Tally::Stage stage(tally, "train: forward");
    for (const WeightMatrix& m : matrices) {
      post_matrix_read(array, m.inputs, m.outputs, false, tokens * m.used, serial_reads(m),
                       lanes_of(array, m), weights_of(m), tally);
      post({0, 0, 0, 0, m.inputs * m.used}, tokens, kept_of(m), tally);
      post_way(array, m, m.inputs, tokens, kept_of(m), tally);
    }
    Digital work = times(attention_forward(model, array), layers);
    work += times(norms_forward(model), layers);
    work += bends_forward(bent_elements(model));
    work += {v, 2 * v, v, 0, 2 * layers * model.g() * model.d()};  // loss; keys and values kept
    post(work, tokens, logic, tally);
    operations += work.operations();
    tally.post(logic, Action::memory_read,
               {.count = tokens * 2 * model.h()});  // embedding, 2 B a number
  }
  {
    const cost::Tally::Stage stage(tally, "train: backward");
    for (const WeightMatrix& m : matrices) {
      post_matrix_read(array, m.outputs, m.inputs, true, tokens * m.used, serial_reads(m),
                       lanes_of(array, m), weights_of(m), tally);
      post({0, 0, 0, 0, m.outputs * m.used}, tokens, kept_of(m), tally);
      post_way(array, m, m.outputs, tokens, kept_of(m), tally);
    }
    Digital work = times(attention_backward(model, array), layers);
    work += times(norms_backward(model), layers);
    work += bends_backward(bent_elements(model));
    post(work, tokens, logic, tally);
    operations += work.operations();
  }
  tally.hold(logic, cost::Part::edge_lane,
             std::ceil(operations / edge_steps(array, pace, read_share)));
  const cost::Tally::Stage stage(tally, "train: update");
  double activations = 0;
  for (const WeightMatrix& m : matrices) {
    post_matrix_update(array, m.inputs, m.outputs, tokens * m.used, serial_of(m),
                       lanes_of(array, m), weights_of(m), tally);
    post({0, 0, 0, (m.inputs + m.outputs) * m.used, 0}, tokens, kept_of(m), tally);
    const cost::ArrayParts parts = parts_of(array, lanes_of(array, m));
    cost::hold_array({tally, weights_of(m), parts}, lines_of(array, m), m.held * array.copies);
    activations += m.inputs * m.used;
  }
  activations += 2 * layers * model.g() * model.d();                             // keys and values
  tally.hold(sequence, cost::Part::buffer_bit, activations * word * model.s());  // one sequence
}

double pulses_per_cell(const ModelShape& model, const ArrayHardware& array, double tokens) {
  double most = 0;
  for (const WeightMatrix& m : weight_matrices(model)) most = std::max(most, m.used / m.held);
  return tokens * most * array.slots * array.row_share * array.col_share;
}

}  // namespace ohmlab::scale
