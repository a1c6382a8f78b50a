#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

namespace ohmlab::experiments {

/// Model of a running text by counts of tokens after the last `order` tokens; a transformer must
/// beat it. Rare contexts fall back on shorter ones, down to equal chances for every token:
///
///     p(t | c) = (n(c, t) + u(c) p(t | c without its oldest token)) / (n(c) + u(c)),
///
/// n(c) the times c was seen, u(c) the number of different tokens after it.
/// Source: interpolated method C of Witten, Bell, "The zero-frequency problem", IEEE Trans. Inf.
/// Theory 37, 1085 (1991), doi:10.1109/18.87000. It has no number to tune: nothing is chosen on a
/// test.
class ContextModel {
 public:
  /// \param order       0 to 4
  /// \param vocabulary  number of tokens; at most 256
  ContextModel(std::int64_t order, std::int64_t vocabulary);

  void learn(std::span<const std::int32_t> text);

  /// Mean -ln p of all tokens of a text but the first, each given up to `order` tokens before it;
  /// nats.
  [[nodiscard]] double cross_entropy(std::span<const std::int32_t> text) const;

  /// p of a token after `context`, whose newest token is last.
  [[nodiscard]] double probability(std::span<const std::int32_t> context, std::int32_t token) const;

 private:
  struct Seen {
    double all = 0, different = 0;
    std::unordered_map<std::int32_t, double> after;
  };
  std::size_t order_;
  double vocabulary_;
  std::vector<std::unordered_map<std::uint64_t, Seen>> seen_;  ///< counts by length of the context
};

}  // namespace ohmlab::experiments
