#pragma once

#include <concepts>
#include <type_traits>

#include "ohmlab/core/fields.hpp"
#include "ohmlab/devices/spread.hpp"

namespace ohmlab::tests {

/// Calls visit(model) with an entry's defaults, then with each value of each of its choices and
/// with each law of each of its spreads.
template <class Entry, class Visitor>
void each_variant(const Visitor& visit) {
  visit(Entry{});
  Entry::fields.each([&](const auto& f) {
    Entry entry;
    using Value = std::remove_cvref_t<decltype(entry.*(f.member))>;
    if constexpr (core::NamedEnum<Value>) {
      for (std::size_t i = 0; i < enum_names(Value{}).size(); ++i) {
        entry.*(f.member) = static_cast<Value>(i);
        visit(entry);
      }
    } else if constexpr (std::same_as<Value, devices::Spread>) {
      for (std::size_t i = 0; i < enum_names(devices::ParameterLaw{}).size(); ++i) {
        entry.*(f.member) = {.std = 0.2, .law = static_cast<devices::ParameterLaw>(i)};
        visit(entry);
      }
    } else if constexpr (std::same_as<Value, bool>) {
      entry.*(f.member) = !(entry.*(f.member));
      visit(entry);
    }
  });
}

}  // namespace ohmlab::tests
