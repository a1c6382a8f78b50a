#include "../lab/fitting/fit.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "../core/describe.hpp"
#include "../core/errors.hpp"
#include "../core/field_values.hpp"
#include "commands.hpp"
#include "json.hpp"
#include "notes.hpp"
#include "terminal.hpp"

namespace ohmlab::cli {
namespace {

struct FitArguments {
  std::vector<std::filesystem::path> data;
  std::filesystem::path out;
  /// Texts of the options of each field, in the order of the field table
  std::vector<std::pair<core::FieldInfo, std::vector<std::string>>> fields;
  bool force = false, json = false;
};

std::string option_of(const std::string& field) {
  std::string out = "--" + (field == "models" ? "model" : field);
  std::replace(out.begin(), out.end(), '_', '-');
  return out;
}

bool is_list(const core::FieldInfo& field) { return field.type.starts_with("list"); }

/// The options as a config, with its messages.
fitting::FitOptions options_of(const FitArguments& arguments) {
  core::Node tree;
  for (const auto& [field, texts] : arguments.fields) {
    if (texts.empty()) continue;
    core::Node value;
    if (is_list(field)) {
      core::Node::List list;
      for (const std::string& text : texts) {
        core::Node item;
        item.value = text;
        item.where = {option_of(field.name), 0};
        list.push_back(item);
      }
      value.value = list;
      value.where = {option_of(field.name), 0};
    } else if (field.type == "text") {
      value.value = texts.back();
      value.where = {option_of(field.name), 0};
    } else {
      const std::string text = field.name + "=" + texts.back();
      value = core::parse_settings(std::vector{text}, option_of(field.name)).front().value;
    }
    tree.table()[field.name] = value;
  }
  return core::read<fitting::FitOptions>(tree);
}

std::string interval_of(const fitting::FittedParameter& parameter) {
  if (!parameter.note.empty()) return parameter.note;
  std::string out = fmt::format("{:.4g} to {:.4g}", parameter.low, parameter.high);
  if (!parameter.bootstrap.empty())
    out += fmt::format("; {:.4g} to {:.4g} drawn anew", parameter.bootstrap[0],
                       parameter.bootstrap[1]);
  if (parameter.spread_error > 0)
    out +=
        fmt::format("; between devices {:.3g} +- {:.2g}", parameter.spread, parameter.spread_error);
  return out;
}

void print_models(const fitting::FitReport& report) {
  fmt::print("{:<23}{:>12}{:>12}{:>6}{:>14}{:>14}{:>14}\n", "model", "AIC - best", "BIC - best",
             "free", "error fitted", "held back", "whole ramps");
  const double bic = report.models.front().bic;
  for (const fitting::FittedModel& model : report.models) {
    const auto or_dash = [](double x) {
      return x > 0 ? fmt::format("{:.4g}", x) : std::string("-");
    };
    fmt::print("{:<23}{:>12.1f}{:>12.1f}{:>6}{:>14}{:>14}{:>14}\n", model.kind, model.above_best,
               model.bic - bic, model.free, or_dash(model.error_fitted),
               or_dash(model.error_held_back), or_dash(model.ramp_error));
  }
  fmt::print("{:<53}{:>14}{:>14.4g}{:>14}\n", "floor: measured noise, scatter of ramps", "",
             report.noise_floor,
             report.ramp_floor > 0 ? fmt::format("{:.4g}", report.ramp_floor) : "-");
}

void print_report(const fitting::FitReport& report) {
  fmt::print("{} reads of {} ramps{}, {} held back; w = -1 is {:.4g}{}, w = +1 is {:.4g}{}\n",
             report.reads, report.ramps,
             report.devices > 1 ? fmt::format(" of {} devices", report.devices) : "",
             report.held_back, report.low, report.siemens ? " S" : "", report.high,
             report.siemens ? " S" : "");
  for (const std::string& name : report.excluded) fmt::print("left out as an outlier: {}\n", name);
  for (const std::string& note : report.notes) fmt::print("{}\n", note);
  fmt::print("\nErrors in units of w, of the next read and of whole ramps from the mean start\n");
  print_models(report);
  const fitting::FittedModel& best = report.models.front();
  fmt::print("\n{}\n", best.kind);
  for (const fitting::FittedParameter& parameter : best.parameters) {
    fmt::print("  {:<18}{:>12.5g}  {}\n", parameter.name, parameter.value, interval_of(parameter));
  }
  if (!best.noise_key.empty()) {
    fmt::print("  {:<18}{:>12.5g}  noise of a step ({})\n", best.noise_key, best.noise,
               best.noise_law);
  }
  if (!best.note.empty()) fmt::print("  {}\n", best.note);
  fmt::print("\nnoise from increments alone: of a step {:.4g}, of a read {:.4g}\n",
             report.step_noise, report.read_noise);
  fmt::print("spread of all steps from {} beyond noise: {:.3g} +- {:.2g} of the step\n",
             report.devices > 1 ? "device to device" : "ramp to ramp", report.ramp_spread,
             report.ramp_spread_error);
}

std::string command_of(const FitArguments& arguments) {
  std::string out = "ohmlab fit";
  const auto quoted = [](const std::string& text) {
    return text.find_first_of(" \t;*?$'\"") == std::string::npos ? text : "'" + text + "'";
  };
  for (const auto& file : arguments.data) out += " " + quoted(file.string());
  for (const auto& [field, texts] : arguments.fields)
    for (const std::string& text : texts) out += " " + option_of(field.name) + " " + quoted(text);
  if (!arguments.out.empty()) out += " --out " + quoted(arguments.out.string());
  return out;
}

void fit(const FitArguments& arguments) {
  const fitting::FitOptions options = options_of(arguments);
  if (!arguments.out.empty()) {
    if (!arguments.force && std::filesystem::exists(arguments.out))
      throw core::UserError({arguments.out.string(), 0}, "", "",
                            "exists already: --force overwrites it");
    note_new_folder(arguments.out.parent_path());
  }
  catch_signals();
  TerminalProgress progress;
  const fitting::FitReport report = fitting::fit(arguments.data, options, progress);
  if (!arguments.out.empty()) {
    fitting::write_preset(report, arguments.out, {command_of(arguments), arguments.force});
  }
  if (arguments.json) {
    fmt::print("{}\n", json_of(core::to_node(report)).dump(2));
    return;
  }
  print_report(report);
  if (!arguments.out.empty()) fmt::print("stored in {}\n", arguments.out.string());
}

}  // namespace

void add_fit(CLI::App& app) {
  CLI::App* command =
      app.add_subcommand("fit", "Fit pulse models to measured ramps and write a preset");
  const auto arguments = std::make_shared<FitArguments>();
  command->add_option("data", arguments->data, "CSV or HDF5 files: reads after each pulse")
      ->required();
  for (core::FieldInfo& field : core::describe_fields<fitting::FitOptions>())
    arguments->fields.emplace_back(std::move(field), std::vector<std::string>{});
  for (auto& [field, texts] : arguments->fields) {
    std::string meaning = field.meaning;
    if (!field.standard.empty() && !is_list(field)) meaning += " [" + field.standard + "]";
    command->add_option(option_of(field.name), texts, meaning)
        ->allow_extra_args(false)
        ->type_name(field.unit.empty() ? field.type : field.unit);
  }
  command->add_option("--out", arguments->out, "preset to write; none unless given");
  command->add_flag("--force", arguments->force, "overwrite the preset");
  command->add_flag("--json", arguments->json, "print the report as JSON");
  command->callback([arguments] { fit(*arguments); });
}

}  // namespace ohmlab::cli
