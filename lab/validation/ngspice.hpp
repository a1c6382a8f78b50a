#pragma once

#include <string>
#include <unordered_map>

/// The circuit simulator ngspice as a program beside this one.
namespace ohmlab::validation {

/// Version of the installed ngspice, e.g. "ngspice-39"; "" if there is none on the PATH.
[[nodiscard]] std::string ngspice_version();

/// Voltages of nodes and currents of sources at rest, by name in lower case.
using OperatingPoint = std::unordered_map<std::string, double>;

/// Runs a netlist that prints them; see `crossbar::netlist_of`.
/// \throws core::UserError if ngspice is not installed
/// \throws core::WorldError if it finds no operating point
[[nodiscard]] OperatingPoint run_ngspice(const std::string& netlist);

}  // namespace ohmlab::validation
