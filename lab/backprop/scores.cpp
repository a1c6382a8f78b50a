#include "scores.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "../../core/parallel.hpp"

namespace ohmlab::backprop {
namespace {

using core::Index;

constexpr Index batch_slice = 64;  // fixed: results do not depend on the number of threads

/// Fields of the output, in float64.
core::MatrixD fields_of(const Parameters& parameters, const core::ConstRows& inputs) {
  core::MatrixD values = inputs.cast<double>();
  for (std::size_t l = 0; l < parameters.weights.size(); ++l) {
    core::MatrixD fields = values * parameters.weights[l];
    fields.rowwise() += parameters.biases[l];
    values = std::move(fields);
    if (l + 1 == parameters.weights.size()) break;
    parameters.model.activation.visit([&]<class F>(const F&) {
      values = values.unaryExpr([](double z) { return F::value(z); }).eval();
    });
  }
  return values;
}

/// Score of one example. p is its label's share of the sum of exponentials.
template <class Row>
Score score_of(const Row& fields, Index label) {
  Index likeliest = 0;
  const auto most = static_cast<double>(fields.maxCoeff(&likeliest));
  double sum = 0;
  for (Index j = 0; j < fields.size(); ++j) sum += std::exp(static_cast<double>(fields[j]) - most);
  return {likeliest == label ? 0.0 : 1.0,
          std::log(sum) - (static_cast<double>(fields[label]) - most)};
}

Score mean_of(const std::vector<Score>& each) {
  Score sum;
  for (const Score& one : each) {
    sum.error += one.error;
    sum.cross_entropy += one.cross_entropy;
  }
  const auto n = static_cast<double>(each.size());
  return {sum.error / n, sum.cross_entropy / n};
}

/// Restores a network and its tally at the end of its scope.
class Untouched {
 public:
  explicit Untouched(Network& network) : network_(network) { pass(before_); }
  ~Untouched() {
    core::Archive again(before_.items());
    pass(again);
  }
  Untouched(const Untouched&) = delete;
  Untouched& operator=(const Untouched&) = delete;

 private:
  void pass(core::Archive& archive) {
    network_.state(archive);
    network_.array(0).edge().tally().state(archive);
  }

  Network& network_;
  core::Archive before_;
};

}  // namespace

Score score(const Parameters& parameters, const Labelled& examples) {
  std::vector<Score> each(examples.labels.size());
  double products = 0;
  for (const core::MatrixD& weights : parameters.weights)
    products += static_cast<double>(weights.size());
  core::for_slices(examples.inputs.rows(), batch_slice, products,
                   [&](Index begin, Index end) noexcept {
    const core::MatrixD fields =
        fields_of(parameters, examples.inputs.middleRows(begin, end - begin));
    for (Index row = begin; row < end; ++row) {
      const auto at = static_cast<std::size_t>(row);
      each[at] = score_of(fields.row(row - begin), examples.labels[at]);
    }
  });
  return mean_of(each);
}

std::vector<Score> scores_as_read(Network& network, const Labelled& examples, std::int64_t reads) {
  const Untouched untouched(network);
  std::vector<Score> out;
  Signals signals;
  for (std::int64_t read = 0; read < reads; ++read) {
    network.forward(examples.inputs, 1, signals);
    std::vector<Score> each;
    for (Index row = 0; row < signals.outputs.rows(); ++row) {
      const Index label = examples.labels[static_cast<std::size_t>(row)];
      Index likeliest = 0;
      signals.outputs.row(row).maxCoeff(&likeliest);
      const auto p = static_cast<double>(
          std::max(signals.outputs(row, label), std::numeric_limits<float>::min()));
      each.push_back({likeliest == label ? 0.0 : 1.0, -std::log(p)});
    }
    out.push_back(mean_of(each));
  }
  return out;
}

}  // namespace ohmlab::backprop
