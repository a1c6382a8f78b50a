#pragma once

#include <CLI/CLI.hpp>

/// One function per command: it adds the command to the program, with its work as a callback.
namespace ohmlab::cli {

void add_run(CLI::App& app);
void add_sweep(CLI::App& app);
void add_price(CLI::App& app);
void add_describe(CLI::App& app);
void add_fit(CLI::App& app);
void add_validate(CLI::App& app);
void add_netlist(CLI::App& app);
void add_verdict(CLI::App& app);
void add_claims(CLI::App& app);
void add_presets(CLI::App& app);
void add_completion(CLI::App& app);

}  // namespace ohmlab::cli
