#pragma once

#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "../lab/results/to_quality.hpp"

namespace ohmlab::cli {

/// Table of bills to one quality, cheapest at the node first.
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
  /// Order: rows with a node price, then rows with a core price only, then rows without a bill.
  [[nodiscard]] static bool cheaper(const Row& a, const Row& b);
  void print_rows() const;

  std::string goal_;
  std::vector<Row> rows_;
  std::vector<std::string> failed_, unknown_;  ///< lines printed below the table
};

/// Approach of one result to a quality, with the bills at both ends of the bracket. Keys:
/// docs/comparing.md#to-a-quality.
[[nodiscard]] nlohmann::ordered_json quality_json(const results::QualityBill& bill);

}  // namespace ohmlab::cli
