#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

#include "../core/fields.hpp"
#include "memory/dense.hpp"
#include "memory/hebb.hpp"
#include "memory/modern.hpp"
#include "memory/pseudo_inverse.hpp"
#include "memory/storkey.hpp"

namespace ohmlab::ebm {

/// Contract of a memory: it stores patterns of -1 and +1 in an array. Memories that couple pairs of
/// units have an array of units × units. The others have patterns × units and turn overlaps into
/// drives of the rows.
template <class T>
concept MemoryEntry =
    requires(const T& memory, const Storing& to, core::Matrix& overlaps, cost::Edge& edge) {
      { T::pairwise } -> std::convertible_to<bool>;
      { memory.problem_with(to.units(), to.count()) } -> std::same_as<std::string>;
      { memory.store(to) } -> std::same_as<std::int64_t>;
      requires T::pairwise || requires {
        memory.emphasise(overlaps, to.units());
        memory.post(edge, to.component, 1.0);
      };
    };

struct Memory : core::OneOf<Hebb,  //
                            Storkey, PseudoInverse, Dense, Modern> {
  static constexpr std::string_view name = "memory";
  static constexpr std::string_view question = "Which weights make patterns fixed points?";
  static_assert(each_is([]<class Entry>() { return MemoryEntry<Entry>; }));

  [[nodiscard]] bool pairwise() const {
    return visit([](const auto& memory) { return memory.pairwise; });
  }
};

}  // namespace ohmlab::ebm
