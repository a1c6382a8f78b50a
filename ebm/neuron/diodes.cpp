#include "diodes.hpp"

#include <limits>

#include <fmt/format.h>

#include "../../core/errors.hpp"
#include "../../core/parallel.hpp"

namespace ohmlab::ebm {

void DiodeNeuron::compute(const Field& field, Activity& out) const {
  constexpr core::Index batch_slice = 16;  // fixed: results do not depend on the number of threads
  constexpr float none = std::numeric_limits<float>::infinity();
  const core::Index width = field.units();
  const float nudge = field.nudge.strength;
  const core::Vector& conductances = *field.conductances;
  // A node without conductances stays at ground.
  core::Vector shares = core::Vector::Zero(width);
  for (core::Index k = 0; k < width; ++k) {
    if (conductances[k] <= 0 && nudge <= 0) continue;
    if (conductances[k] + nudge <= 0) {
      throw core::UserError(
          {}, "rule.nudge", fmt::format("{}", nudge),
          fmt::format("a node of layer \"{}\" has conductances of {} in all: expected a smaller "
                      "nudge",
                      field.layer.name, conductances[k]));
    }
    shares[k] = 1 / (conductances[k] + nudge);
  }
  const bool diodes = field.layer.diodes == Diodes::half;
  const core::Index above = diodes ? width / 2 : width;  // nodes that may be above 0
  core::Vector low = core::Vector::Constant(width, -none),
               high = core::Vector::Constant(width, none);
  if (diodes) {
    low.head(above).setZero();
    high.tail(width - above).setZero();
  }
  read_feeds(field, out.mean);
  core::for_slices(field.batch(), batch_slice, static_cast<double>(4 * width),
                   [&](core::Index begin, core::Index end) noexcept {
    for (core::Index row = begin; row < end; ++row) {
      auto volts = out.mean.row(row).array();
      volts += field.bias.array();
      if (nudge != 0) volts += nudge * field.nudge.target->row(row).array();
      volts = (volts * shares.array()).max(low.array()).min(high.array());
    }
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
