#include "network.hpp"

#include <cassert>
#include <cmath>
#include <utility>

#include "../../core/math.hpp"
#include "../../core/parallel.hpp"
#include "../../core/rng.hpp"
#include "../../cost/stages.hpp"

namespace ohmlab::backprop {
namespace {

using core::Index;
using crossbar::Direction;

constexpr Index batch_slice = 16;  // fixed: results do not depend on the number of threads

/// Calls body(row) for the rows of a batch, on all threads.
template <class Body>
void for_rows(const core::Matrix& batch, const Body& body) {
  core::for_slices(batch.rows(), batch_slice, 8 * static_cast<double>(batch.cols()),
                   [&](Index begin, Index end) noexcept {
    for (Index row = begin; row < end; ++row) body(row);
  });
}

double count_of(const core::ConstRows& numbers) { return static_cast<double>(numbers.size()); }

}  // namespace

Network::Network(Model model, Shape shape, const Place& place, const MakeArray& make)
    : model_(std::move(model)), shape_(std::move(shape)), seed_(place.seed) {
  for (std::size_t l = 0; l < shape_.layers(); ++l) {
    arrays_.push_back(make(shape_.inputs(l) + (bias_cells() ? 1 : 0), shape_.outputs(l),
                           {.seed = seed_,
                            .layer = static_cast<std::uint32_t>(l),
                            .name = fmt::format("weights {}", l + 1),
                            .tally = &place.tally}));
    if (!bias_cells()) biases_.emplace_back(core::Vector::Zero(shape_.outputs(l)));
  }
}

void Network::initialise() {
  const cost::Tally::Stage stage(arrays_[0]->edge().tally(), cost::start_stage);
  for (std::size_t l = 0; l < arrays_.size(); ++l) {
    const Index inputs = shape_.inputs(l), outputs = shape_.outputs(l);
    core::Matrix start(inputs, outputs);
    core::fill_uniform(
        core::stream(seed_, core::StreamId::weight_init, static_cast<std::uint32_t>(l)), 0, 0,
        {start.data(), static_cast<std::size_t>(start.size())});
    const double span = model_.weight_span / std::sqrt(static_cast<double>(inputs));
    start = (2 * start.array() - 1) * static_cast<float>(span / model_.scale(l));
    if (bias_cells()) {
      start.conservativeResize(inputs + 1, outputs);
      start.row(inputs).setZero();
    } else {
      biases_[l].setZero();
    }
    arrays_[l]->program(start);
  }
}

void Network::forward(const core::ConstRows& inputs, double input_bits, Signals& out) {
  out.inputs.resize(arrays_.size());
  core::Matrix fields = inputs;
  for (std::size_t l = 0; l < arrays_.size(); ++l) {
    core::Matrix& driving = out.inputs[l];
    driving = std::move(fields);
    if (bias_cells()) {
      driving.conservativeResize(driving.rows(), driving.cols() + 1);
      driving.rightCols(1).setOnes();
    }
    fields.resize(inputs.rows(), shape_.outputs(l));
    drives_from_buffer(l, static_cast<double>(inputs.rows() * shape_.inputs(l)),
                       l == 0 ? input_bits : word_bits);
    read(Direction::to_cols, l, driving, fields);
    activate(l, fields);
  }
  softmax(fields);
  out.outputs = std::move(fields);
}

/// Turns products into the values of hidden neurons, or into the fields of the output.
void Network::activate(std::size_t layer, core::Matrix& fields) {
  cost::Edge& edge = arrays_[layer]->edge();
  const cost::Tally::Component neurons = component(layer, "neurons");
  const double numbers = count_of(fields);
  if (!bias_cells()) {
    for_rows(fields, [&](Index row) { fields.row(row) += biases_[layer]; });
    edge.adds(neurons, numbers, word_bits);
  }
  edge.buffers(neurons, numbers, numbers, word_bits);
  if (layer + 1 == arrays_.size()) return;
  model_.activation.visit([&]<class F>(const F&) {
    for_rows(fields, [&](Index row) {
      float* value = fields.row(row).data();
      for (Index j = 0; j < fields.cols(); ++j) value[j] = F::value(value[j]);
    });
    post(edge, neurons, F::value_work, numbers);
  });
}

/// p_j = exp(z_j - max z) / Σ exp(z - max z). The loss itself is not needed to learn, and not
/// billed.
void Network::softmax(core::Matrix& fields) {
  for_rows(fields, [&](Index row) {
    float* z = fields.row(row).data();
    const float most = fields.row(row).maxCoeff();
    float sum = 0;
    for (Index j = 0; j < fields.cols(); ++j) {
      z[j] = core::exp(z[j] - most);
      sum += z[j];
    }
    for (Index j = 0; j < fields.cols(); ++j) z[j] /= sum;
  });
  cost::Edge& edge = arrays_.back()->edge();
  const cost::Tally::Component neurons = component(arrays_.size() - 1, "neurons");
  // Of a number: comparison, subtraction, exponential, sum, product. Of a vector: a reciprocal.
  post(edge, neurons, {.sigmoids = 1, .adds = 3, .multiplies = 1}, count_of(fields));
  post(edge, neurons, {.sigmoids = 1}, static_cast<double>(fields.rows()));
}

void Network::backward(const core::Matrix& targets, Signals& signals) {
  assert(targets.rows() == signals.outputs.rows() && targets.cols() == signals.outputs.cols());
  const std::size_t last = arrays_.size() - 1;
  const auto vectors = static_cast<double>(targets.rows());
  signals.errors.resize(arrays_.size());
  signals.errors[last] = signals.outputs - targets;
  {
    cost::Edge& edge = arrays_[last]->edge();
    const cost::Tally::Component errors = component(last, "errors");
    edge.adds(errors, vectors, word_bits);  // only the likelihood of the label changes
    edge.buffers(errors, vectors, vectors, word_bits);
    edge.buffers(errors, vectors, 0, label_bits);
  }
  for (std::size_t l = last; l > 0; --l) {
    core::Matrix& errors = signals.errors[l - 1];
    errors.resize(targets.rows(), shape_.inputs(l));
    drives_from_buffer(l, count_of(signals.errors[l]), word_bits);
    read(Direction::to_rows, l, signals.errors[l], errors);
    const core::Matrix& values = signals.inputs[l];
    const double numbers = count_of(errors);
    cost::Edge& edge = arrays_[l]->edge();
    const cost::Tally::Component neurons = component(l - 1, "errors");
    model_.activation.visit([&]<class F>(const F&) {
      for_rows(errors, [&](Index row) {
        float* error = errors.row(row).data();
        const float* value = values.row(row).data();
        for (Index j = 0; j < errors.cols(); ++j) error[j] *= F::slope(value[j]);
      });
      post(edge, neurons, F::slope_work, numbers);
    });
    edge.buffers(neurons, 2 * numbers, numbers, word_bits);  // product and value in, error out
  }
}

void Network::update(const Signals& signals, double input_bits, double rate) {
  for (std::size_t l = 0; l < arrays_.size(); ++l) {
    const core::Matrix& errors = signals.errors[l];
    drives_from_buffer(l, static_cast<double>(errors.rows() * shape_.inputs(l)),
                       l == 0 ? input_bits : word_bits);
    drives_from_buffer(l, count_of(errors), word_bits);
    arrays_[l]->update(signals.inputs[l], errors, -rate / model_.scale(l));
    if (bias_cells()) continue;
    biases_[l] -= static_cast<float>(rate) * errors.colwise().sum();
    const auto units = static_cast<double>(errors.cols());
    cost::Edge& edge = arrays_[l]->edge();
    const cost::Tally::Component biases = edge.tally().component("biases");
    edge.adds(biases, count_of(errors), word_bits);
    edge.multiplies(biases, units, word_bits);
    edge.buffers(biases, units, units, word_bits);
  }
}

/// Reads one array, with the scalings of the model. Towards the rows, the row of biases is not
/// read.
void Network::read(Direction direction, std::size_t layer, const core::ConstRows& x, core::Rows y) {
  crossbar::Array& array = *arrays_[layer];
  const bool forward = direction == Direction::to_cols;
  const bool scales = (forward ? model_.input_scaling : model_.error_scaling) == Scaling::maximum;
  const auto factor = static_cast<float>(model_.scale(layer));
  core::Matrix scaled;
  core::Vector most;
  if (scales) {
    scaled = x;
    most.resize(x.rows());
    for_rows(scaled, [&](Index row) {
      const float largest = scaled.row(row).cwiseAbs().maxCoeff();
      most[row] = largest > 0 ? largest : 1;
      scaled.row(row) /= most[row];
    });
  }
  array.read(direction, scales ? core::ConstRows(scaled) : x, y, {0, y.cols()});
  if (scales) {
    for (Index row = 0; row < y.rows(); ++row) y.row(row) *= most[row] * factor;
  } else if (factor != 1) {
    y *= factor;
  }
  const auto vectors = static_cast<double>(x.rows());
  const std::size_t to = forward ? layer : layer - 1;
  const cost::Tally::Component neurons = component(to, forward ? "neurons" : "errors");
  if (scales) {
    // Of an input: comparison and product. Of a vector: a reciprocal, and the product of factors.
    post(array.edge(), neurons, {.adds = 1, .multiplies = 1}, count_of(x));
    post(array.edge(), neurons, {.sigmoids = 1, .multiplies = factor != 1 ? 1.0 : 0.0}, vectors);
  }
  if (scales || factor != 1)
    post(array.edge(), neurons, {.multiplies = 1}, vectors * static_cast<double>(y.cols()));
}

/// Posts the words that drive the lines of an array. Products and updates of digital machines post
/// their own.
void Network::drives_from_buffer(std::size_t layer, double words, double bits) {
  cost::Edge& edge = arrays_[layer]->edge();
  if (edge.machine() == cost::Machine::array)
    edge.buffers(edge.tally().component("activities"), words, 0, bits);
}

cost::Tally::Component Network::component(std::size_t layer, const char* suffix) {
  return arrays_[layer]->edge().tally().component(fmt::format("{} {}", shape_.name(layer), suffix));
}

Parameters Network::parameters() const {
  Parameters out{model_, {}, {}};
  for (std::size_t l = 0; l < arrays_.size(); ++l) {
    const core::MatrixD weights = model_.scale(l) * arrays_[l]->weights();
    out.weights.emplace_back(weights.topRows(shape_.inputs(l)));
    out.biases.emplace_back(bias_cells() ? core::VectorD(weights.bottomRows(1))
                                         : core::VectorD(biases_[l].cast<double>()));
  }
  return out;
}

std::vector<crossbar::Figure> Network::figures() const {
  std::vector<std::vector<crossbar::Figure>> each;
  for (const auto& array : arrays_) each.push_back(array->figures());
  return crossbar::together(each);
}

void Network::state(core::Archive& archive) {
  for (std::size_t l = 0; l < biases_.size(); ++l)
    archive.item(fmt::format("bias{}", l), biases_[l]);
  for (std::size_t l = 0; l < arrays_.size(); ++l) {
    const core::Archive::Part part(archive, fmt::format("weights{}", l));
    arrays_[l]->state(archive);
  }
}

}  // namespace ohmlab::backprop
