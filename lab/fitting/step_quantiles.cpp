#include "step_quantiles.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "../../core/units.hpp"
#include "../../devices/pulse/measured_table.hpp"

namespace ohmlab::fitting {
namespace {

constexpr std::array<double, 7> shares{0.02, 0.1, 0.25, 0.5, 0.75, 0.9, 0.98};

/// The mean steps and noises of a table.
class TableLaw final : public Law {
 public:
  explicit TableLaw(std::shared_ptr<const devices::StepTable> table) : table_(std::move(table)) {}
  [[nodiscard]] std::string_view kind() const override { return devices::MeasuredTable::name; }
  [[nodiscard]] std::unique_ptr<Law> copy() const override {
    return std::make_unique<TableLaw>(*this);
  }
  [[nodiscard]] std::pair<double, double> range() const override {
    return {table_->low(), table_->high()};
  }
  [[nodiscard]] int noise_laws() const override { return 1; }
  [[nodiscard]] std::string noise_law_name(int) const override { return "quantiles"; }
  void set_noise_law(int) override {}
  [[nodiscard]] std::string_view noise_key() const override { return {}; }
  void set_noise(double) override {}
  [[nodiscard]] double noise() const override { return 0; }
  void set(std::span<const double>) override {}
  [[nodiscard]] double step(double w, bool up) const override {
    const double to = w + table_->mean(0, w, up);
    return std::clamp(to, std::min(table_->low(), w), std::max(table_->high(), w)) - w;
  }
  [[nodiscard]] double step_noise(double w, bool up) const override {
    const auto at = static_cast<float>(w);
    return static_cast<double>(table_->step<float>(0, at, up, 1) -
                               table_->step<float>(0, at, up, -1)) /
           2;
  }
  [[nodiscard]] std::optional<SpreadKey> spread_key(const std::string&) const override {
    return std::nullopt;
  }
  [[nodiscard]] core::Node node() const override { return {}; }

 private:
  std::shared_ptr<const devices::StepTable> table_;
};

/// What increments differ from mean steps by, around one node, and the filter's scores there.
struct Around {
  std::vector<double> left;
  double squares = 0;  ///< of scores

  [[nodiscard]] double deviation() const {
    double sum = 0;
    for (const double x : left) sum += x * x;
    return std::sqrt(sum / static_cast<double>(std::max<std::size_t>(left.size(), 1)));
  }
  /// Noise here over that of the law that the filter uses.
  [[nodiscard]] double factor() const {
    if (left.size() < 10) return 1;
    return std::sqrt(std::clamp(squares / static_cast<double>(left.size()), 0.1, 10.0));
  }
};

/// Quantiles of all that is left in units of its own deviation, centred.
std::array<double, shares.size()> shape_of(const std::vector<Around>& nodes) {
  std::vector<double> all;
  for (const Around& node : nodes) {
    const double scale = node.deviation();
    for (const double x : node.left)
      if (scale > 0) all.push_back(x / scale);
  }
  std::array<double, shares.size()> out{};
  if (all.empty()) return out;
  std::sort(all.begin(), all.end());
  for (std::size_t i = 0; i < shares.size(); ++i)
    out[i] = all[static_cast<std::size_t>(shares[i] * static_cast<double>(all.size() - 1) + 0.5)];
  return out;
}

std::string block(const FittedLaw& law, const FitData& data, bool up) {
  const auto count = static_cast<std::size_t>(data.seen.nodes);
  const auto [low, high] = law.law->range();
  std::vector<Around> nodes(count);
  for (const Ramp* ramp : data.ramps) {
    const Trace trace = follow(*law.law, *ramp, law.reads);
    for (std::size_t k = 1; k < ramp->reads.size(); ++k) {
      if (ramp->sign[k] != (up ? 1 : -1) || std::isnan(ramp->reads[k] + ramp->reads[k - 1]) ||
          trace.deviation[k] == 0 || std::abs(trace.score(*ramp, k)) > 2 * data.outlier)
        continue;
      const double w = trace.state[k - 1];
      const double place = (w - low) / (high - low) * static_cast<double>(count - 1);
      const auto i =
          static_cast<std::size_t>(std::clamp(place + 0.5, 0.0, static_cast<double>(count - 1)));
      nodes[i].left.push_back(ramp->reads[k] - ramp->reads[k - 1] - law.law->step(w, up));
      nodes[i].squares += std::pow(trace.score(*ramp, k), 2);
    }
  }
  const auto shape = shape_of(nodes);
  const core::Node entry = law.law->node();
  const double unit = std::get<double>(entry.find("dw_min")->value);
  std::string out = up ? "up" : "down";
  for (const double share : shares) out += ", " + core::shortest(share);
  out += '\n';
  for (std::size_t i = 0; i < count; ++i) {
    const double w = low + (high - low) * static_cast<double>(i) / static_cast<double>(count - 1);
    const double mean = (up ? 1 : -1) * unit * law.values[up ? i : count + i];
    const double inside = std::clamp(w, low + 0.01 * (high - low), high - 0.01 * (high - low));
    const double scale = nodes[i].factor() * law.law->step_noise(inside, up);
    double centre = 0;  // the mean of the table's law, linear between quantiles
    for (std::size_t q = 0; q + 1 < shares.size(); ++q)
      centre += (shares[q + 1] - shares[q]) * (shape[q] + shape[q + 1]) / 2;
    centre += shares.front() * shape.front() + (1 - shares.back()) * shape.back();
    out += core::shortest(w);
    for (const double z : shape) out += fmt::format(", {:.6g}", mean + scale * (z - centre));
    out += '\n';
  }
  return out;
}

}  // namespace

MeasuredSteps measured_steps(const FittedLaw& piecewise, const FitData& data) {
  MeasuredSteps out;
  out.text = "# steps of w by state and quantile, as fitted by ohmlab\n" +
             block(piecewise, data, true) + block(piecewise, data, false);
  out.law = std::make_unique<TableLaw>(devices::StepTable::parse(out.text, "measured steps", {}));
  out.numbers = 4 * data.seen.nodes + 2 * static_cast<std::int64_t>(shares.size());
  return out;
}

}  // namespace ohmlab::fitting
