#include "resistor_grid.hpp"

namespace ohmlab::crossbar {

void ResistorGrid::Cells::draw(core::Index vector, core::Matrix& out) const {
  out.resize(conductances.rows(), conductances.cols());
  const auto cells = static_cast<std::size_t>(out.size());
  core::fill_normal(noise, operation, static_cast<std::uint64_t>(vector) * cells,
                    {out.data(), cells});
  out = (conductances.array() + deviations.array() * out.array()).max(0.0F);
}

}  // namespace ohmlab::crossbar
