#include "ohmlab/transformer/on_arrays.hpp"

#include <algorithm>
#include <cmath>

#include "ohmlab/cost/sum_bits.hpp"

namespace ohmlab::transformer {
namespace {

using cost::Action;

constexpr double word = 16, sum_word = 32;  // bits of numbers and of their sums at the edge

struct Tiling {
  double rows, cols;            ///< lines of one tile
  double row_tiles, col_tiles;  ///< how many along each side
};

Tiling tiling(const ArrayHardware& array, double rows, double cols) {
  const double tr = std::min(array.tile_rows, rows), tc = std::min(array.tile_cols, cols);
  return {tr, tc, std::ceil(rows / tr), std::ceil(cols / tc)};
}

/// Digital work of one token in one layer: what no array does.
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

/// Keys that a query sees, on average over a sequence.
double keys_of(const ModelShape& m) { return m.causal ? (m.s() + 1) / 2 : m.s(); }

/// Scores and their sums over values: one multiply and one add each; an exponential, two additions and a
/// multiply a score for the softmax. Keys and values are read once for every block of queries.
Digital attention_forward(const ModelShape& m, const ArrayHardware& array) {
  const double n = keys_of(m), r = static_cast<double>(m.rope_width);
  const double products = m.a() * n * (2 * m.d() + r), scores = m.a() * n;
  const double kept = n * m.g() * (2 * m.d() + r) / array.query_block;
  return {products + scores, products + 2 * scores, scores, kept, 0};
}

/// Twice the products (gradients of both factors), two multiplies and additions a score. Probabilities are
/// not kept but made again, as fused kernels do (Dao et al., arXiv 2205.14135): the scores' product and their
/// exponentials. Keys and values are read again, and their gradients gathered.
Digital attention_backward(const ModelShape& m, const ArrayHardware& array) {
  const Digital f = attention_forward(m, array);
  const double scores = m.a() * keys_of(m), products = f.multiplies - scores;
  const double again = scores * (m.d() + static_cast<double>(m.rope_width));
  return {2 * products + again + 2 * scores, 2 * products + again + 2 * scores, scores, 2 * f.words_read,
          f.words_read};
}

/// Norms take 9, 14 and 7 operations an element (forward, activations, weights) as `closed_form.hpp` counts,
/// here 4 multiplies and 5 additions forward, 10 and 11 backward; two norms and two sums a layer.
Digital norms_forward(const ModelShape& m) { return {8 * m.h(), 12 * m.h(), 0, 0, 0}; }
Digital norms_backward(const ModelShape& m) { return {20 * m.h(), 24 * m.h(), 0, 0, 0}; }

/// One function and one multiply an element of the feed-forward part, two multiplies and an addition back.
Digital bends_forward(double width) { return {width, 0, width, 0, 0}; }
Digital bends_backward(double width) { return {2 * width, width, 0, 0, 0}; }

/// Feed-forward elements that one token meets in the whole model.
double bent_elements(const ModelShape& m) {
  const auto experts = static_cast<double>(m.expert_layers());
  return (static_cast<double>(m.layers) - experts) * m.f() +
         experts * static_cast<double>(m.active_experts + m.shared_experts) * m.expert_f();
}

void post(const Digital& work, double tokens, cost::Tally::Component component, cost::Tally& tally) {
  const auto put = [&](Action action, double count, double bits) {
    if (count > 0) tally.post(component, action, {.count = count * tokens, .parameter = bits});
  };
  put(Action::edge_multiply, work.multiplies, word);
  put(Action::edge_add, work.adds, sum_word);
  put(Action::edge_sigmoid, work.functions, 0);
  put(Action::buffer_read, work.words_read * word, 0);
  put(Action::buffer_write, work.words_written * word, 0);
}

/// Of the vectors of a batch, the share that the copy with the longest slice reads.
double longest_share(const ArrayHardware& array, double vectors) {
  return std::ceil(vectors / array.copies) / vectors;
}

/// Lanes at the edge of one copy of a matrix.
double lanes_of(const ArrayHardware& array, const WeightMatrix& matrix) {
  const Tiling t = tiling(array, matrix.inputs, matrix.outputs);
  return array.lanes * t.row_tiles * t.col_tiles;
}

/// The matrix whose edge has the most to do, which sets the pace.
const WeightMatrix& slowest(const ArrayHardware& array, const std::vector<WeightMatrix>& all) {
  return *std::max_element(all.begin(), all.end(), [&](const WeightMatrix& a, const WeightMatrix& b) {
    return (a.inputs + a.outputs) / lanes_of(array, a) < (b.inputs + b.outputs) / lanes_of(array, b);
  });
}

void hold_matrices(const ArrayHardware& array, const WeightMatrix& m, cost::Tally::Component component,
                   cost::Tally& tally) {
  const Tiling t = tiling(array, m.inputs, m.outputs);
  const double lines = m.inputs * t.col_tiles + m.outputs * t.row_tiles;
  const double held = m.held * array.copies, weights = held * m.inputs * m.outputs;
  tally.hold(component, cost::Part::cell, weights * array.pulsed, array.endurance.value_or(0));
  if (array.cells > array.pulsed)
    tally.hold(component, cost::Part::cell, weights * (array.cells - array.pulsed));
  tally.hold(component, cost::Part::line_driver, held * lines);
  tally.hold(component, array.driver, held * lines, array.drive_bits);
  tally.hold(component, cost::Part::adc, held * std::ceil(lines / array.columns_per_adc), array.adc_bits);
  if (array.columns_per_adc > 1 || array.slices > 1 || array.floats)
    tally.hold(component, cost::Part::hold_capacitor, held * lines);
  tally.hold(component, cost::Part::router, held * t.row_tiles * t.col_tiles);
  tally.hold(component, cost::Part::edge_lane, held * lanes_of(array, m));
}

/// The way of a vector from the middle of one square of tiles to that of the next.
void post_way(const ArrayHardware& array, const WeightMatrix& m, double numbers, double tokens,
              cost::Tally::Component component, cost::Tally& tally) {
  const Tiling t = tiling(array, m.inputs, m.outputs);
  const double side = std::sqrt(t.row_tiles * t.col_tiles);
  cost::Mesh::post(tally, component,
                   array.mesh.carried(tokens * m.used * numbers * word, array.mesh.over(side), 0, 0));
}

/// Operations that one lane at the edge of a matrix does one after another for a token: weight scales and
/// sums of tiles in both reads, of which a copy has its share, and the preparation of an update.
double edge_steps(const ArrayHardware& array, const WeightMatrix& m, double read_share) {
  const Tiling t = tiling(array, m.inputs, m.outputs);
  const double reads = array.slices * (m.outputs * t.row_tiles + m.inputs * t.col_tiles);
  return (read_share * reads + 2 * (m.inputs + m.outputs)) / lanes_of(array, m);
}

}  // namespace

void post_matrix_read(const ArrayHardware& array, double inputs, double outputs, bool transposed,
                      double times_read, double serial, double lanes, cost::Tally::Component component,
                      cost::Tally& tally) {
  const Tiling t = transposed ? tiling(array, outputs, inputs) : tiling(array, inputs, outputs);
  const double input_tiles = transposed ? t.col_tiles : t.row_tiles,
               output_tiles = transposed ? t.row_tiles : t.col_tiles;
  const double volts2 = array.v_read * array.v_read;
  const auto put = [&](Action action, double count, double one_by_one, double parameter) {
    tally.post(component, action,
               {.count = times_read * count, .serial = serial * one_by_one, .parameter = parameter});
  };
  tally.post(component, Action::array_read,
             {.count = times_read * array.slices,
              .serial = serial * array.slices,
              .joules = times_read * volts2 * array.t_read * inputs * array.conduction * outputs *
                        array.cells * array.conductance,
              .seconds = serial * array.slices * array.t_read});
  put(Action::line_charge, volts2 * inputs * array.swing * output_tiles, 0, transposed ? t.rows : t.cols);
  put(array.drive, array.slices * inputs * output_tiles, array.slices, array.drive_bits);
  put(Action::adc_convert, array.slices * outputs * input_tiles, array.slices * array.columns_per_adc,
      array.adc_bits);
  if (array.columns_per_adc > 1 || array.floats)
    put(Action::sample_hold, array.slices * outputs * input_tiles, array.slices, 0);
  const auto carry = [&](double bits, double tiles, double slice_bits) {
    cost::Mesh::Carried carried = array.mesh.carried(bits, array.mesh.along(tiles), 1, slice_bits);
    for (cost::Posting* part : {&carried.hops, &carried.links}) {
      part->count *= times_read;
      part->serial *= serial;
    }
    cost::Mesh::post(tally, component, carried);
  };
  carry(inputs * array.dac_bits, output_tiles, (transposed ? t.cols : t.rows) * array.dac_bits);
  const double sum_bits = cost::sum_bits(array.adc_bits, input_tiles, array.slices);
  carry(outputs * sum_bits, input_tiles, (transposed ? t.rows : t.cols) * sum_bits);
  const double sums = outputs * (array.slices * input_tiles - 1);
  if (sums > 0) put(Action::edge_add, sums, sums / lanes, sum_bits);
  put(Action::edge_multiply, outputs, outputs / lanes, word);
}

void post_matrix_update(const ArrayHardware& array, double rows, double cols, double times, double serial,
                        double lanes, cost::Tally::Component component, cost::Tally& tally) {
  const double times_written = times * array.copies;
  const Tiling t = tiling(array, rows, cols);
  const double row_pulses = array.slots * array.row_share * rows,
               col_pulses = array.slots * array.col_share * cols;
  const double coincidences = array.pulsed * array.slots * array.row_share * array.col_share * rows * cols;
  const double volts2 = array.v_write * array.v_write, half = volts2 / 4 * array.t_pulse;
  const double of_lines = (row_pulses * cols + col_pulses * rows) * array.cells * array.conductance;
  tally.post(component, Action::array_pulse,
             {.count = times_written * coincidences,
              .joules = times_written * half * (of_lines + 2 * coincidences * array.conductance)});
  tally.post(component, Action::pulse_slot,
             {.serial = serial * array.slots, .seconds = serial * array.slots * array.t_pulse});
  const auto put = [&](Action action, double count, double parameter, double one_by_one = 0) {
    tally.post(component, action,
               {.count = times_written * count, .serial = serial * one_by_one, .parameter = parameter});
  };
  put(Action::pulse_drive, array.pulsed * (row_pulses * t.col_tiles + col_pulses * t.row_tiles), 0);
  put(Action::line_charge, volts2 / 4 * array.pulsed * row_pulses * t.col_tiles, t.cols);
  put(Action::line_charge, volts2 / 4 * array.pulsed * col_pulses * t.row_tiles, t.rows);
  put(Action::pulse_random_bit, array.slots * (rows + cols), 0);
  const auto pass_on = [&](double bits, double tiles) {
    cost::Mesh::post(tally, component,
                     array.mesh.carried(times_written * bits, array.mesh.along(tiles), 0, 0));
  };
  pass_on(array.slots * rows, t.col_tiles);
  pass_on(array.slots * cols, t.row_tiles);
  put(Action::edge_add, rows + cols, 8, (rows + cols) / lanes);
  put(Action::edge_multiply, rows + cols, 8, (rows + cols) / lanes);
}

void post_training_on_arrays(const ModelShape& model, const ArrayHardware& array, double tokens,
                             cost::Tally& tally) {
  const std::vector<WeightMatrix> matrices = weight_matrices(model);
  const WeightMatrix& pace = slowest(array, matrices);
  const auto logic = tally.component("digital layers"), sequence = tally.component("activations");
  const auto weights_of = [&](const WeightMatrix& m) { return tally.component("weights", m.name); };
  const auto kept_of = [&](const WeightMatrix& m) { return tally.component("activations", m.name); };
  double operations = 0;  // of the digital layers, a token
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
    tally.post(logic, Action::memory_read, {.count = tokens * 2 * model.h()});  // embedding, 2 B a number
  }
  {
    const cost::Tally::Stage stage(tally, "train: backward");
    for (const WeightMatrix& m : matrices) {
      post_matrix_read(array, m.outputs, m.inputs, true, tokens * m.used, serial_reads(m), lanes_of(array, m),
                       weights_of(m), tally);
      post({0, 0, 0, 0, m.outputs * m.used}, tokens, kept_of(m), tally);
      post_way(array, m, m.outputs, tokens, kept_of(m), tally);
    }
    Digital work = times(attention_backward(model, array), layers);
    work += times(norms_backward(model), layers);
    work += bends_backward(bent_elements(model));
    post(work, tokens, logic, tally);
    operations += work.operations();
  }
  tally.hold(logic, cost::Part::edge_lane, std::ceil(operations / edge_steps(array, pace, read_share)));
  const cost::Tally::Stage stage(tally, "train: update");
  double activations = 0;
  for (const WeightMatrix& m : matrices) {
    post_matrix_update(array, m.inputs, m.outputs, tokens * m.used, serial_of(m), lanes_of(array, m),
                       weights_of(m), tally);
    post({0, 0, 0, (m.inputs + m.outputs) * m.used, 0}, tokens, kept_of(m), tally);
    hold_matrices(array, m, weights_of(m), tally);
    activations += m.inputs * m.used;
  }
  activations += 2 * layers * model.g() * model.d();                             // keys and values
  tally.hold(sequence, cost::Part::buffer_bit, activations * word * model.s());  // of one sequence
}

double pulses_per_cell(const ModelShape& model, const ArrayHardware& array, double tokens) {
  double most = 0;
  for (const WeightMatrix& m : weight_matrices(model)) most = std::max(most, m.used / m.held);
  return tokens * most * array.slots * array.row_share * array.col_share;
}

}  // namespace ohmlab::transformer
