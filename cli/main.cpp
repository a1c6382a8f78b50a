#include <exception>

#include <fmt/format.h>

#include "ohmlab/cli/commands.hpp"
#include "ohmlab/core/errors.hpp"

namespace {
constexpr int user_mistake = 2, other_failure = 1;
}

int main(int argc, char** argv) {
  CLI::App app("ohmlab: energy-based learning on simulated resistive crossbars, with its bill");
  app.name("ohmlab");
  app.require_subcommand(1);
  ohmlab::cli::add_run(app);
  ohmlab::cli::add_price(app);
  ohmlab::cli::add_describe(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    fmt::print("{}", app.help());
  } catch (const CLI::ParseError& error) {
    fmt::print(stderr, "ohmlab: {}\n", error.what());
    return user_mistake;
  } catch (const ohmlab::core::UserError& error) {
    fmt::print(stderr, "ohmlab: {}\n", error.what());
    return user_mistake;
  } catch (const std::exception& error) {
    fmt::print(stderr, "ohmlab: {}\n", error.what());
    return other_failure;
  }
  return 0;
}
