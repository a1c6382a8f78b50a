#pragma once

#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "../lab/results/to_quality.hpp"

namespace ohmlab::cli {

/// Bills to one quality beside each other, the cheapest at the node first.
class QualityTable {
 public:
  void add(const std::string& file, const results::QualityBill& bill);
  void print(const std::string& prices) const;

 private:
  struct Row {
    std::string file, title, place, unpriced, at, value, stays;
    std::optional<cost::Draws> core, node, node_before;
    std::string facility, seconds, dollars;
  };
  /// Rows with a node come first, then those with a core alone, then those without a bill.
  [[nodiscard]] static bool cheaper(const Row& a, const Row& b);
  void print_rows() const;

  std::string goal_;
  std::vector<Row> rows_;
  std::vector<std::string> failed_, unknown_;  ///< lines
};

/// One result's way to a quality, with full bills at both ends of the bracket; see docs/prices.md.
[[nodiscard]] nlohmann::ordered_json quality_json(const results::QualityBill& bill);

}  // namespace ohmlab::cli
