#include "adamw.hpp"

#include <algorithm>
#include <vector>

#include "../core/parallel.hpp"

namespace ohmlab::transformer {
namespace {

constexpr Index block = 4096;

}  // namespace

template <class T>
double global_norm(const RowOf<T>& gradients) {
  std::vector<double> sums(static_cast<std::size_t>((gradients.size() + block - 1) / block));
  core::for_slices(gradients.size(), block, 1, [&](Index begin, Index end) noexcept {
    sums[static_cast<std::size_t>(begin / block)] =
        gradients.segment(begin, end - begin).template cast<double>().squaredNorm();
  });
  double sum = 0;
  for (const double part : sums) sum += part;
  return std::sqrt(sum);
}

template <class T>
void update(const AdamW& adamw, double rate, const Layout& layout, const RowOf<T>& gradients,
            Moments<T>& moments, RowOf<T>& parameters, Meter& meter) {
  const double norm = adamw.clip > 0 ? global_norm(gradients) : 0;
  const bool clips = adamw.clip > 0 && norm > adamw.clip;
  const T share = static_cast<T>(clips ? adamw.clip / norm : 1);
  const auto t = static_cast<double>(++moments.updates);
  const double bias_1 = 1 - std::pow(adamw.beta_1, t),
               root_2 = std::sqrt(1 - std::pow(adamw.beta_2, t));
  const T b1 = static_cast<T>(adamw.beta_1), b2 = static_cast<T>(adamw.beta_2),
          c1 = static_cast<T>(1 - adamw.beta_1), c2 = static_cast<T>(1 - adamw.beta_2),
          step = static_cast<T>(rate * root_2 / bias_1),
          epsilon = static_cast<T>(adamw.epsilon * root_2);
  for (const Tensor& tensor : layout.tensors()) {
    const T kept = static_cast<T>(tensor.decays() ? 1 - rate * adamw.decay : 1);
    core::for_slices(tensor.size(), block, 4, [&](Index begin, Index end) noexcept {
      const Index first = tensor.offset + begin, count = end - begin;
      const auto g = gradients.segment(first, count).array() * share;
      auto m = moments.mean.segment(first, count).array(),
           v = moments.square.segment(first, count).array(),
           p = parameters.segment(first, count).array();
      m = b1 * m + c1 * g;
      v = b2 * v + c2 * g * g;
      p = kept * p - step * m / (v.sqrt() + epsilon);
    });
  }
  const auto n = static_cast<double>(layout.count());
  meter.add(Pass::update, Part::optimizer, OperationsEach::adamw * n, 4 * n, 3 * n);
  if (adamw.clip > 0) meter.add(Pass::update, Part::optimizer, OperationsEach::clip * n, n, 0);
}

template double global_norm(const RowOf<float>&);
template double global_norm(const RowOf<double>&);
template void update(const AdamW&, double, const Layout&, const RowOf<float>&, Moments<float>&,
                     RowOf<float>&, Meter&);
template void update(const AdamW&, double, const Layout&, const RowOf<double>&, Moments<double>&,
                     RowOf<double>&, Meter&);

}  // namespace ohmlab::transformer
