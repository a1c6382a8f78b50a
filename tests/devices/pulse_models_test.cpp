// Pulse models beyond constant steps and soft bounds, against their published formulas in double.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "ohmlab/core/config.hpp"
#include "ohmlab/core/errors.hpp"
#include "ohmlab/core/field_values.hpp"
#include "ohmlab/core/rng.hpp"
#include "ohmlab/devices/device.hpp"

#include "tests/catch.hpp"
#include "tests/oracles/statistics.hpp"

using namespace ohmlab;
using devices::CycleNoise;
using devices::ExponentialResponse;
using devices::ExpStep;
using devices::LinearStep;
using devices::NeurosimPg;
using devices::ParameterLaw;
using devices::PiecewiseStep;
using devices::PowStep;
using devices::PowStepReference;
using devices::SoftBounds;
using devices::SoftBoundsReference;
using devices::StepSpread;

namespace {

constexpr double two_sided = 4.892;  // |standard normal| exceeds it with p = 1e-6
const core::Stream variation =
    core::stream(ohmlab::tests::seed(31), core::StreamId::device_variation, 4);

template <class P>
auto cell_of(const P& pulse, std::uint32_t cell) {
  return pulse.template draw<float>(devices::normals_of<float>(variation, cell, 0, P::normals));
}

template <class P>
auto mean_cell_of(const P& pulse) {
  return pulse.template draw<float>({});
}

/// The step of a pulse without noise, from the float kernel.
template <class P, class Cell>
double stepped(const P& pulse, const Cell& cell, double w, bool up, float xi = 0) {
  const auto from = static_cast<float>(w);
  return static_cast<double>(pulse.template step<float>(cell, from, up, xi)) -
         static_cast<double>(from);
}

/// Both roads to a mean step against its formula.
template <class P, class Cell>
void check_step(const P& pulse, const Cell& cell, double w, bool up, double expected) {
  CAPTURE(P::name, w, up);
  CHECK(pulse.change(cell, w, up) == Approx(expected).epsilon(3e-6));
  CHECK(stepped(pulse, cell, w, up) == Approx(expected).epsilon(1e-5).margin(3e-7));
}

devices::Device preset(const std::string& name) {
  return core::read<devices::Device>(
      core::load_config(std::filesystem::path(OHMLAB_DEVICE_PRESETS) / (name + ".toml")));
}

constexpr double states[] = {-0.9, -0.5, -0.1, 0, 0.2, 0.7, 0.95};

}  // namespace

TEST_CASE("linear steps with gamma 1 from the own bound are soft bounds, bit for bit") {
  for (const CycleNoise cycle : {CycleNoise::additive, CycleNoise::multiplicative}) {
    SoftBounds soft;
    LinearStep linear;
    soft.cycle = linear.cycle = cycle;
    soft.dw_min = linear.dw_min = 0.02;
    soft.up_down = linear.up_down = 0.1;
    linear.gamma_up = linear.gamma_down = 1;
    for (std::uint32_t i = 0; i < 500; ++i) {
      const auto one = cell_of(soft, i);
      const auto other = cell_of(linear, i);
      for (const double w : states) {
        for (const float xi : {0.0F, 0.6F, -2.0F}) {
          for (const bool up : {true, false})
            REQUIRE(stepped(soft, one, w, up, xi) == stepped(linear, other, w, up, xi));
        }
      }
    }
  }
}

TEST_CASE("a linear step falls by its slope, from the cell's own bound or from the mean one") {
  LinearStep pulse;
  pulse.dw_min = 0.01;
  pulse.w_max = 1.2;
  pulse.w_min = -0.8;
  pulse.gamma_up = 0.1153;
  pulse.gamma_down = 0.5085;
  for (const bool mean : {false, true}) {
    pulse.mean_bound = mean;
    for (std::uint32_t i = 0; i < 50; ++i) {
      const auto cell = cell_of(pulse, i);
      const double up = cell[StepSpread::up], down = cell[StepSpread::down];
      const double w_max = mean ? 1.2 : static_cast<double>(cell[StepSpread::upper]);
      const double w_min = mean ? -0.8 : static_cast<double>(cell[StepSpread::lower]);
      for (const double share : {-0.8, -0.3, 0.0, 0.4, 0.9}) {
        const double w = share * std::min(static_cast<double>(cell[StepSpread::upper]),
                                          -static_cast<double>(cell[StepSpread::lower]));
        const double rise = up * (1 - 0.1153 * w / w_max);
        const double fall = -down * (1 - 0.5085 * w / w_min);
        CHECK(pulse.change(cell, w, true) == Approx(std::max(rise, 0.0)).epsilon(3e-6));
        CHECK(pulse.change(cell, w, false) == Approx(std::min(fall, 0.0)).epsilon(3e-6));
      }
    }
  }
  pulse = {};  // a slope that takes the whole step before the bound stops a cell there
  pulse.dw_min = 0.01;
  pulse.gamma_up = 2;
  const auto cell = mean_cell_of(pulse);
  CHECK(stepped(pulse, cell, 0.5, true) == 0);
  CHECK(stepped(pulse, cell, 0.8, true) == 0);
  CHECK(stepped(pulse, cell, 0.4, true) == Approx(0.002).margin(1e-7));
}

TEST_CASE("a reference shifts soft bounds, and the symmetry point with them") {
  SoftBounds soft;
  SoftBoundsReference pulse;
  pulse.dw_min = soft.dw_min = 0.02;
  pulse.dw_min_dtod = soft.dw_min_dtod = 0.1;
  pulse.up_down = soft.up_down = 0.3;
  pulse.reference_mean = 0.15;
  pulse.reference_std = 0;
  for (std::uint32_t i = 0; i < 100; ++i) {
    const auto own = cell_of(soft, i);
    const double up = own[StepSpread::up], down = own[StepSpread::down];
    const double w_max = own[StepSpread::upper], w_min = own[StepSpread::lower];
    const double symmetry_point = (up - down) / (up / w_max - down / w_min);
    CHECK(devices::symmetry_point(soft, own).value() == Approx(symmetry_point).epsilon(1e-5));

    pulse.subtract_symmetry_point = false;
    const auto shifted = cell_of(pulse, i);
    CHECK(static_cast<double>(shifted[StepSpread::upper]) == Approx(w_max - 0.15).margin(1e-6));
    CHECK(static_cast<double>(shifted[StepSpread::lower]) == Approx(w_min - 0.15).margin(1e-6));
    CHECK(devices::symmetry_point(pulse, shifted).value() ==
          Approx(symmetry_point - 0.15).margin(1e-5));
    for (const double w : {-0.4, 0.0, 0.3}) {
      const bool inside = w + 0.15 < w_max && w + 0.15 > w_min;
      for (const bool is_up : {true, false}) {
        if (inside)
          CHECK(pulse.change(shifted, w, is_up) ==
                Approx(soft.change(own, w + 0.15, is_up)).epsilon(1e-4).margin(1e-7));
      }
    }

    pulse.subtract_symmetry_point = true;
    CHECK(devices::symmetry_point(pulse, cell_of(pulse, i)).value() == Approx(-0.15).margin(1e-5));
  }
}

TEST_CASE("the reference of a cell spreads by its own standard deviation", "[stochastic]") {
  SoftBoundsReference pulse;
  pulse.reference_std = 0.05;
  pulse.subtract_symmetry_point = true;
  pulse.w_max_dtod = pulse.w_min_dtod = 0.1;
  double sum = 0, squares = 0;
  constexpr std::uint32_t cells = 20'000;
  for (std::uint32_t i = 0; i < cells; ++i) {
    const double w = devices::symmetry_point(pulse, cell_of(pulse, i)).value();
    sum += w;
    squares += w * w;
  }
  CHECK(std::abs(sum / cells) < two_sided * 0.05 / std::sqrt(cells));
  CHECK(std::abs(squares / cells / 0.0025 - 1) < two_sided * std::sqrt(2.0 / cells));
}

TEST_CASE("an exponential step follows its formula, from the origin of its paper") {
  for (const double origin : {0.0, -1.0}) {
    ExpStep pulse;
    pulse.dw_min = 0.004;
    pulse.up_down = 0.26;
    pulse.amplitude_up = -1.2;
    pulse.amplitude_down = 0.7;
    pulse.gamma_up = 5;
    pulse.gamma_down = 3;
    pulse.a = -0.5;
    pulse.b = 0.25;
    pulse.origin = origin;
    for (std::uint32_t i = 0; i < 30; ++i) {
      const auto cell = cell_of(pulse, i);
      const double w_max = cell[StepSpread::upper], w_min = cell[StepSpread::lower];
      for (const double share : {0.05, 0.3, 0.5, 0.8, 0.95}) {
        const double w = w_min + share * (w_max - w_min);
        const double z = 2 * -0.5 * (w - origin) / (w_max - w_min) + 0.25;
        const double rise = std::max(1 + 1.2 * std::exp(5 * z), 0.0);
        const double fall = std::max(1 - 0.7 * std::exp(-3 * z), 0.0);
        CHECK(pulse.change(cell, w, true) ==
              Approx(static_cast<double>(cell[StepSpread::up]) * rise).epsilon(2e-5));
        CHECK(pulse.change(cell, w, false) ==
              Approx(-static_cast<double>(cell[StepSpread::down]) * fall).epsilon(2e-5));
      }
    }
  }
}

TEST_CASE("noise of exponential steps grows with the step and with the state", "[stochastic]") {
  ExpStep pulse;
  pulse.dw_min = 1e-4;
  pulse.w_max_dtod = pulse.w_min_dtod = 0;
  pulse.amplitude_up = -2;
  pulse.gamma_up = 1;
  pulse.dw_min_std = 0.6;
  pulse.origin = -1;
  pulse.noise_add = 0.002;
  pulse.noise_slope = 0.003;
  const auto cell = mean_cell_of(pulse);
  for (const double w : {-0.5, 0.0, 0.5}) {
    const double dw = pulse.change(cell, w, true);
    const double sigma = 0.6 * (dw + 0.002 + 0.003 * (w + 1));
    double sum = 0, squares = 0;
    constexpr std::uint32_t pulses = 20'000;
    for (std::uint32_t k = 0; k < pulses; ++k) {
      const float xi = devices::normals_of<float>(variation, k, 7, 1)[0];
      const double moved = stepped(pulse, cell, w, true, xi) - dw;
      sum += moved;
      squares += moved * moved;
    }
    CHECK(std::abs(sum / pulses) < two_sided * sigma / std::sqrt(pulses));
    CHECK(std::abs(squares / pulses / (sigma * sigma) - 1) < two_sided * std::sqrt(2.0 / pulses));
  }
}

TEST_CASE("a power step is that power of the distance to its bound") {
  PowStep pulse;
  pulse.dw_min = 0.02;
  pulse.gamma = 1.7;
  pulse.gamma_up_down = 0.2;
  pulse.w_max = 1.1;
  pulse.w_min = -0.9;
  const auto cell = mean_cell_of(pulse);
  for (const double w : states) {
    if (w <= -0.9) continue;
    check_step(pulse, cell, w, true, 0.02 * std::pow((1.1 - w) / 2, 1.7 * 1.2));
    check_step(pulse, cell, w, false, -0.02 * std::pow((w + 0.9) / 2, 1.7 * 0.8));
  }
  CHECK(stepped(pulse, cell, 1.1, true) == 0);
  CHECK(stepped(pulse, cell, -0.9, false) == 0);
  CHECK(pulse.granularity() == Approx(0.02 * std::pow(0.5, 1.7)));
}

TEST_CASE("a reference brings the symmetry point of power steps to zero") {
  PowStepReference pulse;
  pulse.gamma = 1.5;
  pulse.up_down = 0.3;
  pulse.reference_std = 0;
  for (std::uint32_t i = 0; i < 50; ++i) {
    // equal powers: (w_max - w)/(w - w_min) = (down/up)^(1/gamma)
    const auto own = cell_of(static_cast<const PowStep&>(pulse), i);
    const double k = std::pow(
        static_cast<double>(own[StepSpread::down]) / static_cast<double>(own[StepSpread::up]),
        1 / 1.5);
    const double point = (static_cast<double>(own[StepSpread::upper]) +
                          k * static_cast<double>(own[StepSpread::lower])) /
                         (1 + k);
    CHECK(devices::symmetry_point(pulse, own).value() == Approx(point).margin(1e-5));
    pulse.subtract_symmetry_point = true;
    CHECK(devices::symmetry_point(pulse, cell_of(pulse, i)).value() == Approx(0).margin(2e-6));
    pulse.subtract_symmetry_point = false;
    pulse.reference_mean = 0.1;
    CHECK(devices::symmetry_point(pulse, cell_of(pulse, i)).value() ==
          Approx(point - 0.1).margin(1e-5));
    pulse.reference_mean = 0;
  }
}

TEST_CASE("the published response families have their formulas and their slopes of asymmetry") {
  // R = (q- - q+)/(q- + q+) starts with slope gamma (power) or gamma/(1 - e^-gamma) (exponential)
  const auto slope = [](const auto& pulse, double w_max) {
    const auto cell = mean_cell_of(pulse);
    const double w = 1e-3;
    const double rise = pulse.change(cell, w, true), fall = -pulse.change(cell, w, false);
    return (fall - rise) / (fall + rise) / (w / w_max);
  };
  for (const double gamma : {0.5, 1.0, 2.0}) {
    CAPTURE(gamma);
    PowStep power;
    power.gamma = gamma;
    power.w_max = 0.6;
    power.w_min = -0.6;
    power.dw_min = 0.001 * std::pow(2, gamma);
    CHECK(slope(power, 0.6) == Approx(gamma).epsilon(1e-4));
    const auto power_cell = mean_cell_of(power);
    ExponentialResponse pulse;
    pulse.gamma = gamma;
    pulse.w_max = 0.6;
    pulse.w_min = -0.6;
    const double expected[] = {1.27, 1.58, 2.31};  // as published
    CHECK(slope(pulse, 0.6) == Approx(expected[gamma == 0.5 ? 0
                                               : gamma == 1 ? 1
                                                            : 2])
                                   .epsilon(0.004));
    const auto cell = mean_cell_of(pulse);
    for (const double u : {-0.9, -0.3, 0.0, 0.5, 0.97}) {
      const double w = 0.6 * u;
      check_step(pulse, cell, w, true,
                 0.001 * (std::exp(gamma * (1 - u)) - 1) / (std::exp(gamma) - 1));
      check_step(pulse, cell, w, false,
                 -0.001 * (std::exp(gamma * (1 + u)) - 1) / (std::exp(gamma) - 1));
      check_step(power, power_cell, w, true, 0.001 * std::pow(1 - u, gamma));
      check_step(power, power_cell, w, false, -0.001 * std::pow(1 + u, gamma));
    }
  }
}

TEST_CASE("one long pulse of a saturating step moves a cell as far as many short ones") {
  for (const double beta : {0.005, 1.0, 5.0}) {
    CAPTURE(beta);
    devices::SaturatingStep pulse;
    pulse.beta = beta;
    pulse.w_max = 0.6;
    pulse.w_min = -0.9;
    const double range = 1.5;
    // the solution of dw/dt = c e^(-beta x) with dw = dw_min in the middle
    const auto after = [&](double x, double pulses) {
      const double c = pulses * pulse.dw_min / range * std::exp(beta / 2);
      return std::log(std::exp(beta * x) + beta * c) / beta - x;
    };
    const auto cell = mean_cell_of(pulse);
    for (const double x : {0.01, 0.3, 0.5, 0.8}) {
      check_step(pulse, cell, -0.9 + range * x, true, range * after(x, 1));
      check_step(pulse, cell, 0.6 - range * x, false, -range * after(x, 1));
    }
    double w = pulse.w_min, crossing = 0;
    for (; w < pulse.w_max; ++crossing) w += devices::SaturatingStep::change(cell, w, true);
    const double expected = range * 2 * std::sinh(beta / 2) / (beta * pulse.dw_min);
    CHECK(crossing == Approx(expected).epsilon(1e-3));
    devices::SaturatingStep wide = pulse;
    wide.dw_min = 40 * pulse.dw_min;
    double many = -0.5;
    for (int n = 0; n < 40; ++n) many += devices::SaturatingStep::change(cell, many, true);
    CHECK(many + 0.5 ==
          Approx(devices::SaturatingStep::change(mean_cell_of(wide), -0.5, true)).epsilon(1e-6));
  }
}

TEST_CASE("piecewise steps take the values of their nodes, and lie on lines between them") {
  PiecewiseStep pulse;
  pulse.dw_min = 0.01;
  pulse.nodes_up = {1.5, 1, 0.25, 0.5, 2};
  pulse.nodes_down = {0, 3, 1};
  const auto cell = mean_cell_of(pulse);
  for (int k = 0; k < 5; ++k) {
    CHECK(pulse.change(cell, -1 + k * 0.5, true) ==
          Approx(0.01 * pulse.nodes_up[static_cast<std::size_t>(k)]));
  }
  check_step(pulse, cell, -0.25, true, 0.01 * (1 + 0.25) / 2);
  check_step(pulse, cell, -0.5, false, -0.015);
  check_step(pulse, cell, 0.75, false, -0.015);

  // a line of nodes is a linear step
  LinearStep linear;
  PiecewiseStep line;
  linear.cycle = CycleNoise::multiplicative;
  linear.gamma_up = linear.gamma_down = 0.5;
  linear.w_max_dtod = linear.w_min_dtod = line.w_max_dtod = line.w_min_dtod = 0;
  line.nodes_up = {1.5, 1, 0.5};
  line.nodes_down = {0.5, 1.5};
  for (std::uint32_t i = 0; i < 50; ++i) {
    for (const double w : states) {
      for (const float xi : {0.0F, 1.3F}) {
        for (const bool up : {true, false})
          CHECK(stepped(line, cell_of(line, i), w, up, xi) ==
                Approx(stepped(linear, cell_of(linear, i), w, up, xi)).margin(3e-7));
      }
    }
  }
  CHECK_THROWS_AS(
      core::read<devices::Device>(core::parse_config(
          "pulse = {kind = 'piecewise_step', nodes_up = [1], nodes_down = [1, 1]}", "x.toml")),
      core::UserError);
}

TEST_CASE("a label of nonlinearity is the distance of its curve from the chord, over 0.07") {
  for (const double label : {0.01, 0.5, 1.46, 1.75, 2.4, 4.88, 9.0}) {
    const double k = devices::curvature_of_label(label);
    double most = 0;
    for (int i = 0; i <= 1'000'000; ++i) {
      const double p = i * 1e-6;
      most = std::max(most, std::expm1(-k * p) / std::expm1(-k) - p);
    }
    CHECK(most / std::sqrt(2) / 0.07 == Approx(label).epsilon(3e-6));
    CHECK(devices::curvature_of_label(-label) == -k);
  }
  CHECK(devices::curvature_of_label(0) == 0);
}

TEST_CASE("pulses follow the published curves of conductance over pulse number, pulse by pulse") {
  for (const double label : {-4.0, 0.0, 0.02, 2.4, 4.88}) {
    CAPTURE(label);
    NeurosimPg pulse;
    pulse.range_std = 0;
    pulse.label_up = label;
    pulse.label_down = -label;
    pulse.pulses_up = 97;
    pulse.pulses_down = 64;
    pulse.w_max = 1.25;
    pulse.w_min = -0.75;
    const auto cell = mean_cell_of(pulse);
    // A by bisection of the height that the label states; G = B (1 - e^(-P/A)) + G_min
    double low = 1e-3, high = 1e4;  // of A/P_max
    for (int i = 0; i < 200 && label != 0; ++i) {
      const double a = std::sqrt(low * high), d = 1 - std::exp(-1 / a);
      const double x = -a * std::log(a * d);  // where the curve is parallel to its chord
      const double height = (1 - std::exp(-x / a)) / d - x;
      (height > 0.07 * std::sqrt(2) * std::abs(label) ? low : high) = a;
    }
    const double a = std::copysign(low, label);
    const auto published = [&](double p) {  // share of the range after a share p of the pulses
      return label == 0 ? p : (1 - std::exp(-p / a)) / (1 - std::exp(-1 / a));
    };
    double w = -0.75;
    for (int p = 1; p <= 97; ++p) {
      w += pulse.change(cell, w, true);
      CHECK(w == Approx(-0.75 + 2 * published(p / 97.0)).margin(2e-5));
    }
    float down = 1.25F;
    for (int p = 1; p <= 64; ++p) {  // the mirror image
      down = pulse.step<float>(cell, down, false, 0.0F);
      CHECK(static_cast<double>(down) == Approx(1.25 - 2 * published(p / 64.0)).margin(4e-5));
    }
  }
}

TEST_CASE("noise of pulses along curves is a share of the range, in any state") {
  NeurosimPg pulse;
  pulse.range_std = 0.01;
  pulse.w_max = 1.5;
  const auto cell = mean_cell_of(pulse);
  for (const double w : {-0.5, 0.0, 0.5}) {
    for (const bool up : {true, false})
      CHECK(stepped(pulse, cell, w, up, 1.5F) - stepped(pulse, cell, w, up) ==
            Approx(1.5 * 0.01 * 2.5).margin(3e-7));
  }
}

TEST_CASE("a spread has the law that it names", "[stochastic]") {
  constexpr std::uint32_t many = 1U << 16U;
  for (const ParameterLaw law :
       {ParameterLaw::normal, ParameterLaw::lognormal, ParameterLaw::absolute}) {
    const devices::Spread spread{.std = 0.2, .law = law};
    const bool log = law == ParameterLaw::lognormal;
    const double mean = log ? std::log(3.0) : 3, sigma = law == ParameterLaw::normal ? 0.6 : 0.2;
    double sum = 0, squares = 0;
    for (std::uint32_t i = 0; i < many; ++i) {
      const auto p =
          static_cast<double>(spread.of(3.0, devices::normals_of<float>(variation, i, 0, 16)[13]));
      const double off = (log ? std::log(p) : p) - mean;
      sum += off;
      squares += off * off;
    }
    CHECK(std::abs(sum / many) < two_sided * sigma / std::sqrt(many));
    CHECK(std::abs(squares / many / (sigma * sigma) - 1) < two_sided * std::sqrt(2.0 / many));
  }
}

TEST_CASE("each spread moves its own parameter of a cell, and no other") {
  const auto moved = [](const auto& without, const auto& with) {
    std::vector<int> out;
    const auto a = cell_of(without, 5);
    const auto b = cell_of(with, 5);
    for (int c = 0; c < std::remove_cvref_t<decltype(without)>::columns; ++c)
      if (a[c] != b[c]) out.push_back(c);
    return out;
  };
  const LinearStep linear;
  LinearStep other = linear;
  other.gamma_up_spread.std = 0.1;
  CHECK(moved(linear, other) == std::vector<int>{LinearStep::slope_up});
  other = linear;
  other.gamma_down_spread.std = 0.1;
  CHECK(moved(linear, other) == std::vector<int>{LinearStep::slope_down});
  const ExpStep exp;
  ExpStep wide = exp;
  wide.amplitude_up_spread.std = 0.1;
  CHECK(moved(exp, wide) == std::vector<int>{ExpStep::scale_up});
  wide = exp;
  wide.gamma_down_spread.std = 0.1;
  CHECK(moved(exp, wide) == std::vector<int>{ExpStep::scale_down, ExpStep::rate_down});
  const NeurosimPg curves;
  NeurosimPg spread = curves;
  spread.label_down_spread.std = 0.1;
  CHECK(moved(curves, spread) == std::vector<int>{NeurosimPg::fall, NeurosimPg::fall_slope});
}

TEST_CASE("the first eight normals of a cell are those of its first two blocks") {
  for (std::uint32_t cell = 0; cell < 20; ++cell) {
    const auto xi = devices::normals_of<float>(variation, cell, 3, 14);
    for (std::uint32_t block = 0; block < 3; ++block) {
      const auto four = core::normals(core::random_block<std::uint32_t>(variation, cell, 3, block));
      for (int k = 0; k < 4; ++k) CHECK(xi[static_cast<int>(4 * block) + k] == four[k]);
    }
    CHECK(xi[14] == 0);
    CHECK(xi[13] != 0);
  }
}

TEST_CASE("presets have the published numbers of states and symmetry points") {
  const struct {
    const char* name;
    double states, symmetry_point;
  } published[] = {{"reram_es", 1481, -0.217},     {"reram_sb", 1000, 0},
                   {"capacitor", 400, 0},          {"ecram", 1000, 0},
                   {"ecram_mo", 7089, 0},          {"reram_array_om", 21.07, 0},
                   {"reram_array_hfo2", 4.327, 0}, {"neurosim_ideal", 63, NAN},
                   {"idealized", 10000, NAN},      {"gokmen_vlasov", 1250, NAN}};
  for (const auto& p : published) {
    CAPTURE(p.name);
    const auto device = preset(p.name);
    CHECK(device.states().value() == Approx(p.states).epsilon(5e-4));
    CHECK(device.symmetry_point().has_value() == !std::isnan(p.symmetry_point));
    if (device.symmetry_point())
      CHECK(*device.symmetry_point() == Approx(p.symmetry_point).margin(5e-4));
  }
  const auto es = std::get<ExpStep>(preset("reram_es").pulse.choice);
  const auto cell = mean_cell_of(es);
  CHECK(es.change(cell, 0, true) == Approx(1.48e-3).epsilon(0.003));
  CHECK(es.change(cell, 0, false) == Approx(-1.99e-3).epsilon(0.003));
  CHECK(es.granularity() ==
        Approx((es.change(cell, 0, true) - es.change(cell, 0, false)) / 2).epsilon(1e-5));
  CHECK(!devices::Device{}.states());
  CHECK(!devices::Device{}.symmetry_point());
}

TEST_CASE("phase-change memory keeps its published steps on the shifted range, in every cell") {
  const auto pcm = preset("pcm_pulsed");
  CHECK(pcm.states().value() == Approx(200));
  const auto pulse = std::get<ExpStep>(pcm.pulse.choice);
  for (std::uint32_t i = 0; i < 50; ++i) {
    const auto cell = cell_of(pulse, i);
    const double w_max = static_cast<double>(cell[StepSpread::upper]) + 1;  // as published
    CHECK(static_cast<double>(cell[StepSpread::lower]) == -1);
    for (const double w : {0.0, 0.5, 1.0, 1.4}) {
      const double z = 2 * -1.0 * w / w_max;
      CHECK(pulse.change(cell, w - 1, true) ==
            Approx(static_cast<double>(cell[StepSpread::up]) * (1 + 27.235 * std::exp(2.5 * z)))
                .epsilon(1e-5));
    }
  }
}

TEST_CASE("both presets of silver in silicon take the same mean steps") {
  const auto soft = std::get<SoftBounds>(preset("ag_asi").pulse.choice);
  const auto curves = std::get<NeurosimPg>(preset("neurosim_real").pulse.choice);
  CHECK(preset("neurosim_real").uncited().empty());
  for (const double w : states) {
    for (const bool up : {true, false})
      CHECK(curves.change(mean_cell_of(curves), w, up) ==
            Approx(soft.change(mean_cell_of(soft), w, up)).epsilon(2e-3).margin(2e-5));
  }
}
