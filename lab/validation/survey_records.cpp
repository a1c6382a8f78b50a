#include "survey_records.hpp"

#include <set>

#include "../../core/config.hpp"
#include "../../core/errors.hpp"
#include "../../core/field_values.hpp"
#include "../../core/presets.hpp"
#include "text.hpp"

namespace ohmlab::validation {

std::string SurveyRow::problem() const {
  if (blank(source)) return "source is empty: no figure without one";
  if (blank(checked)) return "checked is empty: expected how its figures were checked";
  if (blank(chip)) return "chip is empty: rows of one chip are left out together";
  return "";
}

std::string Survey::problem() const {
  std::set<std::string> names;
  for (const SurveyRow& row : rows)
    if (!names.insert(row.name).second) return "rows: \"" + row.name + "\" is there twice";
  return "";
}

Survey load_survey(const std::filesystem::path& file) {
  const auto found = file.empty() ? core::find_preset("validation/survey", {}) : file;
  if (found.empty())
    throw core::WorldError("validation/survey.toml", "is missing among the installed presets");
  return core::read<Survey>(core::load_config(found));
}

}  // namespace ohmlab::validation
