// Backpropagation against central finite differences in float64.
#include <cmath>

#include "tests/catch.hpp"
#include "tests/transformer/parts.hpp"

using namespace ohmlab;
using namespace ohmlab::transformer;

namespace {

/// For every tensor, the norm of the difference of both gradients relative to the norm of the
/// numeric one.
template <class Model>
void check_gradients(const Model& model, const typename Model::Batch& batch, std::uint64_t seed) {
  const Layout& layout = model.layout();
  RowOf<double> parameters = random_parameters<double>(layout, 0.4F, seed);
  RowOf<double> gradients = RowOf<double>::Zero(layout.size());
  typename Model::Workspace work;
  Meter meter;
  model.prepare(batch.examples(), work);
  constexpr double weight = 0.37;
  const auto loss = [&] {
    return weight *
           model.run(parameters.data(), nullptr, batch, 0, batch.examples(), weight, work, meter)
               .nats;
  };
  static_cast<void>(model.run(parameters.data(), gradients.data(), batch, 0, batch.examples(),
                              weight, work, meter));
  for (const Tensor& tensor : layout.tensors()) {
    double difference = 0, norm = 0;
    for (Index i = tensor.offset; i < tensor.offset + tensor.size(); ++i) {
      const double before = parameters[i], step = 2e-5;
      // Richardson's extrapolation takes the error of the central difference from step² to step⁴.
      const auto central = [&](double by) {
        parameters[i] = before + by;
        const double above = loss();
        parameters[i] = before - by;
        const double below = loss();
        parameters[i] = before;
        return (above - below) / (2 * by);
      };
      const double numeric = (4 * central(step) - central(2 * step)) / 3;
      difference += std::pow(numeric - gradients[i], 2);
      norm += numeric * numeric;
    }
    CAPTURE(tensor.name, std::sqrt(norm));
    CHECK(norm > 1e-6);
    CHECK(std::sqrt(difference / norm) <= 1e-6);
  }
}

}  // namespace

TEST_CASE("the decoder's gradients are those of finite differences, tensor by tensor") {
  check_gradients(Decoder<double>({.layers = 2, .width = 8, .heads = 2}, 5, 4),
                  random_batch(3, 4, 5, 1), 2);
  check_gradients(Decoder<double>({.layers = 1, .width = 6, .heads = 3}, 3, 7),
                  random_batch(2, 7, 3, 3), 4);
}

TEST_CASE("gradients hold where queries take more than one block") {
  check_gradients(Decoder<double>({.layers = 1, .width = 4, .heads = 2}, 3, 35),
                  random_batch(1, 35, 3, 5), 6);
}

TEST_CASE("the encoder's gradients are those of finite differences, tensor by tensor") {
  check_gradients(Encoder<double>({.layers = 2, .width = 8, .heads = 2}, {4, 6, 2}, 3),
                  random_images(3, 24, 3, 7), 8);
  check_gradients(Encoder<double>({.layers = 1, .width = 4, .heads = 1}, {3, 3, 3}, 2),
                  random_images(5, 9, 2, 9), 10);
}
