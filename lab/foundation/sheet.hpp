#pragma once

#include <cmath>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "../../cost/draws.hpp"
#include "../results/result.hpp"

namespace ohmlab::foundation {

/// Fills a labelled group and writes its report.
class Sheet {
 public:
  explicit Sheet(std::string name) { group_.name = std::move(name); }

  void axis(results::Axis axis) { group_.axes.push_back(std::move(axis)); }
  void cube(results::Cube cube) { group_.cubes.push_back(std::move(cube)); }
  enum class Gaps { none, some };
  /// Adds three cubes: the median and its 5th and 95th percentile. With gaps, NaN marks a missing
  /// or infinite value.
  void bands(const std::string& name, const std::vector<std::string>& dims,
             const std::vector<cost::Band>& bands, const std::string& unit,
             const std::string& meaning, Gaps gaps = Gaps::none) {
    const auto put = [&](const char* suffix, const char* which, double cost::Band::* member) {
      results::Cube out{name + suffix, dims, {}, {}, unit, meaning + which, gaps == Gaps::some};
      for (const cost::Band& band : bands) {
        const double value = band.*member;
        out.values.push_back(gaps == Gaps::some && std::isinf(value) ? std::nan("") : value);
      }
      group_.cubes.push_back(std::move(out));
    };
    put("", "", &cost::Band::nominal);
    put("_p05", ", 5th percentile", &cost::Band::p05);
    put("_p95", ", 95th percentile", &cost::Band::p95);
  }

  template <class... Arguments>
  void say(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
    fmt::format_to(std::back_inserter(group_.report), format,
                   std::forward<Arguments>(arguments)...);
    group_.report += '\n';
  }
  /// Adds a table to the report; columns are as wide as their longest cell.
  void table(const std::vector<std::string>& head,
             const std::vector<std::vector<std::string>>& rows);

  [[nodiscard]] results::LabelledGroup finished() { return std::move(group_); }

 private:
  results::LabelledGroup group_;
};

/// "2410 [1100 to 5000]", or "2410" for a certain value.
[[nodiscard]] std::string text_of(const cost::Band& band, double scale = 1);
/// A size as text: "7 B", "10 T".
[[nodiscard]] std::string size_text(double parameters);

}  // namespace ohmlab::foundation
