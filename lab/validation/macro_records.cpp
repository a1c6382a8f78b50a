#include "macro_records.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "../../core/config.hpp"
#include "../../core/errors.hpp"
#include "../../core/field_values.hpp"
#include "../../cost/actions.hpp"
#include "records.hpp"
#include "text.hpp"

namespace ohmlab::validation {
namespace {

std::string evidence_name(Evidence evidence) {
  return std::string(enum_names(evidence)[static_cast<std::size_t>(evidence)]);
}

}  // namespace

std::string Macro::problem() const {
  if (blank(source)) return "source is empty: no figure without one";
  if (blank(checked))
    return "checked is empty: expected how its figures were checked, or \"memory\"";
  for (const auto& [action, joules] : components) {
    const auto found = cost::find_action(action);
    if (!found || (*found != cost::Action::adc_convert && *found != cost::Action::line_charge &&
                   *found != cost::Action::dac_drive)) {
      return "components." + action + ": expected adc_convert, line_charge or dac_drive";
    }
  }
  if (!components.empty() && mode && mode->static_power())
    return "components: a macro of mode \"current\" is known by its power alone";
  if (drive_bits && input_bits && *drive_bits > *input_bits)
    return "expected drive_bits <= input_bits";
  if (!excluded.empty()) return "";
  const auto missing = [](bool there, const char* key) {
    return there ? std::string() : std::string(key) + " is missing, and the row is not excluded";
  };
  for (const auto& [there, key] : {std::pair{rows.has_value(), "rows"},
                                   {cols.has_value(), "cols"},
                                   {input_bits.has_value(), "input_bits"},
                                   {output_bits.has_value(), "output_bits"},
                                   {time.has_value(), "time"},
                                   {macs.has_value(), "macs"},
                                   {efficiency.has_value(), "efficiency"}}) {
    if (!there) return missing(there, key);
  }
  return "";
}

std::string MacroRecords::problem() const {
  std::set<std::string> names;
  for (const Macro& macro : macros) {
    if (!names.insert(macro.name).second) return "macros: \"" + macro.name + "\" is there twice";
  }
  for (const Transfer& transfer : transfers) {
    const std::string which =
        fmt::format(R"(transfers: "{}" to "{}": )", transfer.from, transfer.to);
    if (transfer.from == transfer.to)
      return which + "a row that sets a constant is no evidence for it";
    for (const std::string& name : {transfer.from, transfer.to}) {
      if (!names.contains(name)) return which + "no macro is called \"" + name + "\"";
      const Macro& macro = named(name);
      if (macro.evidence != Evidence::independent) {
        return which + fmt::format("\"{}\" is {}, not measured: it is no evidence", name,
                                   evidence_name(macro.evidence));
      }
      if (!macro.mode || !macro.rows || !macro.cols || !macro.input_bits || !macro.output_bits ||
          !macro.macs || !macro.efficiency) {
        return which + "\"" + name + "\" lacks its mode, size, bits, macs or efficiency";
      }
      const bool by_power = macro.mode->static_power();
      if (by_power && name == transfer.from && !macro.time)
        return which + "\"" + name + "\" lacks its time";
      if (!by_power && !macro.voltage) return which + "\"" + name + "\" lacks its voltage";
    }
    if (named(transfer.from).chip != named(transfer.to).chip)
      return which + "they are of different chips";
    if (named(transfer.from).mode->kind() != named(transfer.to).mode->kind())
      return which + "their modes differ";
  }
  return "";
}

const Macro& MacroRecords::named(const std::string& name) const {
  return *std::find_if(macros.begin(), macros.end(),
                       [&](const Macro& macro) { return macro.name == name; });
}

MacroRecords load_macro_records(const std::filesystem::path& file) {
  return core::read<MacroRecords>(core::load_config(file.empty() ? records_file("macros") : file));
}

std::vector<Macro> blind_evidence(const MacroRecords& records,
                                  const std::vector<std::string>& wanted) {
  std::vector<Macro> out;
  for (const Macro& macro : records.macros) {
    const bool named = std::find(wanted.begin(), wanted.end(), macro.name) != wanted.end();
    const bool sound = macro.evidence == Evidence::independent && macro.excluded.empty();
    if (named && !sound) {
      throw core::UserError({}, "macros", macro.name,
                            macro.evidence != Evidence::independent
                                ? fmt::format("is {}, not measured ({}): it is no evidence",
                                              evidence_name(macro.evidence), macro.source)
                                : "is not scored: " + macro.excluded);
    }
    if (sound && (wanted.empty() || named)) out.push_back(macro);
  }
  return out;
}

}  // namespace ohmlab::validation
