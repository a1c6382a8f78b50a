#include "range_control.hpp"

namespace ohmlab::crossbar {

bool RangeControl::calibrates(const SignalRange& range, Direction direction) const {
  const auto* plan = std::get_if<CalibratedRange>(&range.choice);
  return plan != nullptr && side(direction).vectors < static_cast<double>(plan->vectors);
}

void RangeControl::count(const CalibratedRange& plan, Direction direction, double vectors,
                         const std::vector<double>& sizes) {
  Side& side = sides_[direction == Direction::to_cols ? 0 : 1];
  side.vectors += vectors;
  for (std::size_t bin = 0; bin < sizes.size(); ++bin)
    side.sizes[static_cast<Index>(bin)] += sizes[bin];
  if (side.vectors < static_cast<double>(plan.vectors)) return;
  const double within = plan.quantile * side.sizes.sum();
  double sum = 0;
  Index bin = 0;
  while (bin + 1 < side.sizes.size() && (sum += side.sizes[bin]) < within) ++bin;
  side.range = static_cast<double>(bin + 1) / static_cast<double>(side.sizes.size());
}

void RangeControl::state(core::Archive& archive) {
  for (std::size_t k = 0; k < sides_.size(); ++k) {
    const core::Archive::Part part(archive, k == 0 ? "to_cols" : "to_rows");
    archive.item("range", sides_[k].range);
    archive.item("vectors", sides_[k].vectors);
    archive.item("sizes", sides_[k].sizes);
  }
}

}  // namespace ohmlab::crossbar
