#include "law.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <concepts>
#include <type_traits>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "../../core/errors.hpp"
#include "../../core/field_values.hpp"
#include "../../core/suggest.hpp"
#include "../../devices/pulses.hpp"
#include "law_parameters.hpp"

namespace ohmlab::fitting {
namespace {

using core::Type;

/// A number of a record by its key, "nodes_up[2]" for an element of a list; null if there is none.
double* number_of(void* record, const Type& type, std::string_view key) {
  const auto bracket = key.find('[');
  for (const core::TypedField& field : type.fields) {
    if (field.name != key.substr(0, bracket)) continue;
    void* value = field.of(record);
    if (field.type->kind == Type::Kind::number) return static_cast<double*>(value);
    if (field.type->kind != Type::Kind::list || bracket == std::string_view::npos) return nullptr;
    std::size_t index = 0;
    std::from_chars(key.data() + bracket + 1, key.data() + key.size(), index);
    auto& list = *static_cast<std::vector<double>*>(value);
    return index < list.size() ? &list[index] : nullptr;
  }
  return nullptr;
}

const core::TypedField* field_of(const Type& type, std::string_view key) {
  for (const core::TypedField& field : type.fields)
    if (field.name == key) return &field;
  return nullptr;
}

/// All spreads over devices of an entry are set to 0.
void clear_spreads(void* record, const Type& type) {
  for (const core::TypedField& field : type.fields) {
    void* value = field.of(record);
    const bool number = field.type->kind == Type::Kind::number;
    if (number && (field.name.ends_with("_dtod") || field.name == "reference_std" ||
                   field.name == "write_noise_std"))
      *static_cast<double*>(value) = 0;
    if (field.name.ends_with("_spread")) *static_cast<devices::Spread*>(value) = {};
  }
}

template <devices::PulseEntry T>
class LawOf final : public Law {
 public:
  explicit LawOf(const Seen& seen) : seen_(seen) {
    Parameters found;
    clear_spreads(&entry_, type());
    prepare(entry_, seen, found);
    free_ = std::move(found.free);
    starts_ = std::move(found.starts);
    noise_laws_ = std::move(found.noise_laws);
    ties_ = std::move(found.ties);
    if (noise_laws_.empty()) noise_laws_.push_back({"share of the step", "", 0});
    std::vector<double> values;
    for (const FreeParameter& parameter : free_) values.push_back(parameter.start);
    starts_.insert(starts_.begin(), values);
    set(values);
  }
  [[nodiscard]] std::string_view kind() const override { return T::name; }
  [[nodiscard]] std::unique_ptr<Law> copy() const override {
    return std::make_unique<LawOf>(*this);
  }

  [[nodiscard]] std::pair<double, double> range() const override { return T::range(cell_); }
  [[nodiscard]] int noise_laws() const override { return static_cast<int>(noise_laws_.size()); }
  [[nodiscard]] std::string noise_law_name(int number) const override {
    return noise_laws_[static_cast<std::size_t>(number)].name;
  }
  void set_noise_law(int number) override {
    noise_law_ = number;
    const NoiseLaw& law = noise_laws_[static_cast<std::size_t>(number)];
    if (const core::TypedField* field = field_of(type(), law.key)) {
      void* value = field->of(&entry_);
      if (field->type->kind == Type::Kind::choice) {
        field->type->set_integer(value, static_cast<std::int64_t>(law.value));
      } else {
        *static_cast<double*>(value) = law.value;
      }
    }
    draw();
  }
  [[nodiscard]] std::string_view noise_key() const override { return noise_key_of(entry_); }
  void set_noise(double std) override {
    *number_of(&entry_, type(), noise_key()) = std;
    draw();
  }
  [[nodiscard]] double noise() const override {
    return *number_of(const_cast<T*>(&entry_), type(), noise_key());
  }

  void set(std::span<const double> values) override {
    for (std::size_t i = 0; i < free_.size(); ++i)
      *number_of(&entry_, type(), free_[i].name) = values[i];
    for (const Tie& tie : ties_)
      *number_of(&entry_, type(), tie.key) = tie.factor * *number_of(&entry_, type(), tie.to);
    draw();
  }
  [[nodiscard]] double step(double w, bool up) const override {
    return entry_.held(cell_, w, w + entry_.change(cell_, w, up)) - w;
  }
  [[nodiscard]] double step_noise(double w, bool up) const override {
    const auto at = static_cast<float>(w);
    const float middle = entry_.template step<float>(cell_, at, up, 0.0F);
    const float more = entry_.template step<float>(cell_, at, up, 1.0F);
    const float less = entry_.template step<float>(cell_, at, up, -1.0F);
    return static_cast<double>(std::max(std::abs(more - middle), std::abs(less - middle)));
  }

  [[nodiscard]] std::optional<SpreadKey> spread_key(const std::string& name) const override {
    using Form = SpreadKey::Form;
    if (name == "up_down" || name == "gamma_up_down")
      return SpreadKey{name + "_dtod", Form::absolute};
    if (name == "reference_mean") return SpreadKey{"reference_std", Form::absolute};
    if (field_of(type(), name + "_dtod")) return SpreadKey{name + "_dtod", Form::relative};
    if (field_of(type(), name + "_spread")) return SpreadKey{name + "_spread", Form::table};
    return std::nullopt;
  }
  [[nodiscard]] core::Node node() const override { return core::to_node(entry_); }
  [[nodiscard]] std::string_view equal_to() const override { return equal_kind(entry_); }

 private:
  static const Type& type() { return core::type_of<T>(); }
  void draw() {
    cell_ = entry_.template draw<float>(devices::Normals<float>{});
    if (seen_.lowest) T::limit(cell_, static_cast<float>(*seen_.lowest));
  }

  Seen seen_;
  T entry_;
  devices::Columns<float, T::columns> cell_{};
  std::vector<NoiseLaw> noise_laws_;
  std::vector<Tie> ties_;
  int noise_law_ = 0;
};

template <class T>
concept Fitted = requires(T& t, const Seen& seen, Parameters& out) { prepare(t, seen, out); };

/// Why an entry cannot be fitted to reads after identical pulses.
template <class T>
std::string_view refusal() {
  if constexpr (std::same_as<T, devices::IdealPulse>) {
    return "it moves a cell by exactly what is asked and has nothing to fit";
  } else {
    return "its voltages, times and thresholds cannot be told apart by ramps of identical pulses: "
           "take them from measurements at several voltages and widths";
  }
}

}  // namespace

const std::vector<std::string_view>& fitted_kinds() {
  static const std::vector<std::string_view> kinds = [] {
    std::vector<std::string_view> out;
    devices::Pulse::each([&]<class T>() {
      if constexpr (Fitted<T> || std::same_as<T, devices::MeasuredTable>) out.push_back(T::name);
    });
    return out;
  }();
  return kinds;
}

void require_fitted(const std::string& kind) {
  const auto& kinds = fitted_kinds();
  if (std::find(kinds.begin(), kinds.end(), kind) != kinds.end()) return;
  std::string_view reason;
  devices::Pulse::each([&]<class T>() {
    if (T::name == kind) reason = refusal<T>();
  });
  if (!reason.empty()) {
    throw core::UserError({}, "models", "\"" + kind + "\"",
                          fmt::format("this model cannot be fitted: {}", reason));
  }
  throw core::UserError({}, "models", "\"" + kind + "\"",
                        fmt::format("no such model{}; there are: all, {}",
                                    core::did_you_mean(kind, kinds), fmt::join(kinds, ", ")));
}

std::unique_ptr<Law> make_law(std::string_view kind, const Seen& seen) {
  std::unique_ptr<Law> out;
  devices::Pulse::each([&]<class T>() {
    if constexpr (Fitted<T>) {
      if (T::name == kind) out = std::make_unique<LawOf<T>>(seen);
    }
  });
  return out;
}

}  // namespace ohmlab::fitting
