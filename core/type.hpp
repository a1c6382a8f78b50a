#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "fields.hpp"

/// Field tables without their C++ types, so that reading, storing and describing a value are
/// ordinary functions, compiled once, and a struct with fields costs a table of constants.
namespace ohmlab::core {

struct Type;

/// One field of a record.
struct TypedField {
  std::string_view name, unit, meaning;
  Need need;
  Range range, soft;
  const Type* type;
  void* (*of)(void* record);  ///< the field's value in a record
};

/// A type of values of a config. Only the members that its kind names are set.
struct Type {
  enum class Kind {
    node,       ///< a Node
    number,     ///< double
    integer,    ///< any integral type
    flag,       ///< bool
    text,       ///< std::string
    path,       ///< DataPath
    choice,     ///< a NamedEnum
    optional,   ///< std::optional
    list,       ///< std::vector
    table,      ///< std::map by name
    ordered,    ///< Ordered
    record,     ///< a described struct
    catalogue,  ///< OneOf
  };
  using Visit = std::function<void(const std::string& name, void* value)>;

  Kind kind;

  // integer and choice
  std::int64_t (*integer)(const void* value) = nullptr;
  void (*set_integer)(void* value, std::int64_t to) = nullptr;
  // choice and catalogue
  std::span<const std::string_view> names = {};  ///< of values, or of entries

  // optional, list, table, ordered and record
  void (*reset)(void* value) = nullptr;  ///< back to the default of its own type

  // optional, list, table and ordered
  const Type* inner = nullptr;                                   ///< type of the elements
  void* (*add)(void* value, const std::string& name) = nullptr;  ///< a new default element
  void (*each)(void* value, const Visit& visit) = nullptr;       ///< all elements in order

  // record; the texts are set if it is an entry of a catalogue
  std::string_view name = {}, summary = {}, equation = {}, source = {};
  std::span<const TypedField> fields = {};
  std::string (*problem)(const void* value) = nullptr;                ///< null if it has none
  void (*standard)(const std::function<void(void*)>& use) = nullptr;  ///< lends a default value
  void (*read_files)(void* value) = nullptr;  ///< null if it has no files of its own

  // catalogue; `name` is its own
  std::string_view question = {};
  std::span<const Type* const> entries = {};
  std::size_t (*chosen)(const void* value) = nullptr;          ///< number of the entry
  void* (*entry)(void* value) = nullptr;                       ///< the chosen entry
  void* (*choose)(void* value, std::size_t number) = nullptr;  ///< a default entry
};

namespace detail {

template <class V>
constexpr bool is_list = false;
template <class V>
constexpr bool is_list<std::vector<V>> = true;
template <class V>
constexpr bool is_optional = false;
template <class V>
constexpr bool is_optional<std::optional<V>> = true;
template <class V>
constexpr bool is_table = false;
template <class V>
constexpr bool is_table<std::map<std::string, V>> = true;
template <class V>
constexpr bool is_ordered = false;
template <class V>
constexpr bool is_ordered<Ordered<V>> = true;

/// Texts of an entry that it may lack. A field of that name is none: its address is a member's.
template <class T>
concept HasName = std::is_same_v<decltype(&T::name), const std::string_view*>;
template <class T>
concept HasSummary = std::is_same_v<decltype(&T::summary), const std::string_view*>;
template <class T>
concept HasEquation = std::is_same_v<decltype(&T::equation), const std::string_view*>;
template <class T>
concept HasSource = std::is_same_v<decltype(&T::source), const std::string_view*>;

template <class V>
void reset(void* value) {
  *static_cast<V*>(value) = V{};
}

template <class V>
consteval Type make_type();
template <class V>
inline constexpr Type type_of = make_type<V>();

template <class T, std::size_t I>
void* field_of(void* record) {
  return &(static_cast<T*>(record)->*(field_at<I>(T::fields).member));
}

template <class T, std::size_t... I>
consteval auto typed_fields(std::index_sequence<I...>) {
  [[maybe_unused]] const auto one = []<std::size_t J>() {
    const auto& f = field_at<J>(T::fields);
    using V = std::remove_cvref_t<decltype(std::declval<T&>().*(f.member))>;
    return TypedField{f.name,  f.unit, f.meaning,   f.need,
                      f.range, f.soft, &type_of<V>, &field_of<T, J>};
  };
  return std::array<TypedField, sizeof...(I)> { one.template operator()<I>()... };
}
template <class T>
inline constexpr auto fields_of = typed_fields<T>(std::make_index_sequence<T::fields.size>());

template <class E>
inline constexpr auto value_names = [] {
  constexpr auto names = enum_names(E{});
  std::array<std::string_view, names.size()> out{};
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = names[i];
  return out;
}();

template <class C>
struct Entries;
template <class... E>
struct Entries<std::variant<E...>> {
  static constexpr std::array<std::string_view, sizeof...(E)> names{E::name...};
  static constexpr std::array<const Type*, sizeof...(E)> types{&type_of<E>...};
  static void* choose(void* choice, std::size_t number) {
    using Variant = std::variant<E...>;
    using Put = void* (*)(Variant&);
    static constexpr Put puts[] = {[](Variant& v) -> void* { return &v.template emplace<E>(); }...};
    return puts[number](*static_cast<Variant*>(choice));
  }
  static void* chosen(void* choice) {
    return std::visit([](auto& entry) -> void* { return &entry; },
                      *static_cast<std::variant<E...>*>(choice));
  }
};

template <class V>
consteval Type container_type(Type::Kind kind) {
  Type out{kind};
  out.reset = reset<V>;
  if constexpr (is_table<V>) {
    out.inner = &type_of<typename V::mapped_type>;
    out.add = [](void* value, const std::string& name) -> void* {
      return &static_cast<V*>(value)->try_emplace(name).first->second;
    };
    out.each = [](void* value, const Type::Visit& visit) {
      for (auto& [name, item] : *static_cast<V*>(value)) visit(name, &item);
    };
  } else if constexpr (is_ordered<V>) {
    out.inner = &type_of<typename V::mapped_type>;
    out.add = [](void* value, const std::string& name) -> void* {
      auto& items = static_cast<V*>(value)->items;
      return &items.emplace_back(name, typename V::mapped_type{}).second;
    };
    out.each = [](void* value, const Type::Visit& visit) {
      for (auto& [name, item] : static_cast<V*>(value)->items) visit(name, &item);
    };
  } else if constexpr (is_optional<V>) {
    out.inner = &type_of<typename V::value_type>;
    out.add = [](void* value, const std::string&) -> void* {
      return &static_cast<V*>(value)->emplace();
    };
    out.each = [](void* value, const Type::Visit& visit) {
      if (auto& held = *static_cast<V*>(value)) visit("", &*held);
    };
  } else {
    static_assert(!std::is_same_v<V, std::vector<bool>>, "its elements have no address");
    out.inner = &type_of<typename V::value_type>;
    out.add = [](void* value, const std::string&) -> void* {
      return &static_cast<V*>(value)->emplace_back();
    };
    out.each = [](void* value, const Type::Visit& visit) {
      for (auto& item : *static_cast<V*>(value)) visit("", &item);
    };
  }
  return out;
}

template <class T>
consteval Type record_type() {
  Type out{Type::Kind::record};
  if constexpr (HasName<T>) out.name = T::name;
  if constexpr (HasSummary<T>) out.summary = T::summary;
  if constexpr (HasEquation<T>) out.equation = T::equation;
  if constexpr (HasSource<T>) out.source = T::source;
  out.fields = fields_of<T>;
  out.reset = reset<T>;
  if constexpr (requires(const T& t) { t.problem(); }) {
    out.problem = [](const void* value) -> std::string {
      return static_cast<const T*>(value)->problem();
    };
  }
  if constexpr (requires(T& t) { t.read_files(); })
    out.read_files = [](void* value) { static_cast<T*>(value)->read_files(); };
  out.standard = [](const std::function<void(void*)>& use) {
    T standard{};
    use(&standard);
  };
  return out;
}

template <class C>
consteval Type catalogue_type() {
  using Choice = decltype(C::choice);
  Type out{Type::Kind::catalogue};
  out.name = C::name;
  out.question = C::question;
  out.names = Entries<Choice>::names;
  out.entries = Entries<Choice>::types;
  out.chosen = [](const void* value) { return static_cast<const C*>(value)->choice.index(); };
  out.entry = [](void* value) { return Entries<Choice>::chosen(&static_cast<C*>(value)->choice); };
  out.choose = [](void* value, std::size_t number) {
    return Entries<Choice>::choose(&static_cast<C*>(value)->choice, number);
  };
  return out;
}

template <class V>
consteval Type make_type() {
  using Kind = Type::Kind;
  if constexpr (std::is_same_v<V, Node>) {
    return {Kind::node};
  } else if constexpr (std::is_same_v<V, double>) {
    return {Kind::number};
  } else if constexpr (std::is_same_v<V, bool>) {
    return {Kind::flag};
  } else if constexpr (std::is_same_v<V, std::string>) {
    return {Kind::text};
  } else if constexpr (std::is_same_v<V, DataPath>) {
    return {Kind::path};
  } else if constexpr (std::is_integral_v<V> || NamedEnum<V>) {
    Type out{NamedEnum<V> ? Kind::choice : Kind::integer};
    out.integer = [](const void* value) {
      return static_cast<std::int64_t>(*static_cast<const V*>(value));
    };
    out.set_integer = [](void* value, std::int64_t to) {
      *static_cast<V*>(value) = static_cast<V>(to);
    };
    if constexpr (NamedEnum<V>) out.names = value_names<V>;
    return out;
  } else if constexpr (is_optional<V>) {
    return container_type<V>(Kind::optional);
  } else if constexpr (is_list<V>) {
    return container_type<V>(Kind::list);
  } else if constexpr (is_table<V>) {
    return container_type<V>(Kind::table);
  } else if constexpr (is_ordered<V>) {
    return container_type<V>(Kind::ordered);
  } else if constexpr (IsCatalogue<V>) {
    return catalogue_type<V>();
  } else {
    static_assert(Described<V>,
                  "a config value is a number, flag, text, list, described struct or catalogue");
    return record_type<V>();
  }
}

}  // namespace detail

/// The type of the values of a field, a described struct or a catalogue.
template <class V>
const Type& type_of() {
  return detail::type_of<V>;
}

}  // namespace ohmlab::core
