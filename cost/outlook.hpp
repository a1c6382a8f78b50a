#pragma once

#include <map>
#include <string>
#include <vector>

#include "draws.hpp"

namespace ohmlab::cost {

/// Draws of uncertain factors by name. A name has the same draws wherever it appears, so shared
/// uncertainty cancels in ratios, as on bills.
class Outlook {
 public:
  explicit Outlook(const DrawOptions& options) : options_(options) {}

  /// median · exp(sigma ξ) under every draw of `name`.
  [[nodiscard]] Draws factor(const std::string& name, double median, double sigma);
  template <class Q>
  [[nodiscard]] Draws factor(const std::string& name, const Q& quoted) {
    return factor(name, quoted.median, quoted.sigma());
  }
  [[nodiscard]] Draws exact(double value) const;

 private:
  DrawOptions options_;
  std::map<std::string, std::vector<double>> known_;
};

}  // namespace ohmlab::cost
