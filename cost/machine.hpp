#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace ohmlab::cost {

/// Kind of machine that does the work of a network. It decides which places of a price list bill
/// it.
///   array        analog arrays, with digital logic of their own beside them
///   chip         digital macros that hold the weights, with the same logic beside them
///   accelerator  a general processor with its memory, e.g. a GPU
enum class Machine : std::uint8_t { array, chip, accelerator };
constexpr std::array<std::string_view, 3> enum_names(Machine) {
  return {"array", "chip", "accelerator"};
}
[[nodiscard]] constexpr std::string_view name(Machine machine) noexcept {
  return enum_names(machine)[static_cast<std::size_t>(machine)];
}

}  // namespace ohmlab::cost
