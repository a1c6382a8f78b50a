#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace ohmlab::cost {

/// Kinds of work that cost energy or time. Counts are stored; prices are applied later.
///
/// Files store names, so the order may change. To add an action, add it here and in actions.cpp,
/// and price it.
enum class Action : std::uint8_t {
  // at the array
  array_read,
  array_pulse,
  dac_drive,
  pulse_width_drive,
  line_charge,
  adc_convert,
  ramp_convert,
  flash_convert,
  pipeline_convert,
  cyclic_convert,
  oscillator_convert,
  sample_hold,
  comparator_decision,
  pulse_slot,
  pulse_drive,
  pulse_random_bit,
  // digital logic at the array's edge
  edge_multiply,
  edge_add,
  edge_sigmoid,
  edge_random_word,
  buffer_read,
  buffer_write,
  // between tiles and between chips
  network_hop,
  chip_link,
  // a digital accelerator: operations, from float32 to 8-bit integers, then its memory
  flop_fp32,
  flop_tf32,
  flop_bf16,
  flop_fp8,
  op_int8,
  memory_read,
  memory_write,
  kernel_launch,
};

/// True for one operation of a digital accelerator, in any number format.
[[nodiscard]] constexpr bool is_operation(Action action) noexcept {
  return action >= Action::flop_fp32 && action <= Action::op_int8;
}

/// Kind of work of an action, for the shares on a bill.
enum class Group : std::uint8_t {
  cells,
  periphery,
  updates,
  random_numbers,
  digital,
  memory,
  communication,
  control
};
constexpr std::array<std::string_view, 8> enum_names(Group) {
  return {"cells",   "periphery", "updates",       "random numbers",
          "digital", "memory",    "communication", "control"};
}

struct ActionInfo {
  Action action;
  std::string_view name;
  Group group;
  std::string_view parameter;  ///< meaning of an entry's parameter; "" if it has none
  std::string_view meaning;
  bool physical_energy = false;  ///< its joules are posted as physics and have no price
  bool physical_time = false;    ///< its seconds are posted as physics and have no price

  /// True if the action runs in logic whose energy follows digital scaling. Wires do not shrink
  /// with the node.
  [[nodiscard]] constexpr bool digital() const noexcept {
    return group == Group::random_numbers || group == Group::digital || group == Group::memory;
  }
};

/// All actions, in the order of the enumeration.
[[nodiscard]] std::span<const ActionInfo> actions() noexcept;
[[nodiscard]] const ActionInfo& info(Action action) noexcept;
[[nodiscard]] std::string_view name(Action action) noexcept;
[[nodiscard]] std::optional<Action> find_action(std::string_view name) noexcept;

/// Parts of machines that take area or idle power.
enum class Part : std::uint8_t {
  cell,
  adc,
  ramp_adc,
  flash_adc,
  pipeline_adc,
  cyclic_adc,
  oscillator_adc,
  dac,
  pulse_timer,
  hold_capacitor,
  comparator,
  line_driver,
  edge_lane,
  buffer_bit,
  weight_bit,
  router,
  accelerator,
  memory_byte,
  chip
};

struct PartInfo {
  Part part;
  std::string_view name;
  std::string_view parameter;  ///< meaning of a holding's parameter; "" if it has none
  std::string_view meaning;
  bool digital = false;  ///< true if made of digital logic
  double bytes = 0;      ///< bytes of data that one of it keeps
  bool counted = false;  ///< true if only its number matters: it has no price of its own
};
[[nodiscard]] std::span<const PartInfo> parts() noexcept;
[[nodiscard]] const PartInfo& info(Part part) noexcept;
[[nodiscard]] std::string_view name(Part part) noexcept;
[[nodiscard]] std::optional<Part> find_part(std::string_view name) noexcept;

}  // namespace ohmlab::cost
