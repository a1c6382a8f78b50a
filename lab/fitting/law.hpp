#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../../core/config.hpp"

namespace ohmlab::fitting {

/// A parameter that a fit moves: a number of a model's field table.
struct FreeParameter {
  std::string name;  ///< key of the field, e.g. "dw_min" or "nodes_up[2]"
  double low = 0, high = 0;
  double start = 0;
};

/// What the data say before any model is fitted.
struct Seen {
  double low = -1, high = 1;                ///< farthest states, without single reads beyond
  double step_up = 0.01, step_down = 0.01;  ///< typical mean steps, both above 0
  std::optional<double> lowest;             ///< the state of no conductance
  int nodes = 6;
};

/// A pulse model whose parameters can be moved. Mean steps and noise are those of the catalogue's
/// own entry; no equation is written again here.
class Law {
 public:
  virtual ~Law() = default;
  [[nodiscard]] virtual std::string_view kind() const = 0;
  [[nodiscard]] virtual std::unique_ptr<Law> copy() const = 0;

  [[nodiscard]] const std::vector<FreeParameter>& free() const noexcept { return free_; }
  /// Vectors of values of the free parameters from which a search may begin.
  [[nodiscard]] const std::vector<std::vector<double>>& starts() const noexcept { return starts_; }
  /// True if bounds of the state are not among the free parameters.
  [[nodiscard]] bool holds_bounds() const {
    for (const FreeParameter& parameter : free_)
      if (parameter.name == "w_max") return false;
    return true;
  }
  /// Lower and upper bound of the state.
  [[nodiscard]] virtual std::pair<double, double> range() const = 0;
  /// Settings of the noise of steps to choose from; at least one. E.g. the key "cycle".
  [[nodiscard]] virtual int noise_laws() const = 0;
  [[nodiscard]] virtual std::string noise_law_name(int number) const = 0;
  virtual void set_noise_law(int number) = 0;
  /// Key of the noise of a step, e.g. "dw_min_std"; "" if the entry has none.
  [[nodiscard]] virtual std::string_view noise_key() const = 0;
  virtual void set_noise(double std) = 0;
  [[nodiscard]] virtual double noise() const = 0;

  virtual void set(std::span<const double> values) = 0;
  /// Mean step of a pulse at w, held within the bounds of the cell.
  [[nodiscard]] virtual double step(double w, bool up) const = 0;
  /// Standard deviation of a step at w.
  [[nodiscard]] virtual double step_noise(double w, bool up) const = 0;

  /// Key of the spread over devices of a parameter and how it is written, or nothing.
  struct SpreadKey {
    std::string key;
    enum class Form { relative, absolute, table } form;
  };
  [[nodiscard]] virtual std::optional<SpreadKey> spread_key(const std::string& name) const = 0;
  /// The entry with all its parameters; spreads over devices are 0.
  [[nodiscard]] virtual core::Node node() const = 0;
  /// Another kind whose mean steps are the same for any value of the parameters; "" if none.
  [[nodiscard]] virtual std::string_view equal_to() const { return {}; }

 protected:
  std::vector<FreeParameter> free_;
  std::vector<std::vector<double>> starts_;
};

/// Kinds of the pulse catalogue that can be fitted, in its order.
[[nodiscard]] const std::vector<std::string_view>& fitted_kinds();

/// \throws core::UserError for a kind that does not exist or cannot be fitted, with the reason
void require_fitted(const std::string& kind);

/// The model of a kind, made ready for the data.
/// \pre `kind` can be fitted and is not "measured_table"
[[nodiscard]] std::unique_ptr<Law> make_law(std::string_view kind, const Seen& seen);

}  // namespace ohmlab::fitting
