#pragma once

#include <cstdint>
#include <vector>

#include "pulse_trains.hpp"

namespace ohmlab::crossbar {

/// Pulse trains arranged for the update of a whole array.
///
/// The lines of one side (the one with fewer pulses) keep a list of their own pulses, the *events*,
/// in order of vector and slot; the lines of the other side, the *lanes*, are kept as planes of
/// bits, one for each vector and slot. A cell is pulsed by those events of its one line at which
/// its bit in the plane is set.
struct PulseEvents {
  struct Event {
    std::uint32_t plane;  ///< number of the plane of its vector and slot
    std::uint32_t vector;
    std::uint64_t line_is_negative;  ///< all ones or all zeros
  };

  /// x: vectors × rows, d: vectors × cols, as the trains were drawn from.
  PulseEvents(const PulseTrains& trains, const core::ConstRows& x, const core::ConstRows& d);

  core::Index rows, cols;
  bool events_on_rows;
  core::Index words;                  ///< of 64 lanes
  core::Index vectors, slots;         ///< slots of all vectors
  std::vector<std::uint64_t> planes;  ///< [word][vector and slot]
  std::vector<std::uint64_t> signs;   ///< [word][vector], set where the value is negative
  std::vector<std::size_t> first;     ///< [line + 1], where the events of a line begin
  std::vector<Event> events;          ///< line by line
};

}  // namespace ohmlab::crossbar
