#include "actions.hpp"

#include <array>
#include <cassert>

namespace ohmlab::cost {
namespace {

constexpr std::array table{
    ActionInfo{Action::array_read, "array_read", Group::cells, "",
               "one vector applied to the cells; joules and seconds are physics", true, true},
    ActionInfo{Action::array_pulse, "array_pulse", Group::updates, "",
               "one pulse at one cell; joules are physics", true, true},
    ActionInfo{Action::dac_drive, "dac_drive", Group::periphery, "bits",
               "one line driven to one level"},
    ActionInfo{Action::pulse_width_drive, "pulse_width_drive", Group::periphery, "bits",
               "one line driven for one length of time, without the line's charge"},
    ActionInfo{Action::line_charge, "line_charge", Group::periphery, "cells on the line",
               "one line charged to one volt and back, times the square of the volts"},
    ActionInfo{Action::adc_convert, "adc_convert", Group::periphery, "bits",
               "one analog value turned into a number"},
    ActionInfo{Action::ramp_convert, "ramp_convert", Group::periphery, "bits",
               "one analog value turned into the count of a ramp that all lines share"},
    ActionInfo{Action::flash_convert, "flash_convert", Group::periphery, "bits",
               "one analog value compared with all levels at once"},
    ActionInfo{Action::pipeline_convert, "pipeline_convert", Group::periphery, "bits",
               "one analog value turned into a number by a chain of stages"},
    ActionInfo{Action::cyclic_convert, "cyclic_convert", Group::periphery, "bits",
               "one analog value turned into a number by one stage used once for each bit"},
    ActionInfo{Action::oscillator_convert, "oscillator_convert", Group::periphery, "bits",
               "one analog value turned into a count of an oscillator's periods"},
    ActionInfo{Action::sample_hold, "sample_hold", Group::periphery, "",
               "one analog value kept until its turn at a shared converter"},
    ActionInfo{Action::comparator_decision, "comparator_decision", Group::periphery, "",
               "one analog value turned into one bit"},
    ActionInfo{
        Action::pulse_slot, "pulse_slot", Group::updates, "",
        "one time slot of a pulse train; seconds are physics, energy is in what happens in it",
        true, true},
    ActionInfo{Action::pulse_drive, "pulse_drive", Group::updates, "",
               "one pulse put onto one line, without the line's charge"},
    ActionInfo{Action::pulse_random_bit, "pulse_random_bit", Group::random_numbers, "",
               "one stochastic bit of a pulse train"},
    ActionInfo{Action::edge_multiply, "edge_multiply", Group::digital, "bits",
               "one multiplication at the array's edge"},
    ActionInfo{Action::edge_add, "edge_add", Group::digital, "bits",
               "one addition or comparison at the array's edge"},
    ActionInfo{Action::edge_sigmoid, "edge_sigmoid", Group::digital, "",
               "one logistic function at the array's edge"},
    ActionInfo{Action::edge_random_word, "edge_random_word", Group::random_numbers, "bits",
               "one uniform random number at the array's edge"},
    ActionInfo{Action::buffer_read, "buffer_read", Group::memory, "",
               "one bit read from a buffer at the array's edge"},
    ActionInfo{Action::buffer_write, "buffer_write", Group::memory, "",
               "one bit written to a buffer at the array's edge"},
    ActionInfo{Action::network_hop, "network_hop", Group::communication, "",
               "one bit carried from a tile to the next; in time, one flit"},
    ActionInfo{Action::chip_link, "chip_link", Group::communication, "",
               "one bit carried from a chip to the next; in time, one flit"},
    ActionInfo{Action::flop_fp32, "flop_fp32", Group::digital, "",
               "one float32 operation; a multiply-accumulate is two"},
    ActionInfo{Action::flop_tf32, "flop_tf32", Group::digital, "",
               "one operation on float32 of which a product keeps 10 bits of mantissa, added up in "
               "float32"},
    ActionInfo{Action::flop_bf16, "flop_bf16", Group::digital, "",
               "one bfloat16 operation with float32 accumulation"},
    ActionInfo{Action::flop_fp8, "flop_fp8", Group::digital, "",
               "one 8-bit float (E4M3) operation with float32 accumulation"},
    ActionInfo{Action::op_int8, "op_int8", Group::digital, "bits of an input, at digital chips",
               "one 8-bit integer operation with 32-bit accumulation"},
    ActionInfo{Action::memory_read, "memory_read", Group::memory, "",
               "one byte read from main memory"},
    ActionInfo{Action::memory_write, "memory_write", Group::memory, "",
               "one byte written to main memory"},
    ActionInfo{Action::kernel_launch, "kernel_launch", Group::control, "",
               "one product or update started on an accelerator, and waited for"},
};

constexpr std::array part_table{
    PartInfo{Part::cell, "cell", "pulses it survives", "one resistive cell with its access device"},
    PartInfo{Part::adc, "adc", "bits", "one analog-to-digital converter with its column's bias"},
    PartInfo{Part::ramp_adc, "ramp_adc", "bits",
             "one line's comparator and register beside a shared ramp"},
    PartInfo{Part::flash_adc, "flash_adc", "bits",
             "one converter with a comparator for each level"},
    PartInfo{Part::pipeline_adc, "pipeline_adc", "bits", "one converter with a stage for each bit"},
    PartInfo{Part::cyclic_adc, "cyclic_adc", "bits", "one converter with one stage for all bits"},
    PartInfo{Part::oscillator_adc, "oscillator_adc", "bits",
             "one line's current-controlled oscillator and counter"},
    PartInfo{Part::dac, "dac", "bits", "one digital-to-analog converter"},
    PartInfo{Part::pulse_timer, "pulse_timer", "bits",
             "one digital-to-time converter, which ends a line's pulse"},
    PartInfo{Part::hold_capacitor, "hold_capacitor", "",
             "one switch and capacitor that keep a line's value"},
    PartInfo{Part::comparator, "comparator", "", "one clocked comparator"},
    PartInfo{Part::line_driver, "line_driver", "", "one driver of a word or bit line"},
    PartInfo{Part::edge_lane, "edge_lane", "", "one lane of digital logic at the array's edge",
             true},
    PartInfo{Part::buffer_bit, "buffer_bit", "", "one bit of buffer at the array's edge", true,
             1.0 / 8},
    PartInfo{Part::weight_bit, "weight_bit", "",
             "one bit of a weight beside its multiplier in a digital chip", true, 1.0 / 8},
    PartInfo{Part::router, "router", "", "one tile's share of the network between tiles", true},
    PartInfo{Part::accelerator, "accelerator", "", "one digital accelerator with its memory", true},
    PartInfo{Part::memory_byte, "memory_byte", "",
             "one byte that an accelerator keeps; its memory is part of the accelerator", true, 1,
             true},
    PartInfo{Part::chip, "chip", "", "one chip, with its background", true, 0, true},
};

constexpr bool in_order() {
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (static_cast<std::size_t>(table[i].action) != i) return false;
  }
  for (std::size_t i = 0; i < part_table.size(); ++i) {
    if (static_cast<std::size_t>(part_table[i].part) != i) return false;
  }
  return true;
}
static_assert(in_order(), "the tables list actions and parts in the order of their enumerations");

}  // namespace

std::span<const ActionInfo> actions() noexcept { return table; }

const ActionInfo& info(Action action) noexcept { return table[static_cast<std::size_t>(action)]; }

std::string_view name(Action action) noexcept { return info(action).name; }

std::optional<Action> find_action(std::string_view name) noexcept {
  for (const ActionInfo& info : table) {
    if (info.name == name) return info.action;
  }
  return std::nullopt;
}

std::span<const PartInfo> parts() noexcept { return part_table; }

const PartInfo& info(Part part) noexcept { return part_table[static_cast<std::size_t>(part)]; }

std::string_view name(Part part) noexcept { return info(part).name; }

std::optional<Part> find_part(std::string_view name) noexcept {
  for (const PartInfo& info : part_table) {
    if (info.name == name) return info.part;
  }
  return std::nullopt;
}

}  // namespace ohmlab::cost
