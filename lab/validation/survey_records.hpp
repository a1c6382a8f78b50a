#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "../../core/fields.hpp"

/// The survey of published macros, `configs/validation/survey.toml`.
namespace ohmlab::validation {

/// Kind of cells that a macro multiplies with.
enum class MacroCells { sram, resistive };
constexpr std::array<std::string_view, 2> enum_names(MacroCells) { return {"sram", "resistive"}; }

/// One operating point of a measured macro.
struct SurveyRow {
  std::string name, chip;
  double node = 0;  ///< m
  std::optional<double> voltage;
  MacroCells cells = MacroCells::sram;
  std::int64_t rows = 1;
  double input_bits = 1, output_bits = 1, conversions = 1;
  double efficiency = 1;  ///< operations a joule
  std::string excluded, checked, source;

  static constexpr auto fields = core::Fields{
      core::field("name", &SurveyRow::name, "name of the operating point", core::Need::required),
      core::field("chip", &SurveyRow::chip,
                  "rows of one chip share a design; names are those of macros.toml where both have "
                  "the chip",
                  core::Need::required),
      core::field("node", &SurveyRow::node, "m", core::between(3e-9, 350e-9), "technology node",
                  core::Need::required),
      core::field("voltage", &SurveyRow::voltage, "V", core::above(0),
                  "supply; that of the node's table unless published"),
      core::field("cells", &SurveyRow::cells, "kind of cells", core::Need::required),
      core::field("rows", &SurveyRow::rows, "", core::at_least(1),
                  "products that one conversion sums", core::Need::required),
      core::field("input_bits", &SurveyRow::input_bits, "", core::between(1, 16),
                  "bits of an input that drive a row at once", core::Need::required),
      core::field("output_bits", &SurveyRow::output_bits, "", core::between(1, 16),
                  "bits of the converter; 1 for a comparator", core::Need::required),
      core::field("conversions", &SurveyRow::conversions, "", core::at_least(1),
                  "conversions of one sum"),
      core::field(
          "efficiency", &SurveyRow::efficiency, "OP/J", core::above(0),
          "published efficiency at the bits of one conversion; a multiply-accumulate is two "
          "operations",
          core::Need::required),
      core::field("excluded", &SurveyRow::excluded, "reason why the fit leaves it out"),
      core::field("checked", &SurveyRow::checked, "check of the figures", core::Need::required),
      core::field("source", &SurveyRow::source, "publication of the figures", core::Need::required),
  };
  [[nodiscard]] std::string problem() const;

  /// Joules of one conversion with everything that the macro contains.
  [[nodiscard]] double joules() const {
    return 2 * static_cast<double>(rows) / (conversions * efficiency);
  }
};

struct Survey {
  std::vector<SurveyRow> rows;
  static constexpr auto fields = core::Fields{
      core::field("rows", &Survey::rows, "measured operating points", core::Need::required),
  };
  /// A name that is there twice.
  [[nodiscard]] std::string problem() const;
};

/// Reads the survey that comes with the program, or another.
[[nodiscard]] Survey load_survey(const std::filesystem::path& file = {});

}  // namespace ohmlab::validation
