#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "config.hpp"

/// Field tables: a struct names its parameters once. Reading, checking, describing and storing use
/// that table.
///
///     struct PowerLaw {
///       static constexpr std::string_view name = "power_law";
///       static constexpr std::string_view summary = "Conductance falls as (t/t0)^-nu.";
///       static constexpr std::string_view source = "Ielmini et al., …";
///       double nu = 0.05;
///       static constexpr auto fields =
///           core::Fields{core::field("nu", &PowerLaw::nu, "", core::at_least(0), "exponent")};
///     };
///
/// A struct may add `std::string problem() const`: a conflict between its fields, or "".
namespace ohmlab::core {

// --- types of fields

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
      const;  ///< "above 0", "from 1 to 24", "" if all values are allowed
};
constexpr Range any{};
constexpr Range at_least(double low) { return {.low = low}; }
constexpr Range above(double low) { return {.low = low, .low_open = true}; }
constexpr Range between(double low, double high) { return {.low = low, .high = high}; }
constexpr Range fraction = between(0, 1);

enum class Need { optional, required };

/// A data file or folder. The id of a run depends on the digest of the data, not on either path.
/// A struct whose file belongs to the config, e.g. a table of measured steps, adds
/// `void read_files()`: it is called when the struct was read, and again when `resolved` was
/// replaced; it sets `digest`. No file is read where `resolved` is empty.
struct DataPath {
  std::string text;                ///< path as written
  std::filesystem::path resolved;  ///< path of the file found; empty if none
  Location where;                  ///< location of the text
  std::string key;                 ///< dotted key of the text, for messages
  std::string digest;              ///< SHA-256 of the content, where `read_files` reads it
};

template <class Owner, class Value>
struct Field {
  std::string_view name;
  Value Owner::* member;
  std::string_view unit;  ///< SI unit, "" for pure numbers and for fields that are no numbers
  Range range;
  std::string_view meaning;
  Need need = Need::optional;
  Range soft = {};  ///< plausible values; a number without unit outside of it is doubted

  /// The same field with a range of plausible values, in SI units.
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
/// A field that is no number: flag, text, choice, table or any value (a Node).
template <class Owner, class Value>
constexpr Field<Owner, Value> field(std::string_view name, Value Owner::* member,
                                    std::string_view meaning, Need need = Need::optional) {
  return {name, member, "", any, meaning, need, {}};
}

template <std::size_t I, class F>
struct FieldAt {
  F field;
};
template <class Places, class... F>
struct FieldsAt;
template <std::size_t... I, class... F>
struct FieldsAt<std::index_sequence<I...>, F...> : FieldAt<I, F>... {
  // NOLINTNEXTLINE(google-explicit-constructor): a list of one field is that field
  constexpr FieldsAt(const F&... field) : FieldAt<I, F>{field}... {}
  static constexpr std::size_t size = sizeof...(F);
  /// Calls visitor(field) for each field in order.
  template <class Visitor>
  constexpr void each(Visitor&& visitor) const {
    (visitor(FieldAt<I, F>::field), ...);
  }
};

/// The fields of a struct in order. It does what std::tuple does; each of our sources compiles
/// seconds faster with it.
template <class... F>
struct Fields : FieldsAt<std::index_sequence_for<F...>, F...> {
  using FieldsAt<std::index_sequence_for<F...>, F...>::FieldsAt;
};
template <class... F>
Fields(F...) -> Fields<F...>;

/// Field number I of a list.
template <std::size_t I, class F>
constexpr const F& field_at(const FieldAt<I, F>& place) {
  return place.field;
}

/// Two or more lists of fields as one.
template <class... F>
constexpr Fields<F...> joined(const Fields<F...>& list) {
  return list;
}
template <class... F, class... G, class... More>
constexpr auto joined(const Fields<F...>& first, const Fields<G...>& second, const More&... more) {
  return [&]<std::size_t... I, std::size_t... J>(std::index_sequence<I...>,
                                                 std::index_sequence<J...>) {
    return joined(Fields<F..., G...>(field_at<I>(first)..., field_at<J>(second)...), more...);
  }(std::index_sequence_for<F...>(), std::index_sequence_for<G...>());
}

/// A table of values by name, in the order written.
template <class T>
struct Ordered {
  using mapped_type = T;
  std::vector<std::pair<std::string, T>> items;
};

template <class T>
concept Described = requires { T::fields.size; };

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

  /// The visitor's answer for the chosen entry. It does what std::visit does and compiles faster.
  template <std::size_t I = 0, class Visitor>
  decltype(auto) visit(Visitor&& visitor) const {
    if constexpr (I + 1 < sizeof...(Entries))
      if (choice.index() != I) return visit<I + 1>(visitor);
    return visitor(*std::get_if<I>(&choice));
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
  /// True if a predicate holds for every entry. Catalogues check their entries with it in a
  /// static_assert.
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

/// An enumeration can be a field if an overload `constexpr auto enum_names(E)` returns its names in
/// order.
template <class T>
concept NamedEnum = std::is_enum_v<T> && requires(T t) { enum_names(t).size(); };

}  // namespace ohmlab::core
