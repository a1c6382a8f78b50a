#pragma once

#include <cstdint>
#include <vector>

#include "pulse_trains.hpp"

namespace ohmlab::crossbar {

/// Pulse trains arranged for the update of a whole array.
///
/// Lines of the side with fewer pulses per line keep lists of their pulses, the *events*, in order
/// of vector and slot. Lines of the other side, the *lanes*, are kept as planes of bits, one plane
/// per vector and slot. An event of a line pulses the cells whose bits in its plane are set.
struct PulseEvents {
  struct Event {
    std::uint32_t plane;  ///< number of the plane of its vector and slot
    std::uint32_t vector;
    std::uint64_t line_is_negative;  ///< all ones or all zeros
  };

  /// x: vectors × rows, d: vectors × cols: the values that the trains were drawn from.
  PulseEvents(const PulseTrains& trains, const core::ConstRows& x, const core::ConstRows& d);

  core::Index rows, cols;
  bool events_on_rows;
  core::Index words;                  ///< number of words of 64 lanes
  core::Index vectors, slots;         ///< slots: total of all vectors
  std::vector<std::uint64_t> planes;  ///< [word][vector and slot]
  std::vector<std::uint64_t> signs;   ///< [word][vector], set where the value is negative
  std::vector<std::size_t> first;     ///< [line + 1], index of the first event of a line
  std::vector<Event> events;          ///< all events, line by line
};

}  // namespace ohmlab::crossbar
