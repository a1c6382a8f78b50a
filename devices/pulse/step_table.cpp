#include "step_table.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>
#include <span>

#include <fmt/format.h>

#include "../../core/errors.hpp"
#include "../../core/text_cells.hpp"

namespace ohmlab::devices {
namespace {

constexpr std::size_t most_values = std::size_t{1} << 24;  // of the grids, 64 MiB
constexpr int most_states = 1025, usual_states = 257;

double below(double z) { return std::erfc(-z / std::numbers::sqrt2) / 2; }

/// The score below which a share of a standard normal lies, by bisection.
double score_of(double share) {
  double low = -40, high = 40;
  for (double middle = 0; low < middle && middle < high; middle = (low + high) / 2) {
    (below(middle) < share ? low : high) = middle;
    if (high - low < 1e-13) break;
  }
  return (low + high) / 2;
}

double grid_score(int j) { return static_cast<double>(j) / StepTable::per_unit - StepTable::reach; }

/// Weights of the scores of the grid in the mean over a standard normal, of a function that is
/// linear between them and constant beyond.
std::array<double, StepTable::scores> mean_weights() {
  std::array<double, StepTable::scores> out{};
  const auto density = [](double z) {
    return std::exp(-z * z / 2) / std::sqrt(2 * std::numbers::pi);
  };
  out.front() = out.back() = below(-StepTable::reach);
  for (std::size_t j = 0; j + 1 < out.size(); ++j) {
    const double a = grid_score(static_cast<int>(j)), b = grid_score(static_cast<int>(j) + 1);
    const double share = below(b) - below(a), moment = density(a) - density(b);
    out[j] += (b * share - moment) / (b - a);
    out[j + 1] += (moment - a * share) / (b - a);
  }
  return out;
}

/// Place of x among rising nodes: the interval, and the share of it that lies below x.
struct Place {
  std::size_t interval;
  double share;
};
Place place_of(std::span<const double> nodes, double x) {
  if (nodes.size() == 1 || x <= nodes.front()) return {0, 0};
  if (x >= nodes.back()) return {nodes.size() - 2, 1};
  const auto above = std::upper_bound(nodes.begin(), nodes.end(), x) - nodes.begin();
  const auto i = static_cast<std::size_t>(above) - 1;
  return {i, (x - nodes[i]) / (nodes[i + 1] - nodes[i])};
}

bool is_regular(std::span<const double> nodes) {
  const double spacing = (nodes.back() - nodes.front()) / static_cast<double>(nodes.size() - 1);
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const double off = nodes[i] - nodes.front() - static_cast<double>(i) * spacing;
    if (std::abs(off) > 1e-6 * spacing) return false;
  }
  return true;
}

/// The steps of one direction of one device, as a file has them.
struct Block {
  bool up = true;
  int line = 0;
  std::vector<double> scores, states;
  std::vector<double> steps;  ///< [state][score]

  [[nodiscard]] double at_score(std::size_t state, double score) const {
    const auto row = std::span(steps).subspan(state * scores.size(), scores.size());
    const auto [j, share] = place_of(scores, score);
    return scores.size() == 1 ? row[0] : row[j] + share * (row[j + 1] - row[j]);
  }
  [[nodiscard]] double at(double w, double score) const {
    const auto [i, share] = place_of(states, w);
    const double here = at_score(i, score);
    return here + share * (at_score(i + 1, score) - here);
  }
};

}  // namespace

/// Reads a table line by line, then puts its blocks on the grids.
class StepTableReader {
 public:
  StepTableReader(const std::string& source, const StepTable::Scale& scale)
      : where_{source, 0}, scale_(scale) {}

  void read(std::string_view text) {
    for (std::size_t begin = 0; begin < text.size();) {
      const std::size_t end = std::min(text.find('\n', begin), text.size());
      ++where_.line;
      std::string_view line = text.substr(begin, end - begin);
      line = line.substr(0, line.find('#'));
      if (line.find_first_not_of(" \t\r") != std::string_view::npos) take(core::cells_of(line));
      begin = end + 1;
    }
    check_end();
  }

  [[nodiscard]] std::shared_ptr<const StepTable> table() const {
    auto out = std::make_shared<StepTable>();
    const std::vector<double>& states = blocks_.front().states;
    const bool same = std::all_of(blocks_.begin(), blocks_.end(),
                                  [&](const Block& block) { return block.states == states; });
    const bool kept = same && is_regular(states) && states.size() <= most_states;
    out->states_ = kept ? static_cast<int>(states.size()) : usual_states;
    out->devices_ = static_cast<int>(blocks_.size() / 2);
    out->low_ = states.front();
    out->high_ = states.back();
    const auto values = blocks_.size() * static_cast<std::size_t>(out->states_ * StepTable::scores);
    if (values > most_values) {
      throw core::UserError(
          {where_.source, 0}, "", "",
          fmt::format("expected at most {} devices", most_values * blocks_.size() / values / 2));
    }
    const double spacing = (out->high_ - out->low_) / (out->states_ - 1);
    for (const Block& block : blocks_) {
      for (int i = 0; i < out->states_; ++i) {
        const double w = i + 1 < out->states_ ? out->low_ + i * spacing : out->high_;
        for (int j = 0; j < StepTable::scores; ++j)
          out->values_.push_back(static_cast<float>(block.at(w, grid_score(j))));
      }
    }
    out->finish();
    check_steps(*out);
    return out;
  }

 private:
  [[noreturn]] void fail(std::string_view value, const std::string& expected) const {
    throw core::UserError(where_, "", std::string(value), expected);
  }
  [[nodiscard]] double number(std::string_view cell) const {
    const std::optional<double> out = core::finite_number(cell);
    if (!out) fail(fmt::format("\"{}\"", cell), "expected a finite number");
    return *out;
  }
  void take(const std::vector<std::string_view>& cells) {
    if (cells[0] == "up" || cells[0] == "down") return begin_block(cells);
    if (blocks_.empty())
      fail(fmt::format("\"{}\"", cells[0]), R"(expected "up" and quantiles in the first line)");
    add_state(cells);
  }
  void begin_block(const std::vector<std::string_view>& cells) {
    if (!blocks_.empty()) check_block();
    Block block;
    block.up = cells[0] == "up";
    block.line = where_.line;
    if (block.up != (blocks_.size() % 2 == 0))
      fail(fmt::format("\"{}\"", cells[0]), "expected blocks up and down in turn, a pair a device");
    double last = 0;
    for (std::size_t k = 1; k < cells.size(); ++k) {
      const double quantile = number(cells[k]);
      if (quantile <= last || quantile >= 1)
        fail(cells[k], "expected quantiles that rise between 0 and 1");
      block.scores.push_back(score_of(quantile));
      last = quantile;
    }
    if (block.scores.empty()) fail("", "expected quantiles behind the direction");
    blocks_.push_back(std::move(block));
  }
  void add_state(const std::vector<std::string_view>& cells) {
    Block& block = blocks_.back();
    if (cells.size() != block.scores.size() + 1) {
      fail("", fmt::format("expected a state and {} steps, one for each quantile of line {}, found "
                           "{} numbers",
                           block.scores.size(), block.line, cells.size()));
    }
    const double unit = 2 / (scale_.high - scale_.low);
    const double state = (number(cells[0]) - scale_.low) * unit - 1;
    if (!block.states.empty() && state <= block.states.back())
      fail(cells[0], "expected states that rise");
    block.states.push_back(state);
    for (std::size_t k = 1; k < cells.size(); ++k) {
      const double step = number(cells[k]) * unit;
      if (k > 1 && step < block.steps.back())
        fail(cells[k],
             "expected steps that do not fall with the quantile (steps down are negative)");
      block.steps.push_back(step);
    }
  }
  void check_block() const {
    const Block& block = blocks_.back();
    if (block.states.size() < 2)
      fail("", fmt::format("expected at least two states in the block of line {}", block.line));
    const Block& first = blocks_.front();
    const double tolerance = 1e-9 * (first.states.back() - first.states.front());
    if (std::abs(block.states.front() - first.states.front()) > tolerance ||
        std::abs(block.states.back() - first.states.back()) > tolerance) {
      fail("", fmt::format("expected the first and last state of line {} in the block of line {}",
                           first.line, block.line));
    }
  }
  void check_end() const {
    if (blocks_.size() % 2 != 0 || blocks_.empty())
      fail("", "expected a block \"up\" and a block \"down\", found the end of the file");
    check_block();
    const Block& first = blocks_.front();
    if (first.states.front() >= 0 || first.states.back() <= 0)
      fail("", "expected states on both sides of w = 0");
  }
  void check_steps(const StepTable& table) const {
    for (int device = 0; device < table.devices(); ++device) {
      for (const bool up : {true, false}) {
        const double mean = table.mean(device, 0, up);
        if (up ? mean > 0 : mean < 0) continue;
        const auto block = static_cast<std::size_t>(2 * device + (up ? 0 : 1));
        throw core::UserError({where_.source, blocks_[block].line}, "", "",
                              fmt::format("expected a mean step {} at w = 0, found {:g}",
                                          up ? "above 0" : "below 0", mean));
      }
    }
  }

  core::Location where_;
  StepTable::Scale scale_;
  std::vector<Block> blocks_;
};

void StepTable::finish() {
  first_ = static_cast<float>(low_);
  per_state_ = static_cast<float>((states_ - 1) / (high_ - low_));
  const auto weights = mean_weights();
  for (std::size_t row = 0; row * scores < values_.size(); ++row) {
    const auto steps = std::span(values_).subspan(row * scores, scores);
    double mean = 0;
    for (std::size_t j = 0; j < scores; ++j) mean += weights[j] * static_cast<double>(steps[j]);
    means_.push_back(mean);
    noisy_ = noisy_ || steps.front() != steps.back();
  }
  for (int device = 0; device < devices_; ++device) {
    granularity_ += (mean(device, 0, true) - mean(device, 0, false)) / (2 * devices_);
    if (device > 0)
      choices_.push_back(static_cast<float>(score_of(static_cast<double>(device) / devices_)));
  }
}

double StepTable::mean(int device, double w, bool up) const noexcept {
  const double place = std::clamp((w - low_) / (high_ - low_), 0.0, 1.0) * (states_ - 1);
  const int i = std::min(static_cast<int>(place), states_ - 2);
  const double* row = means_.data() + (2 * device + (up ? 0 : 1)) * states_ + i;
  return row[0] + (place - i) * (row[1] - row[0]);
}

std::shared_ptr<const StepTable> StepTable::parse(std::string_view text, const std::string& source,
                                                  const Scale& scale) {
  StepTableReader reader(source, scale);
  reader.read(text);
  return reader.table();
}

std::shared_ptr<const StepTable> StepTable::example() {
  static const std::shared_ptr<const StepTable> table = parse(
      "up, 0.001, 0.999\n -1, 0.01, 0.029\n 1, -0.008, 0.0085\n"
      "down, 0.001, 0.999\n -1, -0.0085, 0.008\n 1, -0.029, -0.01\n",
      "the example of a step table", {});
  return table;
}

}  // namespace ohmlab::devices
