#pragma once

#include <concepts>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "config.hpp"

/// Field tables: a struct names its parameters once, and reading, checking, describing and storing
/// follow.
///
///     struct PowerLaw {
///       static constexpr std::string_view name = "power_law";
///       static constexpr std::string_view summary = "Conductance falls as (t/t0)^-nu.";
///       static constexpr std::string_view source = "Ielmini et al., …";
///       double nu = 0.05;
///       static constexpr auto fields =
///           std::tuple{core::field("nu", &PowerLaw::nu, "", core::at_least(0), "exponent")};
///     };
///
/// A struct may add `std::string problem() const`: what is wrong between its fields, or "".
namespace ohmlab::core {

// --- what a field may hold

/// The allowed values of a number, or of each number of a list.
struct Range {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  bool low_open = false;
  bool high_open = false;

  [[nodiscard]] constexpr bool holds(double x) const {
    return (low_open ? x > low : x >= low) && (high_open ? x < high : x <= high);
  }
  [[nodiscard]] std::string text()
      const;  ///< "above 0", "from 1 to 24", "" when everything is allowed
};
constexpr Range any{};
constexpr Range at_least(double low) { return {.low = low}; }
constexpr Range above(double low) { return {.low = low, .low_open = true}; }
constexpr Range between(double low, double high) { return {.low = low, .high = high}; }
constexpr Range fraction = between(0, 1);

enum class Need { optional, required };

/// A data file or folder. The id of a run holds neither form of it, only the digest of what was
/// read.
struct DataPath {
  std::string text;                ///< as written
  std::filesystem::path resolved;  ///< where it was found; empty if nowhere
  Location where;                  ///< of the text
  std::string key;                 ///< of the text, for messages
};

template <class Owner, class Value>
struct Field {
  std::string_view name;
  Value Owner::* member;
  std::string_view unit;  ///< SI unit, "" for pure numbers and everything that is no number
  Range range;
  std::string_view meaning;
  Need need = Need::optional;
  Range soft = {};  ///< plausible values; a bare number outside of it is doubted, not refused

  /// The same field with the range of plausible values, in SI units.
  [[nodiscard]] constexpr Field usually(double low, double high) const {
    Field out = *this;
    out.soft = between(low, high);
    return out;
  }
};

template <class Owner, class Value>
constexpr Field<Owner, Value> field(std::string_view name, Value Owner::* member,
                                    std::string_view unit, Range range, std::string_view meaning,
                                    Need need = Need::optional) {
  return {name, member, unit, range, meaning, need, {}};
}
/// A field that is no number: a flag, text, a choice, a table, any value (a Node).
template <class Owner, class Value>
constexpr Field<Owner, Value> field(std::string_view name, Value Owner::* member,
                                    std::string_view meaning, Need need = Need::optional) {
  return {name, member, "", any, meaning, need, {}};
}

/// A table of values by name that keeps the order in which it was written.
template <class T>
struct Ordered {
  using mapped_type = T;
  std::vector<std::pair<std::string, T>> items;
};

template <class T>
concept Described = requires { std::tuple_size<std::remove_cvref_t<decltype(T::fields)>>::value; };

/// One of several described structs, chosen in a config by `kind = "name"`. A catalogue derives
/// from it:
///
///     struct Drift : core::OneOf<NoDrift, PowerLaw> {
///       static constexpr std::string_view name = "drift";
///       static constexpr std::string_view question = "What does time do to a conductance?";
///     };
template <class... Entries>
struct OneOf {
  std::variant<Entries...> choice;

  template <class Visitor>
  decltype(auto) visit(Visitor&& visitor) const {
    return std::visit(std::forward<Visitor>(visitor), choice);
  }
  template <class Entry>
  [[nodiscard]] bool is() const noexcept {
    return std::holds_alternative<Entry>(choice);
  }
  /// The name of the chosen entry.
  [[nodiscard]] std::string_view kind() const {
    return visit([](const auto& entry) {
      return std::string_view(std::remove_cvref_t<decltype(entry)>::name);
    });
  }
  /// Calls visitor.operator()<Entry>() for every entry in order.
  template <class Visitor>
  static void each(Visitor&& visitor) {
    (visitor.template operator()<Entries>(), ...);
  }
  /// Whether a predicate holds for every entry: a catalogue states by static_assert what its
  /// entries owe.
  template <class Predicate>
  static consteval bool each_is(Predicate predicate) {
    return (predicate.template operator()<Entries>() && ...);
  }
};

template <class T>
concept IsCatalogue = requires(const T& t) {
  t.choice;
  t.kind();
  { T::question } -> std::convertible_to<std::string_view>;
};

/// Enumerations take part by an overload `constexpr auto enum_names(E)` returning their names in
/// order.
template <class T>
concept NamedEnum = std::is_enum_v<T> && requires(T t) { enum_names(t).size(); };

}  // namespace ohmlab::core
