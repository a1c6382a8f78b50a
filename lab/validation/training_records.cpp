#include "training_records.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "../../core/config.hpp"
#include "../../core/errors.hpp"
#include "../../core/field_values.hpp"
#include "records.hpp"

namespace ohmlab::validation {
namespace {

template <class T>
T load(const std::string& name) {
  return core::read<T>(core::load_config(records_file(name)));
}

}  // namespace

TrainingRecords load_training_records() {
  return {load<StepPoints>("megatron"), load<PublishedRuns>("runs"), load<EnergyRecords>("energy")};
}

std::vector<EnergyRecord> evidence(const EnergyRecords& records,
                                   const std::vector<std::string>& wanted) {
  std::vector<EnergyRecord> out;
  for (const EnergyRecord& record : records.records) {
    const bool named = std::find(wanted.begin(), wanted.end(), record.name) != wanted.end();
    const bool sound = record.evidence == Evidence::independent && !record.calibration;
    if (named && !sound) {
      throw core::UserError(
          {}, "records", record.name,
          record.calibration
              ? "set a constant of the model: it is no evidence"
              : fmt::format("is {}, not measured ({}): it is no evidence",
                            enum_names(record.evidence)[static_cast<std::size_t>(record.evidence)],
                            record.source));
    }
    if (sound && (wanted.empty() || named)) out.push_back(record);
  }
  return out;
}

}  // namespace ohmlab::validation
