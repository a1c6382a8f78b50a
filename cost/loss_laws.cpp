#include "loss_laws.hpp"

#include <algorithm>
#include <vector>

namespace ohmlab::cost {

double LossConstants::flops_for(double wanted, double c0) const {
  if (wanted <= e) return std::numeric_limits<double>::infinity();
  const auto loss_at = [&](double log_flops) {
    const double flops = std::exp(log_flops), parameters = optimal_parameters(flops, c0);
    return loss(parameters, flops / c0 / parameters);
  };
  double low = 0, high = 400;  // ln of operations: from one to more than any run
  if (loss_at(high) > wanted) return std::numeric_limits<double>::infinity();
  for (int i = 0; i < 200; ++i) {
    const double middle = (low + high) / 2;
    (loss_at(middle) > wanted ? low : high) = middle;
  }
  return std::exp(high);
}

std::vector<LossConstants> LossFit::draws(Outlook& outlook) const {
  // A factor of median 1 and spread 1 is exp(ξ), with ξ standard normal.
  const Draws of_e = outlook.factor("loss e", 1, 1), of_alpha = outlook.factor("loss alpha", 1, 1),
              of_beta = outlook.factor("loss beta", 1, 1);
  std::vector<LossConstants> out;
  for (std::size_t i = 0; i < of_e.values.size(); ++i) {
    LossConstants c = best;
    const auto turned = [](double exponent, double error, double factor) {
      return std::max(0.01, exponent + error * std::log(factor));
    };
    c.e = std::max(0.0, best.e + e_error * std::log(of_e.values[i]));
    c.alpha = turned(best.alpha, alpha_error, of_alpha.values[i]);
    c.beta = turned(best.beta, beta_error, of_beta.values[i]);
    c.a = best.a * std::pow(pivot_parameters, c.alpha - best.alpha);
    c.b = best.b * std::pow(pivot_tokens, c.beta - best.beta);
    out.push_back(c);
  }
  return out;
}

}  // namespace ohmlab::cost
