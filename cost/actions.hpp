#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace ohmlab::cost {

/// Everything that costs energy or time. Counts of these are stored; prices are applied later.
///
/// The order is not stored anywhere: files hold names. To add one, add it here and in actions.cpp,
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
};

/// Whether it is one operation of a digital accelerator, in whatever format.
[[nodiscard]] constexpr bool is_operation(Action action) noexcept {
  return action >= Action::flop_fp32 && action <= Action::op_int8;
}

/// What kind of work an action is, for the shares on a bill.
enum class Group : std::uint8_t {
  cells,
  periphery,
  updates,
  random_numbers,
  digital,
  memory,
  communication
};
constexpr std::array<std::string_view, 7> enum_names(Group) {
  return {"cells", "periphery", "updates", "random numbers", "digital", "memory", "communication"};
}

struct ActionInfo {
  Action action;
  std::string_view name;
  Group group;
  std::string_view
      parameter;  ///< what the entry's parameter means, with its unit; "" if it has none
  std::string_view meaning;
  bool physical_energy = false;  ///< its joules are posted as physics and have no price
  bool physical_time = false;    ///< its seconds are posted as physics and have no price

  /// Whether it is done by logic whose energy follows the rules of digital scaling; wires do not
  /// shrink with the node.
  [[nodiscard]] constexpr bool digital() const noexcept {
    return group == Group::random_numbers || group == Group::digital || group == Group::memory;
  }
};

/// All actions, in the order of the enumeration.
[[nodiscard]] std::span<const ActionInfo> actions() noexcept;
[[nodiscard]] const ActionInfo& info(Action action) noexcept;
[[nodiscard]] std::string_view name(Action action) noexcept;
[[nodiscard]] std::optional<Action> find_action(std::string_view name) noexcept;

/// What machines are made of, as far as it takes area or idle power.
enum class Part : std::uint8_t {
  cell,
  adc,
  ramp_adc,
  dac,
  pulse_timer,
  hold_capacitor,
  comparator,
  line_driver,
  edge_lane,
  buffer_bit,
  router,
  accelerator
};

struct PartInfo {
  Part part;
  std::string_view name;
  std::string_view parameter;  ///< what a holding's parameter means; "" if it has none
  std::string_view meaning;
  bool digital = false;  ///< whether it is made of digital logic
};
[[nodiscard]] std::span<const PartInfo> parts() noexcept;
[[nodiscard]] const PartInfo& info(Part part) noexcept;
[[nodiscard]] std::string_view name(Part part) noexcept;
[[nodiscard]] std::optional<Part> find_part(std::string_view name) noexcept;

}  // namespace ohmlab::cost
