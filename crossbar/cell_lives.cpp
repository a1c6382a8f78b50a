#include "cell_lives.hpp"

#include <algorithm>
#include <limits>
#include <optional>

#include "../core/rng.hpp"

namespace ohmlab::crossbar {

using core::Index;
using core::Matrix;

CellLives::CellLives(const devices::Device& device, const std::vector<FaultyCell>& faulty,
                     const core::Stream& stream, std::uint32_t first_cell)
    : wear_(device.wear),
      endurance_(device.endurance.value_or(0)),
      off_(device.lowest_state().value_or(std::numeric_limits<float>::lowest())),
      stream_(stream),
      first_cell_(first_cell),
      born_(faulty) {}

void CellLives::begin(Index cells) {
  if (!wear_.any()) return;
  for (Index k = 0; k < cells; ++k) {
    const auto number = first_cell_ + static_cast<std::uint32_t>(k);
    const float xi = core::normals(core::random_block(stream_, number, 0, std::uint32_t{0}))[0];
    const auto words = core::random_block(stream_, number, 0, std::uint32_t{1});
    const double uniform = core::uniform_double(words[0], words[1]);
    lives_.push_back(static_cast<float>(endurance_ * wear_.visit([&](const auto& wear) {
      return wear.life(uniform, static_cast<double>(xi));
    })));
  }
  mark_born();
}

void CellLives::mark_born() {
  fails_.assign(lives_.size(), 0);
  for (const FaultyCell& cell : born_) fails_[static_cast<std::size_t>(cell.cell)] = 1;
}

float CellLives::worn_state(Index cell, float w) const {
  const auto number = first_cell_ + static_cast<std::uint32_t>(cell);
  const auto words = core::random_block(stream_, number, 0, std::uint32_t{2});
  const std::optional<double> state = wear_.visit(
      [&](const auto& wear) { return wear.worn.of(core::uniform_double(words[0], words[1])); });
  return std::max(off_, state ? static_cast<float>(*state) : w);
}

void CellLives::add_worn(const CellNumbers& pulses, double at_most, const Matrix& w,
                         std::vector<FaultyCell>& faulty) {
  if (lives_.empty()) return;
  spare_ -= at_most;
  if (spare_ > 0) return;
  spare_ = std::numeric_limits<double>::infinity();
  for (std::size_t k = 0; k < lives_.size(); ++k) {
    if (fails_[k] != 0) continue;
    const double left =
        static_cast<double>(lives_[k]) - static_cast<double>(pulses.data()[k]) - programming_;
    if (left > 0) {
      spare_ = std::min(spare_, left);
      continue;
    }
    fails_[k] = 1;
    const auto cell = static_cast<Index>(k);
    faulty.push_back({cell, worn_state(cell, w.data()[k])});
  }
}

void CellLives::restore(const CellNumbers& pulses, const Matrix& w,
                        std::vector<FaultyCell>& faulty) {
  if (lives_.empty()) return;
  faulty = born_;
  mark_born();
  spare_ = 0;
  add_worn(pulses, 0, w, faulty);
  for (std::size_t k = born_.size(); k < faulty.size(); ++k)
    faulty[k].state = w.data()[faulty[k].cell];
}

}  // namespace ohmlab::crossbar
