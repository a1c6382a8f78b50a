#pragma once

#include <CLI/CLI.hpp>

/// One function a command: it adds itself to the program and does its work in a callback.
namespace ohmlab::cli {

void add_run(CLI::App& app);
void add_sweep(CLI::App& app);
void add_price(CLI::App& app);
void add_describe(CLI::App& app);
void add_validate(CLI::App& app);

}  // namespace ohmlab::cli
