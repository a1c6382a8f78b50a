#include "survey_records.hpp"

#include <set>

#include "../../core/config.hpp"
#include "../../core/errors.hpp"
#include "../../core/field_values.hpp"
#include "records.hpp"
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
  return core::read<Survey>(core::load_config(file.empty() ? records_file("survey") : file));
}

}  // namespace ohmlab::validation
