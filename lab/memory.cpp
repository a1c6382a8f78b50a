#include "memory.hpp"

#include <functional>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

#include "../crossbar/cells.hpp"
#include "../crossbar/paths.hpp"

namespace ohmlab::lab {
namespace {

constexpr core::Index side = 64;
constexpr double cells = side * side;

double bytes_a_cell(const devices::Device& device) {
  const crossbar::Tiling tiling = crossbar::Tiling::of(side, side, 0, 0);
  return crossbar::CellPlane(tiling, device, 1, 0, 0, {}).bytes() / cells;
}

/// Bytes of all items as they are kept: float32, or eight bytes.
double bytes_of(const core::Archive& archive) {
  double out = 0;
  for (const auto& [name, values] : archive.items()) {
    std::visit([&](const auto& of) {
      using T = typename std::remove_cvref_t<decltype(of)>::value_type;
      if constexpr (!std::is_same_v<T, std::string>)
        out += static_cast<double>(of.size() * sizeof(T));
    }, values);
  }
  return out;
}

}  // namespace

MemoryTable memory_table() {
  MemoryTable out;
  devices::Device plain;
  plain.g_min = 1e-6;
  plain.g_max = 9e-6;
  const double of_plain = bytes_a_cell(plain);
  const auto columns = [](const devices::Pulse& pulse) {
    return pulse.visit([](const auto& p) { return std::remove_cvref_t<decltype(p)>::columns; });
  };
  devices::Pulse::each([&]<class Entry>() {
    const double more =
        static_cast<double>(sizeof(float)) * (Entry::columns - columns(plain.pulse));
    out.pulses.push_back({std::string(Entry::name), of_plain + more});
  });

  const auto effect = [&](std::string_view name, const std::function<void(devices::Device&)>& add) {
    devices::Device device = plain;
    add(device);
    out.effects.push_back({std::string(name), bytes_a_cell(device) - of_plain});
  };
  effect("telegraph noise, one trap",
         [](auto& d) { d.read_noise.choice = devices::TelegraphReadNoise{.traps = 1}; });
  effect("1/f noise", [](auto& d) { d.read_noise.choice = devices::FlickerReadNoise{}; });
  effect("wear", [](auto& d) {
    d.endurance = 1e6;
    d.wear.choice = devices::WeibullWear{};
  });

  crossbar::Path::each([&]<class Entry>() {
    auto memory = Entry{}.start(core::Matrix::Zero(side, side));
    core::Archive archive;
    memory.state(archive);
    out.paths.push_back({std::string(Entry::name), bytes_of(archive) / cells,
                         static_cast<int>(Entry{}.gains().size())});
  });
  return out;
}

}  // namespace ohmlab::lab
