// The physics of a cell is written once and run twice: sixteen cells at once must get the bits that
// each gets alone. A new model is tested before its author writes a test.
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <type_traits>

#include "ohmlab/core/rng.hpp"
#include "ohmlab/devices/conductions.hpp"
#include "ohmlab/devices/drifts.hpp"
#include "ohmlab/devices/programmings.hpp"
#include "ohmlab/devices/pulses.hpp"
#include "ohmlab/devices/read_noises.hpp"

#include "tests/catch.hpp"
#include "tests/contracts/variants.hpp"

using namespace ohmlab;
using core::F16;
using core::I16;
using core::U16;

namespace {

constexpr std::uint32_t cells = 16 * 256;
const core::Stream random_input = core::stream(23, core::StreamId::data, 1);

struct Draws {
  core::Block<F16> together;
  core::Block<float> alone[16];
};

/// The normals of sixteen cells, from both roads.
void draw_normals(std::uint32_t first, std::uint32_t block, Draws& out) {
  const U16 cell = core::lane_index<U16>() + first;
  out.together = core::normals(core::random_block(random_input, cell, 0, block));
  for (std::uint32_t lane = 0; lane < 16; ++lane) {
    out.alone[lane] =
        core::normals(core::random_block<std::uint32_t>(random_input, first + lane, 0, block));
  }
}

/// The number of lanes that differ in a bit; a NaN in both counts as a difference, for physics has
/// none.
int differences(const F16& together, const float (&alone)[16]) {
  int count = 0;
  for (int lane = 0; lane < 16; ++lane) {
    const float x = together[lane];
    count += std::bit_cast<std::uint32_t>(x) != std::bit_cast<std::uint32_t>(alone[lane]) || x != x;
  }
  return count;
}

/// Draws cells, then pulses them from states inside, beyond and exactly at their bounds.
template <class P>
void check_pulse(const P& pulse) {
  int drawn_wrong = 0, stepped_wrong = 0, clipped_wrong = 0;
  for (std::uint32_t first = 0; first < cells; first += 16) {
    Draws input;
    draw_normals(first, 2, input);
    const U16 numbers = core::lane_index<U16>() + first;
    const auto packed =
        pulse.template draw<F16>(devices::normals_of<F16>(random_input, numbers, 1, P::normals));
    devices::Columns<float, P::columns> cell[16];
    for (int lane = 0; lane < 16; ++lane) {
      cell[lane] = pulse.template draw<float>(devices::normals_of<float>(
          random_input, first + static_cast<std::uint32_t>(lane), 1, P::normals));
    }
    for (int c = 0; c < P::columns; ++c) {
      float column[16];
      for (int lane = 0; lane < 16; ++lane) column[lane] = cell[lane][c];
      drawn_wrong += differences(packed[c], column);
    }

    // a state for each kind of place: at each parameter of the cell (bounds are among them), or
    // anywhere
    for (int place = -1; place < P::columns; ++place) {
      const F16 w = place < 0 ? F16(input.together[0] * 0.7F) : packed[place];
      I16 up;
      for (int lane = 0; lane < 16; ++lane) up[lane] = input.alone[lane][1] > 0 ? -1 : 0;
      const F16 stepped = pulse.template step<F16>(packed, w, up, input.together[2]);
      const F16 clipped = P::template clip<F16>(packed, w);
      float step[16], clip[16];
      for (int lane = 0; lane < 16; ++lane) {
        step[lane] = pulse.template step<float>(cell[lane], w[lane], input.alone[lane][1] > 0,
                                                input.alone[lane][2]);
        clip[lane] = P::template clip<float>(cell[lane], w[lane]);
      }
      stepped_wrong += differences(stepped, step);
      clipped_wrong += differences(clipped, clip);
    }
  }
  CHECK(drawn_wrong == 0);
  CHECK(stepped_wrong == 0);
  CHECK(clipped_wrong == 0);
}

template <class D>
void check_drift(const D& drift) {
  constexpr float g_max = 25e-6F;
  const float ages[] = {-1.0F, 0.0F, 1e-7F, 0.5F, 1.0F, 20.0F, 20.00001F, 3600.0F, 2.6e6F, 1e12F};
  const float shares[] = {0.0F, 1e-8F, 0.0077F, 0.2F, 1.0F, 1.5F};  // of g_max; and, last, anywhere
  int wrong = 0;
  for (std::uint32_t first = 0; first < cells; first += 16) {
    Draws input;
    draw_normals(first, 3, input);
    const F16 xi = input.together[0];
    for (const float age : ages) {
      for (int place = 0; place <= static_cast<int>(std::size(shares)); ++place) {
        const F16 g = place < static_cast<int>(std::size(shares))
                          ? core::splat<F16>(shares[place] * g_max)
                          : F16(core::abs(input.together[1]) * (g_max / 3));
        const F16 together = drift.template conductance<F16>(g, core::splat<F16>(age), xi, g_max);
        float alone[16];
        for (int lane = 0; lane < 16; ++lane) {
          alone[lane] = drift.template conductance<float>(g[lane], age, xi[lane], g_max);
        }
        wrong += differences(together, alone);
      }
    }
  }
  CHECK(wrong == 0);
}

}  // namespace

TEST_CASE("sixteen cells pulsed at once get the bits of each pulsed alone") {
  devices::Pulse::each([]<class Entry>() {
    CAPTURE(Entry::name);
    tests::each_variant<Entry>([](const auto& pulse) { check_pulse(pulse); });
  });
}

TEST_CASE("sixteen cells that drift at once get the bits of each alone") {
  devices::Drift::each([]<class Entry>() {
    CAPTURE(Entry::name);
    tests::each_variant<Entry>([](const auto& drift) { check_drift(drift); });
  });
}

TEST_CASE("no pulse moves a cell against its sign, wherever the cell is") {
  devices::Pulse::each([]<class Entry>() {
    CAPTURE(Entry::name);
    tests::each_variant<Entry>([](Entry pulse) {
      if constexpr (requires { pulse.dw_min_std; }) pulse.dw_min_std = 0;
      int wrong = 0, beyond = 0;
      for (std::uint32_t cell = 0; cell < cells; ++cell) {
        const auto normals = [&](std::uint32_t block) {
          return core::normals(core::random_block<std::uint32_t>(random_input, cell, 0, block));
        };
        const auto own = pulse.template draw<float>(
            devices::normals_of<float>(random_input, cell, 1, Entry::normals));
        const float w = 3 * normals(2)[0];
        beyond += Entry::template clip<float>(own, w) != w;
        wrong += pulse.template step<float>(own, w, true, 0.0F) < w;
        wrong += pulse.template step<float>(own, w, false, 0.0F) > w;
        wrong += pulse.change(own, static_cast<double>(w), true) < 0;
        wrong += pulse.change(own, static_cast<double>(w), false) > 0;
      }
      CHECK(wrong == 0);
      CHECK((beyond > 100) == (Entry::name != devices::IdealPulse::name));
    });
  });
}

TEST_CASE("the step apart from the state is the step of a pulse without noise, and is held alike") {
  devices::Pulse::each([]<class Entry>() {
    CAPTURE(Entry::name);
    tests::each_variant<Entry>([](const Entry& pulse) {
      for (std::uint32_t cell = 0; cell < 256; ++cell) {
        const auto normals = [&](std::uint32_t block) {
          return core::normals(core::random_block<std::uint32_t>(random_input, cell, 0, block));
        };
        const auto own = pulse.template draw<float>(
            devices::normals_of<float>(random_input, cell, 1, Entry::normals));
        const auto from = static_cast<double>(normals(2)[0]);
        for (const bool up : {true, false}) {
          const double to = Entry::held(own, from, from + pulse.change(own, from, up));
          CHECK(static_cast<double>(pulse.template step<float>(own, normals(2)[0], up, 0.0F)) ==
                Approx(to).margin(1e-6 + 5e-5 * std::abs(to - from)));
        }
      }
    });
  });
}

TEST_CASE("no noise takes a cell out of its range, also if conductance ends before its bound") {
  devices::Pulse::each([]<class Entry>() {
    CAPTURE(Entry::name);
    tests::each_variant<Entry>([](Entry pulse) {
      bool shaken = pulse.cycle_noise() > 0 && Entry::name != devices::MeasuredTable::name;
      const auto shake = [&](double& noise, double strongly) {
        noise = strongly;
        shaken = true;
      };
      if constexpr (requires { pulse.dw_min_std; }) shake(pulse.dw_min_std, 5000);
      if constexpr (requires { pulse.range_std; }) shake(pulse.range_std, 0.5);
      if constexpr (requires { pulse.cycle_std; }) {
        shake(pulse.cycle_std, 5000);
        pulse.window = devices::Window::none;  // windows hold so strong a pulse back at the ends
      }
      if constexpr (requires { pulse.gap_std; }) shake(pulse.gap_std, 1e-9);
      constexpr float lowest = -0.75F;
      int outside = 0, met = 0;
      for (std::uint32_t cell = 0; cell < 256; ++cell) {
        auto own = pulse.template draw<float>(
            devices::normals_of<float>(random_input, cell, 1, Entry::normals));
        const double before = Entry::range(own).first;
        Entry::limit(own, lowest);
        const auto [low, high] = Entry::range(own);
        outside += low != std::max(before, static_cast<double>(lowest)) || high < low;
        float w = Entry::template clip<float>(own, 0.0F);
        for (std::uint32_t k = 0; k < 20; ++k) {
          const auto xi = core::normals(core::random_block(random_input, cell, 2, k));
          w = pulse.template step<float>(own, w, xi[1] > 0, xi[0]);
          outside += !(static_cast<double>(w) >= low && static_cast<double>(w) <= high);
          met += Entry::at_bound(own, w);
        }
      }
      CHECK(outside == 0);
      CHECK((met > 100) == shaken);
    });
  });
}

TEST_CASE("the symmetry point of a cell is in its range, and its two steps are equal there") {
  devices::Pulse::each([]<class Entry>() {
    CAPTURE(Entry::name);
    tests::each_variant<Entry>([](const Entry& pulse) {
      CHECK(pulse.granularity() > 0);
      for (std::uint32_t cell = 0; cell < 256; ++cell) {
        const auto own = pulse.template draw<float>(
            devices::normals_of<float>(random_input, cell, 1, Entry::normals));
        const auto point = devices::symmetry_point(pulse, own);
        if (!point) continue;
        const auto [low, high] = Entry::range(own);
        CHECK((*point >= low && *point <= high));
        const double rise = pulse.change(own, *point, true);
        CHECK(rise + pulse.change(own, *point, false) == Approx(0).margin(1e-9 + 1e-7 * rise));
      }
    });
  });
}

namespace {

constexpr float full = 25e-6F;  // S

template <class D>
float left_after(const D& drift, float g, double age, float xi) {
  return drift.template conductance<float>(g, static_cast<float>(age), xi, full);
}

/// Drift starts at nothing, leaves no negative conductance, makes no jump, and where each write
/// draws a relaxation, spreads cells apart and never together.
template <class D>
void check_drift_in_time(const D& drift) {
  int moved_early = 0, negative = 0, jumps = 0, closing = 0, moved = 0;
  for (const float share : {0.0F, 1e-3F, 0.03F, 0.0944F, 0.0946F, 0.3F, 0.7F, 1.0F, 1.4F}) {
    const float g = share * full;
    for (const float xi : {-6.77F, -1.0F, 0.0F, 0.6F, 6.77F}) {
      for (const double age : {-1e6, -1.0, 0.0}) moved_early += left_after(drift, g, age, xi) != g;
      float last = g, last_spread = 0;
      for (double age = 1e-7; age < 1e10; age *= 1.02) {
        const float now = left_after(drift, g, age, xi);
        negative += !(now >= 0) || !std::isfinite(now);
        jumps += std::abs(now - last) > 0.02F * full;
        moved += now != g;
        last = now;
        if constexpr (D::each_write) {
          const float spread = left_after(drift, g, age, 1) - left_after(drift, g, age, -1);
          closing += spread < last_spread - 1e-3F * full && left_after(drift, g, age, -1) > 0;
          last_spread = spread;
        }
      }
    }
  }
  CHECK(moved_early == 0);
  CHECK(negative == 0);
  CHECK(jumps == 0);
  CHECK(closing == 0);
  CHECK((moved > 100) == !D::keeps);
}

bool is_error(double sigma) { return sigma >= 0 && std::isfinite(sigma); }

}  // namespace

TEST_CASE("every drift starts at nothing, makes no jump and leaves no negative conductance") {
  devices::Drift::each([]<class Entry>() {
    CAPTURE(Entry::name);
    tests::each_variant<Entry>([](const auto& drift) { check_drift_in_time(drift); });
  });
}

TEST_CASE("errors of programming and reading are finite and not negative") {
  constexpr double g_max = 25e-6;
  devices::Programming::each([]<class Entry>() {
    CAPTURE(Entry::name);
    tests::each_variant<Entry>([](const Entry& programming) {
      double most = 0;
      for (int k = 0; k <= 150; ++k) {
        const double sigma = programming.sigma(k / 100.0 * g_max, 0, g_max);
        CHECK(is_error(sigma));
        most = std::max(most, sigma);
      }
      CHECK((most > 0) == (Entry::name != devices::NoProgrammingError::name));
    });
  });
  devices::ReadNoise::each([]<class Entry>() {
    CAPTURE(Entry::name);
    tests::each_variant<Entry>([](const Entry& noise) {
      double most = 0;
      for (int k = 0; k <= 150; k += 5) {
        const double g = k / 100.0 * g_max;
        double last = 0;
        for (double age = 1e-9; age < 1e9; age *= 3) {
          const double sigma = noise.sigma(g, g, age, 0, g_max);
          CHECK(is_error(sigma));
          CHECK(sigma >= last);  // none shrinks with age while the conductance stays
          last = sigma;
        }
        most = std::max(most, last);
      }
      CHECK((most > 0) == !Entry::quiet);
    });
  });
}

TEST_CASE("current rises with voltage up to the highest, and heats") {
  const auto check = [](const auto& conduction) {
    constexpr double v_read = 0.2;
    const auto law = conduction.law(v_read);
    const double highest = std::min(3.0, conduction.highest());
    double last = 0;
    for (int k = 1; k <= 100; ++k) {
      const double volts = k / 100.0 * highest, now = law.current(volts / v_read);
      CHECK(now > last);
      CHECK(law.current(-volts / v_read) == Approx(-now));
      CHECK(law.power(volts) == Approx(volts * v_read * now));
      last = now;
    }
    if (conduction.highest() < 3) CHECK(law.current(1.01 * highest / v_read) < last);
  };
  devices::Conduction::each([&]<class Entry>() {
    CAPTURE(Entry::name);
    check(Entry{});
  });
  check(devices::CubicConduction{.a = -0.25});
}
