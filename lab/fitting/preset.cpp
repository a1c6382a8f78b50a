#include "preset.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "../../core/errors.hpp"
#include "../../core/units.hpp"
#include "../../io/part_file.hpp"
#include "fit.hpp"

namespace ohmlab::fitting {
namespace {

constexpr std::size_t width = 116;

/// A sentence as comment lines.
std::string comment(std::string_view text) {
  std::string out, line = "#";
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    const std::string_view word = text.substr(begin, end - begin);
    if (line.size() > 1 && line.size() + word.size() + 1 > width) {
      out += line + '\n';
      line = "#";
    }
    line += fmt::format(" {}", word);
    begin = end + 1;
  }
  return out + line + '\n';
}

std::string remark(const FittedParameter& parameter) {
  if (!parameter.note.empty()) return parameter.note;
  return fmt::format("95 %: {:.4g} to {:.4g}", parameter.low, parameter.high);
}

/// Puts a spread over devices into the entry's table.
void put_spread(core::Node& entry, const Law& law, const FittedParameter& parameter,
                std::vector<std::pair<std::string, std::string>>& remarks) {
  const auto key = law.spread_key(parameter.name);
  if (!key || parameter.spread <= 0) return;
  using Form = Law::SpreadKey::Form;
  const double share = parameter.value != 0 ? parameter.spread / std::abs(parameter.value) : 0;
  core::Node value;
  if (key->form == Form::table) {
    const bool absolute = share == 0 || share > 1;
    core::Node std_node, law_node;
    std_node.value = absolute ? parameter.spread : share;
    law_node.value = std::string(absolute ? "absolute" : "normal");
    value.table()["std"] = std_node;
    value.table()["law"] = law_node;
  } else {
    value.value = key->form == Form::absolute ? parameter.spread : share;
  }
  entry.table()[key->key] = value;
  remarks.emplace_back(key->key,
                       fmt::format("measured spread of {}: {:.3g} +- {:.2g}", parameter.name,
                                   parameter.spread, parameter.spread_error));
}

bool is_empty_spread(std::string_view key, const core::Node& value) {
  if (!key.ends_with("_spread") || !value.is_table()) return false;
  const core::Node* std = value.find("std");
  return std != nullptr && std::get<double>(std->value) == 0;
}

std::string pulse_table(const FitReport& report, const FittedModel& model, const Law& law) {
  std::string out = fmt::format("\n[pulse]\nkind = \"{}\"\n", model.kind);
  if (model.kind == "measured_table") return out + fmt::format("file = \"{}\"\n", steps_file);
  core::Node entry = law.node();
  std::vector<std::pair<std::string, std::string>> remarks;
  for (const FittedParameter& parameter : model.parameters) {
    remarks.emplace_back(parameter.name, remark(parameter));
    put_spread(entry, law, parameter, remarks);
  }
  remarks.emplace_back(model.noise_key, "noise of steps, fitted");
  const bool many = report.devices > 1;
  for (const auto& [key, value] : entry.table()) {
    if (key == "kind" || is_empty_spread(key, value)) continue;
    std::string why;
    for (const auto& [name, text] : remarks)
      if (name == key) why = text;
    if (why.empty() && (key.ends_with("_dtod") || key == "reference_std"))
      why = many ? "none beyond the errors of the fits, or not determined"
                 : "not measured: these are ramps of one device";
    out += fmt::format("{} = {}", key, value.text());
    out += why.empty() ? "\n" : fmt::format("  # {}\n", why);
  }
  for (const FittedParameter& parameter : model.parameters) {
    if (parameter.name.find('[') != std::string::npos)
      out += fmt::format("# {} = {:.5g}, {}\n", parameter.name, parameter.value, remark(parameter));
  }
  return out;
}

std::string models_table(const FitReport& report) {
  std::string out = "# Models by the information criterion of Akaike, above the best:\n";
  for (const FittedModel& other : report.models)
    out += fmt::format("#   {:<24} {:>10.1f}\n", other.kind, other.above_best);
  return out;
}

std::string goodness(const FitReport& report, const FittedModel& model) {
  std::string out = comment(fmt::format(
      "Error of the next read, in units of w: {:.4g} on fitted ramps{}; the measured noise allows "
      "{:.4g}.",
      model.error_fitted,
      model.error_held_back > 0 ? fmt::format(", {:.4g} on ramps held back", model.error_held_back)
                                : "",
      report.noise_floor));
  if (report.ramp_floor > 0 && model.ramp_error > 0) {
    out +=
        comment(fmt::format("Error of whole ramps held back from the mean start: {:.4g}; they "
                            "scatter by {:.4g} around the mean of fitted ramps.",
                            model.ramp_error, report.ramp_floor));
  }
  return out;
}

}  // namespace

std::string preset_text(const FitReport& report, const FittedModel& model, const Law& law,
                        const FitOptions& options) {
  std::string out = comment(fmt::format(
      "Fitted by `ohmlab fit` to {} reads of {} {}{}. Check it before it is cited.", report.reads,
      report.ramps,
      report.devices > 1 ? fmt::format("ramps of {} devices", report.devices)
                         : "ramps of one device",
      report.held_back > 0 ? fmt::format(", {} of them held back", report.held_back) : ""));
  out += "#\n" + models_table(report) + "#\n" + goodness(report, model);
  for (const std::string& name : report.excluded) out += comment("Left out as an outlier: " + name);
  for (const std::string& note : report.notes) out += comment(note);
  std::vector<std::string> missing{"t_read", "v_write", "t_pulse"};
  if (!options.read_voltage) missing.insert(missing.begin(), "v_read");
  if (!report.siemens) missing.insert(missing.begin(), {"g_min", "g_max"});
  out += "#\n" + comment(fmt::format("Not cited: {}. Without them work is not billed.",
                                     fmt::join(missing, ", ")));
  std::vector<std::string> names;
  for (const std::string& file : report.data)
    names.push_back(std::filesystem::path(file).filename().string());
  core::Node source;
  source.value = fmt::format("fitted by ohmlab to {}", fmt::join(names, ", "));
  out += fmt::format("\nsource = {}\n", source.text());
  if (report.siemens) {
    out += fmt::format("g_min = {}\ng_max = {}\n", core::shortest(report.low),
                       core::shortest(report.high));
  }
  if (options.read_voltage)
    out += fmt::format("v_read = {}\n", core::shortest(std::abs(*options.read_voltage)));
  out += pulse_table(report, model, law);
  if (model.read_noise > 0) {
    out += fmt::format(
        "\n# Whether it is redrawn with each read or with each write cannot be told from one read "
        "after each pulse.\n[read_noise]\nkind = \"white\"\nstd = {}\n",
        core::shortest(model.read_noise / 2));
  }
  return out;
}

void write_preset(const FitReport& report, const std::filesystem::path& file,
                  const Heading& heading) {
  const std::filesystem::path steps = file.parent_path() / (file.stem().string() + "_steps.csv");
  for (const auto& path : {file, steps}) {
    if (path == steps && report.steps.empty()) continue;
    if (!heading.force && std::filesystem::exists(path))
      throw core::UserError({path.string(), 0}, "", "", "exists already: --force overwrites it");
  }
  std::string text = report.preset;
  if (const auto at = text.find(steps_file); at != std::string::npos)
    text.replace(at, std::string_view(steps_file).size(), steps.filename().string());
  const auto now = std::time(nullptr);
  std::string head = comment(fmt::format("Made on {:%Y-%m-%d} (UTC).", fmt::gmtime(now)));
  if (!heading.command.empty()) head += comment("Command: " + heading.command);
  text = head + text;
  const auto write = [](const std::filesystem::path& path, const std::string& content) {
    io::PartFile part(path);
    part.write(std::as_bytes(std::span(content)));
    part.commit();
  };
  if (!report.steps.empty()) write(steps, report.steps);
  write(file, text);
}

}  // namespace ohmlab::fitting
