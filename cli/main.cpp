#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>
#include <filesystem>
#include <new>
#include <string>
#include <system_error>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

#include "../core/errors.hpp"
#include "../core/suggest.hpp"
#include "../lab/results/checkpoint.hpp"
#include "../lab/run.hpp"
#include "commands.hpp"
#include "terminal.hpp"
#include "version.hpp"

namespace {
constexpr int user_mistake = 2, other_failure = 1, after_signal = 128;

/// Replaces this process by the program `ohmlab-NAME` on the PATH, as git does, or beside this one.
/// Returns if there is no program of this name.
/// \throws WorldError if the program cannot be run
void become(const std::string& name, char** argv) {
  const std::string program = "ohmlab-" + name;
  if (name.find('/') != std::string::npos) return;
  std::error_code ignored;
  const auto own = std::filesystem::read_symlink("/proc/self/exe", ignored);
  for (const std::string& path : {program, (own.parent_path() / program).string()}) {
    execvp(path.c_str(), argv + 1);
    if (errno != ENOENT) throw ohmlab::core::WorldError(path, std::strerror(errno));
  }
}

/// If the first argument is not an option and not a command, runs the program `ohmlab-NAME`.
/// \throws UserError if there is no program of this name either
void check_command(const CLI::App& app, int argc, char** argv) {
  const std::string given = argc > 1 ? argv[1] : "-";
  std::vector<std::string_view> names;
  for (const CLI::App* command : app.get_subcommands({})) names.push_back(command->get_name());
  if (given.starts_with('-') || std::find(names.begin(), names.end(), given) != names.end()) return;
  become(given, argv);
  throw ohmlab::core::UserError(
      {}, "", "",
      fmt::format("no command \"{}\"{}; there are: {}", given,
                  ohmlab::core::did_you_mean(given, names), fmt::join(names, ", ")));
}
}  // namespace

int main(int argc, char** argv) {
  ohmlab::cli::keep_streams_open();
  CLI::App app("ohmlab: energy-based learning on simulated resistive crossbars, with its bill");
  app.name("ohmlab");
  app.require_subcommand(1);
  ohmlab::cli::add_run(app);
  ohmlab::cli::add_sweep(app);
  ohmlab::cli::add_price(app);
  ohmlab::cli::add_describe(app);
  ohmlab::cli::add_fit(app);
  ohmlab::cli::add_validate(app);
  ohmlab::cli::add_netlist(app);
  ohmlab::cli::add_verdict(app);
  ohmlab::cli::add_claims(app);
  ohmlab::cli::add_presets(app);
  ohmlab::cli::add_completion(app);
  app.set_version_flag("--version", ohmlab::cli::version_screen,
                       "Print version, commit, compiler, kernels and HDF5");
  try {
    check_command(app, argc, argv);
    ohmlab::cli::report_file_limits();
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    fmt::print("{}", app.help());
  } catch (const CLI::CallForVersion&) {
    fmt::print("{}", ohmlab::cli::version_screen());
  } catch (const CLI::ParseError& error) {
    ohmlab::cli::complain(error.what());
    return user_mistake;
  } catch (const ohmlab::results::Interrupted& stop) {
    ohmlab::cli::complain(stop.what());
    return after_signal + ohmlab::cli::caught_signal();
  } catch (const ohmlab::core::UserError& error) {
    ohmlab::cli::complain(error.what());
    return user_mistake;
  } catch (const std::bad_alloc&) {
    ohmlab::cli::complain(ohmlab::lab::out_of_memory);
    return other_failure;
  } catch (const std::filesystem::filesystem_error& error) {
    ohmlab::cli::complain(fmt::format("{}: {}", error.path1().string(), error.code().message()));
    return other_failure;
  } catch (const std::exception& error) {
    ohmlab::cli::complain(error.what());
    return other_failure;
  }
  if (std::fflush(stdout) != 0) {
    ohmlab::cli::complain(
        fmt::format("standard output: cannot be written: {}", std::strerror(errno)));
    return other_failure;
  }
  return 0;
}
