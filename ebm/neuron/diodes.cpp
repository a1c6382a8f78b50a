#include "diodes.hpp"

#include <limits>

#include <fmt/format.h>

#include "../../core/errors.hpp"
#include "../../core/parallel.hpp"

namespace ohmlab::ebm {

DiodeNodes::DiodeNodes(const LayerPlan& layer, const core::Vector& conductances, float nudge) {
  constexpr float none = std::numeric_limits<float>::infinity();
  const core::Index width = conductances.size();
  const auto sums = conductances.array() + nudge;
  shares = (sums > 0).select(1 / sums, 0.0F);
  low.setConstant(width, -none);
  high.setConstant(width, none);
  if (layer.diodes == Diodes::none) return;
  const core::Index above = width / 2;  // nodes that may be above 0
  low.head(above).setZero();
  high.tail(width - above).setZero();
}

void DiodeNodes::require_rest(const LayerPlan& layer, const core::Vector& conductances,
                              float nudge) {
  for (core::Index k = 0; k < conductances.size(); ++k) {
    if (conductances[k] <= 0 || conductances[k] + nudge > 0) continue;
    throw core::UserError(
        {}, "rule.nudge", fmt::format("{}", nudge),
        fmt::format("a node of layer \"{}\" has conductances of {} in all: expected a smaller "
                    "nudge",
                    layer.name, conductances[k]));
  }
}

void DiodeNodes::settle(const core::Vector& bias, const Nudge& nudge, core::Index first,
                        core::Rows volts) const noexcept {
  for (core::Index row = 0; row < volts.rows(); ++row) {
    auto at = volts.row(row).array();
    at += bias.array();
    if (nudge.strength != 0) at += nudge.strength * nudge.target->row(first + row).array();
    at = (at * shares.array()).max(low.array()).min(high.array());
  }
}

void DiodeNeuron::compute(const Field& field, Activity& out) const {
  constexpr core::Index batch_slice = 16;  // fixed: results do not depend on the number of threads
  const core::Index width = field.units();
  const float nudge = field.nudge.strength;
  DiodeNodes::require_rest(field.layer, *field.conductances, nudge);
  const DiodeNodes nodes(field.layer, *field.conductances, nudge);
  const bool diodes = field.layer.diodes == Diodes::half;
  read_feeds(field, out.mean);
  core::for_slices(field.batch(), batch_slice, static_cast<double>(4 * width),
                   [&](core::Index begin, core::Index end) noexcept {
    nodes.settle(field.bias, field.nudge, begin, out.mean.middleRows(begin, end - begin));
  });
  out.state = out.mean;
  const auto values = static_cast<double>(out.mean.size());
  field.edge.adds(field.component, values, edge_bits);                            // the bias
  if (diodes) field.edge.adds(field.component, values, edge_bits);                // one bound each
  field.edge.multiplies(field.component, values, edge_bits);                      // by 1/Σ g
  field.edge.multiplies(field.component, static_cast<double>(width), edge_bits);  // the inverses
  if (nudge != 0) {
    field.edge.adds(field.component, values, edge_bits);
    field.edge.multiplies(field.component, values, edge_bits);
  }
  field.edge.buffers(field.component, values, values, edge_bits);
}

}  // namespace ohmlab::ebm
