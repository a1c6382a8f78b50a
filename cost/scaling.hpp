#pragma once

/// Laws that set the budget of foundation models.
namespace ohmlab::cost {

/// C = C0 · P · T: operations of training a dense model of P parameters on T tokens. C0 = 6 counts
/// two operations a parameter forward and four backward (Kaplan et al., arXiv 2001.08361;
/// Faraboschi et al., arXiv 2404.08811).
[[nodiscard]] constexpr double training_flops(double parameters, double tokens, double c0 = 6) {
  return c0 * parameters * tokens;
}

/// T = r · P tokens; r = 20 is the compute-optimal ratio of Hoffmann et al., arXiv 2203.15556.
[[nodiscard]] constexpr double optimal_tokens(double parameters, double tokens_per_parameter = 20) {
  return tokens_per_parameter * parameters;
}

/// C/K: operations of a mixture of experts with P parameters, of which P/K work on a token. The
/// router, the traffic between experts and their uneven load add a share `gating`. Faraboschi et
/// al., arXiv 2404.08811, name the law and the added load, but give no figure for the latter.
[[nodiscard]] constexpr double mixture_flops(double parameters, double tokens, double sparsity,
                                             double gating = 0, double c0 = 6) {
  return training_flops(parameters, tokens, c0) / sparsity * (1 + gating);
}

}  // namespace ohmlab::cost
