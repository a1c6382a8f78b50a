#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>
#include <string_view>

#include "../core/archive.hpp"
#include "../core/fields.hpp"
#include "tensors.hpp"
#include "work.hpp"

namespace ohmlab::transformer {

/// Adam with decoupled weight decay, gradients clipped by their global norm, warm-up and a cosine
/// schedule.
///
///     g ← g · min(1, clip / |g|),  m ← β₁ m + (1-β₁) g,  v ← β₂ v + (1-β₂) g²
///     p ← (1 - η λ) p - η (m / (1-β₁ᵗ)) / (√(v / (1-β₂ᵗ)) + ε),  λ on matrices only
///
/// Sources: Kingma, Ba, arXiv 1412.6980 (2014); Loshchilov, Hutter, "Decoupled weight decay
/// regularization", arXiv 1711.05101 (2019); cosine: arXiv 1608.03983 (2016).
struct AdamW {
  double rate = 1e-3;
  double beta_1 = 0.9, beta_2 = 0.99;
  double epsilon = 1e-8;
  double decay = 0.1;
  double clip = 1;
  std::int64_t warm_up = 100;
  double last = 0.1;
  static constexpr core::Range below_one{.low = 0, .high = 1, .high_open = true};
  static constexpr auto fields = core::Fields{
      core::field("rate", &AdamW::rate, "", core::between(0, 10), "largest learning rate η"),
      core::field("beta_1", &AdamW::beta_1, "", below_one, "β₁, decay rate of the mean gradient"),
      core::field("beta_2", &AdamW::beta_2, "", below_one,
                  "β₂, decay rate of the mean squared gradient"),
      core::field("epsilon", &AdamW::epsilon, "", core::above(0),
                  "ε, added to the root of the mean squared gradient"),
      core::field("decay", &AdamW::decay, "", core::between(0, 100),
                  "decoupled decay λ of matrices; biases and norms have none"),
      core::field("clip", &AdamW::clip, "", core::at_least(0),
                  "largest norm of the whole gradient; 0: any"),
      core::field("warm_up", &AdamW::warm_up, "", core::at_least(0),
                  "updates in which the rate rises in a straight line"),
      core::field("last", &AdamW::last, "", core::fraction,
                  "share of the rate that the cosine ends at"),
  };

  /// Learning rate of update `t` of `total`, counted from 0.
  [[nodiscard]] double rate_at(std::int64_t t, std::int64_t total) const noexcept {
    if (t < warm_up) return rate * static_cast<double>(t + 1) / static_cast<double>(warm_up);
    if (total <= warm_up) return rate;
    const double way = static_cast<double>(t - warm_up) / static_cast<double>(total - warm_up);
    return rate * (last + (1 - last) * 0.5 * (1 + std::cos(std::numbers::pi * std::min(way, 1.0))));
  }
};

/// Moments of the gradients, one value per parameter each.
template <class T>
struct Moments {
  RowOf<T> mean, square;
  std::int64_t updates = 0;

  explicit Moments(Index size) : mean(RowOf<T>::Zero(size)), square(RowOf<T>::Zero(size)) {}
  void state(core::Archive& archive) {
    const core::Archive::Part part(archive, "adamw");
    archive.item("mean", mean);
    archive.item("square", square);
    archive.item("updates", updates);
  }
};

/// Euclidean norm of all gradients, in blocks of a constant size: bitwise equal on any number of
/// threads.
template <class T>
[[nodiscard]] double global_norm(const RowOf<T>& gradients);

/// One update of all parameters of a layout at learning rate `rate`.
template <class T>
void update(const AdamW& adamw, double rate, const Layout& layout, const RowOf<T>& gradients,
            Moments<T>& moments, RowOf<T>& parameters, Meter& meter);

}  // namespace ohmlab::transformer
