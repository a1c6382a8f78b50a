#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "../../core/fields.hpp"
#include "read_modes.hpp"
#include "survey_records.hpp"
#include "training_records.hpp"

/// Published figures of compute-in-memory macros, as in `configs/validation/macros.toml`.
namespace ohmlab::validation {

/// Part of a chip that a published efficiency covers.
enum class MacroBoundary { core, chip, system };
constexpr std::array<std::string_view, 3> enum_names(MacroBoundary) {
  return {"core", "chip", "system"};
}

/// One published operating point.
struct Macro {
  std::string name, chip;
  double node = 0;  ///< technology node in m
  std::optional<double> voltage, time, efficiency;
  std::optional<std::int64_t> rows, cols, input_bits, drive_bits, weight_bits, output_bits, macs;
  std::map<std::string, double> components;  ///< joules of one product, by action
  std::optional<ReadMode> mode;
  MacroCells cells = MacroCells::sram;
  MacroBoundary boundary = MacroBoundary::core;
  Evidence evidence = Evidence::circular;
  std::string excluded, cause, checked, source;

  static constexpr auto fields = core::Fields{
      core::field("name", &Macro::name, "name of the operating point", core::Need::required),
      core::field("chip", &Macro::chip, "rows of one chip share a design", core::Need::required),
      core::field("node", &Macro::node, "m", core::between(7e-9, 130e-9), "technology node",
                  core::Need::required),
      core::field("voltage", &Macro::voltage, "V", core::above(0), "supply"),
      core::field("rows", &Macro::rows, "", core::at_least(1),
                  "rows of one array that are read at once"),
      core::field("cols", &Macro::cols, "", core::at_least(1),
                  "columns of one array that are converted"),
      core::field("input_bits", &Macro::input_bits, "", core::between(1, 16), "bits of an input"),
      core::field("drive_bits", &Macro::drive_bits, "", core::between(1, 16),
                  "bits of an input that a row is driven with at once; by default all"),
      core::field("weight_bits", &Macro::weight_bits, "", core::between(1, 16), "bits of a weight"),
      core::field("output_bits", &Macro::output_bits, "", core::between(2, 16),
                  "bits of the converter"),
      core::field("time", &Macro::time, "s", core::above(0), "time of one product"),
      core::field("macs", &Macro::macs, "", core::at_least(1),
                  "multiply-accumulates of one product of one array, of the bits given"),
      core::field("efficiency", &Macro::efficiency, "OP/J", core::above(0),
                  "published efficiency; a multiply-accumulate is two operations"),
      core::field("components", &Macro::components, "J", core::above(0),
                  "published joules of one product, by action"),
      core::field("mode", &Macro::mode, "mode of the read, for predictions from another row"),
      core::field("cells", &Macro::cells, "kind of cells", core::Need::required),
      core::field("boundary", &Macro::boundary, "part of the chip that the efficiency covers",
                  core::Need::required),
      core::field("evidence", &Macro::evidence, "measured independently, estimated or circular",
                  core::Need::required),
      core::field("excluded", &Macro::excluded, "reason why it is not predicted blind"),
      core::field("cause", &Macro::cause, "cause of a miss of the blind prediction"),
      core::field("checked", &Macro::checked, "check of the figures, or reason why there is none",
                  core::Need::required),
      core::field("source", &Macro::source, "publication of the figures", core::Need::required),
  };
  [[nodiscard]] std::string problem() const;

  /// Joules of one product, from the published efficiency.
  [[nodiscard]] double joules() const { return 2 * static_cast<double>(*macs) / *efficiency; }
};

/// A prediction of one row by the constants of another.
struct Transfer {
  std::string from, to, inputs, cause;
  static constexpr auto fields = core::Fields{
      core::field("from", &Transfer::from, "the row that sets the constants", core::Need::required),
      core::field("to", &Transfer::to, "the row that is predicted", core::Need::required),
      core::field("inputs", &Transfer::inputs, "values of the predicted row that are used",
                  core::Need::required),
      core::field("cause", &Transfer::cause, "cause of a miss"),
  };
};

struct MacroRecords {
  std::string cause;
  std::vector<Macro> macros;
  std::vector<Transfer> transfers;
  static constexpr auto fields = core::Fields{
      core::field("cause", &MacroRecords::cause, "cause of missed goals of the blind predictions"),
      core::field("macros", &MacroRecords::macros, "published operating points",
                  core::Need::required),
      core::field("transfers", &MacroRecords::transfers, "predictions of one row from another"),
  };
  /// Names that are missing or given twice, and transfers that are no evidence.
  [[nodiscard]] std::string problem() const;

  [[nodiscard]] const Macro& named(const std::string& name) const;
};

/// Reads the table that comes with the program, or another.
[[nodiscard]] MacroRecords load_macro_records(const std::filesystem::path& file = {});

/// Rows for blind prediction: measured and not excluded.
/// \throws core::UserError if `wanted` names another row; an empty `wanted` takes all of them
[[nodiscard]] std::vector<Macro> blind_evidence(const MacroRecords& records,
                                                const std::vector<std::string>& wanted = {});

}  // namespace ohmlab::validation
