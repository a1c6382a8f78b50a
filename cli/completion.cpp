#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "../core/config.hpp"
#include "../core/errors.hpp"
#include "../core/suggest.hpp"
#include "../lab/describe.hpp"
#include "../lab/plan.hpp"
#include "../lab/presets.hpp"
#include "../lab/setting_keys.hpp"
#include "commands.hpp"
#include "completion_scripts.hpp"
#include "schema.hpp"

namespace ohmlab::cli {
namespace {

using Words = std::vector<std::string>;

struct CompletionArguments {
  std::string shell;
  Words typed;  ///< further words
  bool words = false;
};

/// A command line whose last word is being typed.
struct Line {
  Words words;        ///< "--set a=b" as one word, whichever way the shell split it
  std::string split;  ///< part of the last word, up to "=", that the shell does not replace
};

/// bash makes "=" a word of its own, and replaces only the part behind it.
Line line_of(const Words& typed) {
  Line out;
  bool join = false;
  for (std::size_t i = 0; i < typed.size(); ++i) {
    const bool equals = typed[i] == "=" && !out.words.empty();
    if (equals || join) {
      out.words.back() += typed[i];
    } else {
      out.words.push_back(typed[i]);
    }
    join = equals;
    if (i + 1 == typed.size() && equals) out.split = out.words.back();
    if (i + 1 == typed.size() && !equals && i > 0 && typed[i - 1] == "=")
      out.split = out.words.back().substr(0, out.words.back().size() - typed[i].size());
  }
  return out;
}

/// Presets that an argument names.
struct Named {
  std::string_view command, argument;  ///< command "" stands for all
  std::vector<const char*> kinds;
};
const std::vector<Named>& named_presets() {
  static const std::vector<Named> all{{"run", "config", {"experiments"}},
                                      {"sweep", "config", {"sweeps"}},
                                      {"verdict", "device", {"devices"}},
                                      {"", "--prices", {"prices"}},
                                      {"", "--task", {"verdicts"}}};
  return all;
}

/// The config that a command line names, resolved with defaults; null if there is none that can be
/// read.
std::unique_ptr<core::Node> config_of(const Words& words) {
  Words sets;
  for (std::size_t i = 1; i + 2 < words.size(); ++i) {
    if (words[i] == "--set") sets.push_back(words[i + 1]);
  }
  for (std::size_t i = 1; i + 1 < words.size(); ++i) {
    if (words[i].starts_with('-') || words[i - 1].starts_with('-')) continue;
    try {
      core::Node tree = core::load_config(words[i], sets);
      const bool sweep = tree.table().erase("sweep") > 0;
      core::Node out = lab::tree_of(lab::plan(tree));
      if (sweep) out.table().emplace("sweep", core::Node{});
      return std::make_unique<core::Node>(std::move(out));
    } catch (const std::runtime_error&) {
      continue;
    }
  }
  return nullptr;
}

/// Keys that begin like `typed`, up to the next dot, with "=" behind whole ones; behind "=" the
/// names that a key may take.
Words settings(const Words& words, const std::string& typed) {
  const auto config = config_of(words);
  const std::size_t equals = typed.find('=');
  Words out;
  for (const lab::SettingKey& setting : lab::setting_keys(config.get())) {
    if (equals != std::string::npos) {
      if (setting.key != typed.substr(0, equals)) continue;
      for (const std::string& value : setting.values) out.push_back(setting.key + '=' + value);
    } else if (setting.key.starts_with(typed)) {
      const std::size_t dot = setting.key.find('.', typed.size());
      out.push_back(dot == std::string::npos ? setting.key + '=' : setting.key.substr(0, dot + 1));
    }
  }
  return out;
}

Words rooms_and_names(const Words& given) {
  Words out;
  for (const lab::RoomInfo& room : lab::describe_rooms()) {
    if (given.empty()) out.push_back(room.name);
    if (given.empty() || given[0] != room.name) continue;
    for (const core::CatalogueInfo& catalogue : room.catalogues) {
      out.push_back(catalogue.name);
      for (const core::EntryInfo& entry : catalogue.entries) out.push_back(entry.name);
    }
  }
  return out;
}

/// Candidates for the value of an option or argument of a command.
Words values_of(const std::string& command, const std::string& argument, const Words& words,
                const Words& positionals) {
  if (argument == "--set") return settings(words, words.back());
  if (argument == "--schema") return schema_kinds();
  if (command == "describe" && !argument.starts_with('-')) return rooms_and_names(positionals);
  if (command == "presets") return lab::preset_kinds();
  if (command == "completion") {
    Words out;
    for (const CompletionScript& script : completion_scripts()) out.emplace_back(script.shell);
    return out;
  }
  Words out;
  for (const Named& named : named_presets()) {
    if (named.argument != argument || (!named.command.empty() && named.command != command))
      continue;
    for (const char* kind : named.kinds) {
      const Words names = lab::preset_names(kind);
      out.insert(out.end(), names.begin(), names.end());
    }
  }
  return out;
}

const CLI::App* command_named(const CLI::App& app, const std::string& name) {
  for (const CLI::App* command : app.get_subcommands({})) {
    if (command->get_name() == name) return command;
  }
  return nullptr;
}

bool shown(const CLI::Option* option) { return !option->get_group().empty(); }

/// The option of a command that a word names, or null.
const CLI::Option* option_named(const CLI::App& command, const std::string& word) {
  if (!word.starts_with('-')) return nullptr;
  return command.get_option_no_throw(word);
}

/// Words without options and their values.
Words positionals_of(const CLI::App& command, const Words& words) {
  Words out;
  for (std::size_t i = 1; i + 1 < words.size(); ++i) {
    const CLI::Option* before = i > 1 ? option_named(command, words[i - 1]) : nullptr;
    const bool value = before && before->get_expected_min() > 0 && before->get_type_size() > 0;
    if (!words[i].starts_with('-') && !value) out.push_back(words[i]);
  }
  return out;
}

/// Everything that may stand in the place of the last word.
Words all_candidates(const CLI::App& app, const Words& words) {
  Words out;
  const CLI::App* command = words.size() > 1 ? command_named(app, words[0]) : &app;
  if (!command) return out;
  const std::string& typed = words.back();
  const CLI::Option* before =
      words.size() > 2 ? option_named(*command, words[words.size() - 2]) : nullptr;
  const bool takes_value = before && before->get_type_size() > 0 && before->get_expected_max() > 0;
  const Words positionals = positionals_of(*command, words);
  if (takes_value && !(typed.starts_with('-') && before->get_expected_min() == 0)) {
    out = values_of(words[0], "--" + before->get_lnames().front(), words, positionals);
    if (before->get_expected_min() > 0) return out;
  }
  if (const std::size_t equals = typed.find('='); typed.starts_with("--")) {
    if (equals != std::string::npos) {
      Words as_two = words;
      as_two.back() = typed.substr(0, equals);
      as_two.push_back(typed.substr(equals + 1));
      for (const std::string& value :
           values_of(words[0], typed.substr(0, equals), as_two, positionals))
        out.push_back(typed.substr(0, equals + 1) + value);
      return out;
    }
  }
  if (typed.starts_with('-')) {
    for (const CLI::Option* option : command->get_options()) {
      if (!shown(option)) continue;
      for (const std::string& name : option->get_lnames()) out.push_back("--" + name);
    }
    return out;
  }
  if (command == &app) {
    for (const CLI::App* each : app.get_subcommands({})) out.push_back(each->get_name());
    return out;
  }
  std::size_t place = positionals.size();
  for (const CLI::Option* option : command->get_options()) {
    if (!option->get_positional() || !shown(option)) continue;
    if (place-- > 0) continue;
    const Words more = values_of(words[0], option->get_single_name(), words, positionals);
    out.insert(out.end(), more.begin(), more.end());
    break;
  }
  return out;
}

void print_candidates(const CLI::App& app, const Words& typed) {
  const Line line = line_of(typed);
  if (line.words.empty()) return;
  Words found = all_candidates(app, line.words);
  std::erase_if(found,
                [&](const std::string& word) { return !word.starts_with(line.words.back()); });
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  for (const std::string& word : found) fmt::print("{}\n", word.substr(line.split.size()));
}

void complete(const CLI::App& app, const CompletionArguments& arguments) {
  if (arguments.words) {  // all words after the program's name; the last one is being typed
    Words typed{arguments.shell};
    typed.insert(typed.end(), arguments.typed.begin(), arguments.typed.end());
    return print_candidates(app, typed);
  }
  std::vector<std::string_view> known;
  for (const CompletionScript& script : completion_scripts()) {
    if (script.shell == arguments.shell) return fmt::print("{}", script.text);
    known.push_back(script.shell);
  }
  throw core::UserError(
      {}, "", "",
      arguments.shell.empty()
          ? fmt::format("expected a shell: {}", fmt::join(known, ", "))
          : fmt::format("no completion for \"{}\"{}; there are: {}", arguments.shell,
                        core::did_you_mean(arguments.shell, known), fmt::join(known, ", ")));
}

}  // namespace

void add_completion(CLI::App& app) {
  CLI::App* command =
      app.add_subcommand("completion", "Print a script that completes words in a shell");
  const auto arguments = std::make_shared<CompletionArguments>();
  command->add_option("shell", arguments->shell, "bash or zsh");
  command->add_flag("--words", arguments->words, "")->group("");
  command->add_option("typed", arguments->typed, "")->group("");
  command->callback([&app, arguments] { complete(app, *arguments); });
}

}  // namespace ohmlab::cli
