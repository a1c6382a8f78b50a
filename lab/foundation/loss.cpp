#include <cmath>

#include "../../cost/scaling.hpp"
#include "sections.hpp"

/// Equal loss: the cost of other ways to the law's own loss.
namespace ohmlab::foundation {

void add_equal_loss(const Foundation& of, Sheet& sheet) {
  const Settings& c = of.config;
  const EqualLoss& how = c.equal_loss;
  const cost::LossFit fit = how.law.fit();
  cost::Outlook outlook = of.outlook();
  const std::vector<cost::LossConstants> constants = fit.draws(outlook);
  const cost::Draws exponent = outlook.factor("expert exponent", how.expert_exponent),
                    gating = outlook.factor("law gating", c.law.gating);
  /// A figure at the best constants and under every draw of them.
  const auto over_draws = [&](const auto& figure) {
    cost::Draws out{figure(fit.best, exponent.nominal, gating.nominal), {}};
    for (std::size_t i = 0; i < constants.size(); ++i) {
      out.values.push_back(figure(constants[i], exponent.values[i], gating.values[i]));
    }
    return out;
  };

  const std::vector<std::string> ways{
      "dense, tokens of the law", "dense, compute-optimal",
      fmt::format("dense, {:g} times smaller, trained longer", how.overtrained),
      fmt::format("experts, K = {:g}", how.sparsity)};
  sheet.axis({"way", {}, ways, "", "how the loss is reached"});
  std::vector<cost::Band> losses, tokens, ratios;
  std::vector<std::vector<std::string>> rows;
  for (const double p : c.parameters) {
    const double own_tokens = c.law.tokens_per_param * p, c0 = c.law.c0;
    const auto loss = [&](const cost::LossConstants& k) { return k.loss(p, own_tokens); };
    const double dense = cost::training_flops(p, own_tokens, c0);
    losses.push_back(over_draws([&](const auto& k, double, double) { return loss(k); }).band());
    const std::vector<cost::Draws> needed{
        over_draws([&](const auto&, double, double) { return own_tokens; }),
        over_draws([&](const auto& k, double, double) {
      const double flops = k.flops_for(loss(k), c0);
      return flops / c0 / k.optimal_parameters(flops, c0);
    }),
        over_draws([&](const auto& k, double, double) {
      return k.tokens_for(loss(k), p / how.overtrained);
    }),
        over_draws([&](const auto& k, double e, double) {
      return k.tokens_for(loss(k), p / std::pow(how.sparsity, e));
    })};
    const std::vector<cost::Draws> flops{
        over_draws([&](const auto&, double, double) { return dense; }),
        over_draws([&](const auto& k, double, double) { return k.flops_for(loss(k), c0); }),
        needed[2] * (c0 * p / how.overtrained), over_draws([&](const auto& k, double e, double g) {
      return cost::mixture_flops(p, k.tokens_for(loss(k), p / std::pow(how.sparsity, e)),
                                 how.sparsity, how.sparsity > 1 ? g : 0, c0);
    })};
    for (std::size_t w = 0; w < ways.size(); ++w) {
      tokens.push_back(needed[w].band());
      ratios.push_back((flops[w] * (1 / dense)).band());
      rows.push_back({w == 0 ? size_text(p) : "", w == 0 ? text_of(losses.back()) : "", ways[w],
                      text_of(tokens.back()), text_of(ratios.back())});
    }
  }
  const std::vector<std::string> dims{"parameters", "way"};
  sheet.bands("loss", {"parameters"}, losses, "nat",
              "loss a token of a dense model on the law's tokens");
  sheet.bands("equal_loss_tokens", dims, tokens, "1", "tokens to the same loss, NaN: never",
              Sheet::Gaps::some);
  sheet.bands("equal_loss_flops", dims, ratios, "1",
              "operations to the same loss over those of the law, NaN: never", Sheet::Gaps::some);
  sheet.say(
      "\nEqual loss by the law \"{}\" (fitted on 70 M to 16 B parameters: beyond, EXTRAPOLATION). "
      "Never reached in a draw: inf.",
      how.law.kind());
  sheet.table({"size", "loss, nat/token", "way", "tokens", "FLOP / law's"}, rows);
}

}  // namespace ohmlab::foundation
