#include "state_walk.hpp"

#include <bit>
#include <cmath>

#include "../core/parallel.hpp"
#include "../core/rng.hpp"

namespace ohmlab::crossbar {

using core::Index;

StateWalk::StateWalk(const devices::Device& device, Index rows, const core::Stream& stream,
                     std::uint32_t first_cell)
    : pulse_(device.pulse),
      per_second_(device.diffusion * device.diffusion *
                  device.acceleration(device.activation.drift)),
      stream_(stream),
      first_cell_(first_cell) {
  if (any()) times_.assign(static_cast<std::size_t>(rows), 0.0);
}

void StateWalk::advance(Index first, Index count, double now, const Cells& cells) {
  if (!any()) return;
  constexpr Index row_slice = 4;  // fixed: results do not depend on the number of threads
  const auto key = std::bit_cast<std::uint64_t>(now);
  const Index cols = cells.w.cols();
  pulse_.visit([&]<class P>(const P&) {
    core::for_slices(count, row_slice, static_cast<double>(50 * cols),
                     [&](Index begin, Index end) noexcept {
      for (Index i = first + begin; i < first + end; ++i) {
        double& time = times_[static_cast<std::size_t>(i)];
        if (now <= time) continue;
        const auto sigma = static_cast<float>(std::sqrt(per_second_ * (now - time)));
        time = now;
        for (Index j = 0; j < cols; ++j) {
          devices::Columns<float, P::columns> own;
          for (int c = 0; c < P::columns; ++c)
            own[c] = cells.parameters[static_cast<std::size_t>(c)](i, j);
          const auto cell = first_cell_ + static_cast<std::uint32_t>(i * cols + j);
          const float xi =
              core::normals(core::random_block(stream_, cell, key, std::uint32_t{0}))[0];
          const auto from = static_cast<double>(cells.w(i, j));
          const auto to =
              static_cast<float>(P::held(own, from, from + static_cast<double>(sigma * xi)));
          cells.apparent(i, j) += to - cells.w(i, j);
          cells.w(i, j) = to;
        }
      }
    });
  });
}

void StateWalk::restart(Index row, double now) {
  if (any()) times_[static_cast<std::size_t>(row)] = now;
}

void StateWalk::state(core::Archive& archive) {
  if (any()) archive.item("walk_times", times_);
}

}  // namespace ohmlab::crossbar
