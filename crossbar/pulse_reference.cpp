#include "pulse_reference.hpp"

#include <bit>

#include "../core/rng.hpp"

namespace ohmlab::crossbar {
namespace {

using core::Index;

template <class P>
PulseCount pulse_one_by_one(const P& response, const PulseTrains& trains, const core::ConstRows& x,
                            const core::ConstRows& d, const PulsedCells& cells) {
  const bool noisy = response.cycle_noise() > 0;
  const auto write_noise = static_cast<float>(response.write_noise());
  PulseCount count;
  for (Index i = 0; i < trains.rows; ++i) {
    for (Index j = 0; j < trains.cols; ++j) {
      devices::Columns<float, P::columns> own;
      for (int c = 0; c < P::columns; ++c)
        own[c] = cells.parameters[static_cast<std::size_t>(c)](i, j);
      float w = cells.w(i, j);
      std::uint32_t k = 0;
      core::Block<float> xi{};
      for (Index b = 0; b < trains.vectors; ++b) {
        const bool up =
            static_cast<double>(x(b, i)) * static_cast<double>(d(b, j)) * cells.way.direction > 0;
        if (cells.way.upward_only && !up) continue;
        for (int hits = std::popcount(trains.row(b, i) & trains.col(b, j)); hits > 0; --hits, ++k) {
          if (noisy && k % 4 == 0) {
            xi = core::normals(
                core::random_block(cells.noise, cells.cell_number(i, j), cells.operation, k / 4));
          }
          count.w_sum += static_cast<double>(w);
          w = response.template step<float>(own, w, up, xi[static_cast<int>(k % 4)]);
        }
      }
      if (k == 0) continue;
      count.coincidences += k;
      cells.pulses(i, j) += k;
      cells.w(i, j) = w;
      cells.written(i, j) = cells.write_place;
      cells.apparent(i, j) = w;
      if (write_noise > 0) {
        const auto xi_write = core::normals(core::random_block(cells.write, cells.cell_number(i, j),
                                                               cells.operation, std::uint32_t{0}));
        cells.apparent(i, j) += write_noise * xi_write[0];
      }
    }
  }
  return count;
}

}  // namespace

PulseCount pulse_cells_one_by_one(const devices::Pulse& response, const PulseTrains& trains,
                                  const core::ConstRows& x, const core::ConstRows& d,
                                  const PulsedCells& cells) {
  return response.visit([&](const auto& r) { return pulse_one_by_one(r, trains, x, d, cells); });
}

}  // namespace ohmlab::crossbar
