#pragma once

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <string_view>

#include "../../core/fields.hpp"
#include "driven_resistor.hpp"

namespace ohmlab::devices {

/// Gap between the tip of a filament and the electrode, in oxide resistive memory.
///
///     dg/dt = -nu0 exp(-ea/kT) sinh(gamma q a0 v/(length kT)),  gamma = gamma0 - beta (g/g1)^3
///     T = t_ambient + r_th |i v|,  i = i0 exp(-g/g0) sinh(v/v0)
///
/// At small voltages the conductance is i0/v0 exp(-g/g0). The state w is linear in it: w = 1 at
/// gap_min and w = -1 at gap_max of the mean device, whose ratio is exp((gap_max - gap_min)/g0). A
/// pulse converts w to exp(-g/g0), integrates the gap, and converts back.
///
/// A step of integration takes ln |dg/dt| as linear in g, with its analytical slope:
///
///     g <- g - ln(1 - slope rate t)/slope
///
/// This follows the feedback by heat, which speeds a set up and stops a reset, over several
/// decades.
///
/// Each pulse adds a random displacement of the gap, gap_std xi / (1 + exp((t_noise -
/// T)/t_smooth)), after Guan et al., IEEE Electron Device Lett. 33, 1405 (2012), who write it as a
/// velocity. T is that at the begin of the pulse.
///
/// Defaults i0, g0, v0, nu0, gamma0, beta, g1, a0, length, gap_min and r_th are those of the
/// Stanford-ASU Verilog-A file after Chen & Yu (a public copy of its parameters was read; the paper
/// was not). It has barriers of 1.501 eV and 1.5 eV and two exponentials with 150 m/s; here they
/// are one barrier of 1.5 eV and one sinh with 300 m/s. Its r_th is its thermal time constant of
/// 2.3e-10 s over its 3.1825e-16 J/K. t_noise and t_smooth are those of the Stanford Python and
/// Verilog-A versions 1.0 (Jiang et al.). gap_max is chosen here (theirs is 1.7 nm), and so are the
/// pulses: small steps are possible near the closed filament only.
struct FilamentGap : PulseDrive, CellBounds<12> {
  static constexpr std::string_view name = "filament_gap";
  static constexpr std::string_view summary =
      "Oxide memory: the gap of a filament moves by thermally activated hops in the field, heated "
      "by "
      "its own current (Stanford-PKU model).";
  static constexpr std::string_view equation =
      "dg/dt = -nu0 exp(-ea/kT) sinh(gamma q a0 v/(length kT)); gamma = gamma0 - beta (g/g1)^3; T "
      "= "
      "t_ambient + r_th abs(i v); i = i0 exp(-g/g0) sinh(v/v0); w linear in exp(-g/g0)";
  static constexpr std::string_view source =
      "Guan, Yu & Wong, IEEE Electron Device Lett. 33, 1405 (2012); Chen & Yu, IEEE Trans. "
      "Electron "
      "Devices 62, 4022 (2015); Jiang et al., IEEE Trans. Electron Devices 63, 1884 (2016)";

  double nu0 = 300, ea = 1.5, gamma0 = 16.5, beta = 1.25, g1 = 1e-9, a0 = 2.5e-10, length = 5e-9;
  double i0 = 6.14e-5, g0 = 2.7505e-10, v0 = 0.43;
  double r_th = 7.227e5, t_ambient = 298;
  double gap_min = 1e-10, gap_max = 4e-10;
  double gap_std = 0, t_noise = 450, t_smooth = 500;
  Spread nu0_spread, ea_spread, gamma0_spread, beta_spread, length_spread, i0_spread, g0_spread,
      v0_spread, r_th_spread, gap_min_spread, gap_max_spread;
  static constexpr auto fields = core::joined(
      PulseDrive::fields,
      core::Fields{
          core::field("nu0", &FilamentGap::nu0, "m/s", core::above(0),
                      "speed of the gap at no "
                      "barrier"),
          core::field("ea", &FilamentGap::ea, "eV", core::above(0), "barrier of a hop"),
          core::field("gamma0", &FilamentGap::gamma0, "", core::above(0),
                      "enhancement of the field at a closed gap"),
          core::field("beta", &FilamentGap::beta, "", core::at_least(0),
                      "loss of enhancement at a gap of g1"),
          core::field("g1", &FilamentGap::g1, "m", core::above(0), "gap that beta refers to"),
          core::field("a0", &FilamentGap::a0, "m", core::above(0), "distance of a hop"),
          core::field("length", &FilamentGap::length, "m", core::above(0),
                      "thickness of the oxide"),
          core::field("i0", &FilamentGap::i0, "A", core::above(0), "scale of the current"),
          core::field("g0", &FilamentGap::g0, "m", core::above(0),
                      "gap over which the current falls by e"),
          core::field("v0", &FilamentGap::v0, "V", core::above(0),
                      "voltage over which the current rises by e"),
          core::field("r_th", &FilamentGap::r_th, "K/W", core::at_least(0), "thermal resistance"),
          core::field("t_ambient", &FilamentGap::t_ambient, "K", core::above(0),
                      "temperature without current")
              .usually(200, 500),
          core::field("gap_min", &FilamentGap::gap_min, "m", core::above(0), "gap at w = +1"),
          core::field("gap_max", &FilamentGap::gap_max, "m", core::above(0), "gap at w = -1"),
          core::field("gap_std", &FilamentGap::gap_std, "m", core::at_least(0),
                      "noise of the gap from pulse to pulse in a hot filament"),
          core::field("t_noise", &FilamentGap::t_noise, "K", core::above(0),
                      "temperature at which the noise is half of that"),
          core::field("t_smooth", &FilamentGap::t_smooth, "K", core::above(0),
                      "range of temperature over which the noise rises"),
          core::field("nu0_spread", &FilamentGap::nu0_spread, "its spread over devices"),
          core::field("ea_spread", &FilamentGap::ea_spread, "its spread over devices"),
          core::field("gamma0_spread", &FilamentGap::gamma0_spread, "its spread over devices"),
          core::field("beta_spread", &FilamentGap::beta_spread, "its spread over devices"),
          core::field("length_spread", &FilamentGap::length_spread, "its spread over devices"),
          core::field("i0_spread", &FilamentGap::i0_spread, "its spread over devices"),
          core::field("g0_spread", &FilamentGap::g0_spread, "its spread over devices"),
          core::field("v0_spread", &FilamentGap::v0_spread, "its spread over devices"),
          core::field("r_th_spread", &FilamentGap::r_th_spread, "its spread over devices"),
          core::field("gap_min_spread", &FilamentGap::gap_min_spread, "its spread over devices"),
          core::field("gap_max_spread", &FilamentGap::gap_max_spread, "its spread over devices"),
      });
  FilamentGap() { v_set = 1.1, v_reset = 1.1, width = 1e-8; }

  [[nodiscard]] std::string problem() const {
    if (gap_min >= gap_max) return "expected gap_min below gap_max";
    if (!(granularity() > 0)) return "expected pulses that move the gap: more voltage or width";
    return integration_problem(*this);
  }
  /// The ratio of conductances at both ends is that of the device, and so are they if it cites the
  /// voltage of a read.
  [[nodiscard]] std::string conflict(const OperatingPoint& device) const {
    std::string why = drive_conflict(device);
    if (!why.empty() || !device.g_max || !device.g_min) return why;
    why = contradiction("g_max/g_min", "", *device.g_max / *device.g_min, 1 / ratio(),
                        "exp((pulse.gap_max - pulse.gap_min)/pulse.g0)");
    if (!why.empty() || !device.v_read) return why;
    return contradiction(
        "g_max", "S", device.g_max,
        i0 * std::exp(-gap_min / g0) * std::sinh(*device.v_read / v0) / *device.v_read,
        "pulse.i0 exp(-gap_min/g0) sinh(v_read/v0)/v_read");
  }
  [[nodiscard]] double ratio() const noexcept { return std::exp((gap_min - gap_max) / g0); }

  /// Columns behind the bounds. exp(-g/g0) of a state is slope (w + base). Heat is the temperature
  /// rise per exp(-g/g0), field and barrier are in K, dose is ln(nu0 width/g0), and noise is in
  /// units of the own g0.
  enum Column { base = 2, slope, heat_set, heat_reset, field, barrier, dose, gamma, loss, noise };

  static constexpr int normals = 11;
  template <core::FloatPack V>
  [[nodiscard]] OHMLAB_INLINE Columns<V, columns> draw(const Normals<V>& xi) const noexcept {
    const V fall = share(g0_spread, g0, xi[6]), rise = share(v0_spread, v0, xi[7]);
    const V current = share(i0_spread, i0, xi[5]), warm = share(r_th_spread, r_th, xi[8]);
    const V closed = share(gap_min_spread, gap_min, xi[9]) * number<V>(gap_min / g0);
    const V open = share(gap_max_spread, gap_max, xi[10]) * number<V>(gap_max / g0);

    // Conductance in units of the mean device's at gap_min, for exp(-g/g0) = 1
    const V unit = current / rise * number<V>(std::exp(gap_min / g0));
    Columns<V, columns> cell;
    cell[upper] = state_at<V>(unit, V(core::min(closed, open) / fall));
    cell[lower] = state_at<V>(unit, V(core::max(closed, open) / fall));
    cell[base] = number<V>((1 + ratio()) / (1 - ratio()));
    cell[slope] = number<V>((1 - ratio()) / 2) / unit;
    const V heat = number<V>(i0 * r_th) * current * warm;
    cell[heat_set] = heat * number<V>(v_set) * sinh<V>(V(number<V>(v_set / v0) / rise));
    cell[heat_reset] = heat * number<V>(v_reset) * sinh<V>(V(number<V>(v_reset / v0) / rise));
    cell[field] = number<V>(a0 * v_set / length / boltzmann) / share(length_spread, length, xi[4]);
    cell[barrier] = number<V>(ea / boltzmann) * share(ea_spread, ea, xi[1]);
    cell[dose] = core::log(V(number<V>(nu0 * width / g0) * share(nu0_spread, nu0, xi[0]) / fall));
    cell[gamma] = number<V>(gamma0) * share(gamma0_spread, gamma0, xi[2]);
    const V scale = number<V>(g0 / g1) * fall;
    cell[loss] = number<V>(beta) * share(beta_spread, beta, xi[3]) * power<V>(scale, 3);
    cell[noise] = number<V>(gap_std / g0) / fall;
    return cell;
  }

  template <core::FloatPack V>
  [[nodiscard]] OHMLAB_INLINE V step(const Columns<V, columns>& cell, V w, core::MaskOf<V> is_up,
                                     V xi) const noexcept {
    return hold(cell, w, V(w + moved<V>(cell, w, is_up, xi)));
  }
  /// Step of a pulse at w without noise. It is not added to w, so that no digit is lost.
  [[nodiscard]] double change(const Cell& cell, double w, bool is_up) const noexcept {
    return moved<double>(cell, w, is_up, 0.0);
  }
  [[nodiscard]] double granularity() const { return mean_step(*this); }
  [[nodiscard]] std::optional<double> states(const Cell& cell) const {
    return steps_between_bounds(*this, cell);
  }
  [[nodiscard]] static double farthest() noexcept { return 1; }
  [[nodiscard]] double cycle_noise() const noexcept { return gap_std; }
  [[nodiscard]] static double write_noise() noexcept { return 0; }

 private:
  static constexpr double boltzmann = 8.617333262e-5;  // eV/K, CODATA 2018

  /// A cell's share of a mean parameter, kept within a factor of ten.
  template <core::FloatPack V>
  [[nodiscard]] OHMLAB_INLINE static V share(const Spread& spread, double mean, V xi) noexcept {
    if (mean == 0) return number<V>(1);
    return core::min(spread.share_of(mean, xi, 0.1), number<V>(10));
  }
  template <core::FloatPack V>
  [[nodiscard]] OHMLAB_INLINE static V sinh(V x) noexcept {
    return number<V>(0.5) * (core::exp(x) - core::exp(V(-x)));
  }
  /// The state at a gap in units of g0, where exp(-gap) = 1 has the conductance `unit`.
  template <core::FloatPack V>
  [[nodiscard]] OHMLAB_INLINE V state_at(V unit, V gap) const noexcept {
    return (unit * core::exp(V(-gap)) - number<V>((1 + ratio()) / 2)) /
           number<V>((1 - ratio()) / 2);
  }

  /// Change of w in a pulse. The coordinate is u = g/g0; h = exp(-u) is linear in w.
  template <Real V, class Own>
  [[nodiscard]] OHMLAB_INLINE V moved(const Own& cell, V w, TruthOf<V> is_up, V xi) const noexcept {
    const V inside = within<V>(as<V>(cell[lower]), w, as<V>(cell[upper]));
    const V above_zero = larger<V>(V(inside + as<V>(cell[base])), constant<V>(0));
    const V h_start = larger<V>(V(as<V>(cell[slope]) * above_zero), constant<V>(1e-12));
    const V u_start = -logarithm<V>(h_start);
    V moved_by = constant<V>(0), displaced = constant<V>(0), h = h_start;
    for (std::int64_t k = 0; k < substeps; ++k) {
      const V heat = either<V>(is_up, as<V>(cell[heat_set]), as<V>(cell[heat_reset])) * h;
      if (k == 0 && gap_std > 0) displaced = xi * as<V>(cell[noise]) * noisy_share<V>(heat);
      moved_by += substep<V>(cell, V(u_start + moved_by), heat, is_up);
      if (k + 1 < substeps) h = h_start * exponential<V>(V(-moved_by));
    }
    return above_zero * exponential_less_one<V>(V(-(moved_by + displaced)));
  }
  /// -ln(1 - x)/x; of 1 - 1e-6 where x is larger.
  template <Real V>
  [[nodiscard]] OHMLAB_INLINE static V lengthening(V x) noexcept {
    const V series =
        constant<V>(1) +
        x * (constant<V>(1.0 / 2) +
             x * (constant<V>(1.0 / 3) +
                  x * (constant<V>(1.0 / 4) + x * (constant<V>(0.2) + x * constant<V>(1.0 / 6)))));
    const auto is_large = is_less<V>(constant<V>(1.0 / 16), magnitude<V>(x));
    if (!any(is_large)) return series;
    const V left = larger<V>(V(constant<V>(1) - x), constant<V>(1e-6));
    return either<V>(is_large, V(-logarithm<V>(left) / (constant<V>(1) - left)), series);
  }
  /// exp(x) - 1, without loss of digits at small x.
  template <Real V>
  [[nodiscard]] OHMLAB_INLINE static V exponential_less_one(V x) noexcept {
    const V series =
        x * (constant<V>(1) + x * (constant<V>(1.0 / 2) +
                                   x * (constant<V>(1.0 / 6) +
                                        x * (constant<V>(1.0 / 24) + x * constant<V>(1.0 / 120)))));
    const auto is_large = is_less<V>(constant<V>(1.0 / 16), magnitude<V>(x));
    if (!any(is_large)) return series;
    return either<V>(is_large, V(exponential<V>(x) - constant<V>(1)), series);
  }
  /// Share of the noise at a rise of temperature.
  template <Real V>
  [[nodiscard]] OHMLAB_INLINE V noisy_share(V rise) const noexcept {
    const V colder = (constant<V>(t_noise - t_ambient) - rise) * constant<V>(1 / t_smooth);
    return constant<V>(1) / (constant<V>(1) + exponential<V>(colder));
  }
  /// Change of u in one step of integration, from u and the rise of temperature there.
  template <Real V, class Own>
  [[nodiscard]] OHMLAB_INLINE V substep(const Own& cell, V u, V rise,
                                        TruthOf<V> is_up) const noexcept {
    const V one = constant<V>(1);
    const V pull = as<V>(cell[field]) *
                   either<V>(is_up, one, constant<V>(v_reset / v_set));  // q a0 v/(length k), K
    const V colder = one / (constant<V>(t_ambient) + rise);              // 1/T
    const V enhancement =
        larger<V>(V(as<V>(cell[gamma]) - as<V>(cell[loss]) * power<V>(u, 3)), constant<V>(0));
    const V z = enhancement * pull * colder;
    const V activation = as<V>(cell[dose]) - as<V>(cell[barrier]) * colder;
    const V most = constant<V>(60);  // e^60 is far beyond any range, and its square is finite
    const V forth = exponential<V>(smaller<V>(V(activation + z), most));
    V less =
        constant<V>(-1);  // exp(-2 z) - 1, which is -1 to the last digit of a float from z = 10
    if (std::same_as<V, double> || any(is_less<V>(z, constant<V>(10))))
      less = exponential_less_one<V>(V(constant<V>(-2) * z));
    const V part = forth * constant<V>(0.5 / static_cast<double>(substeps));
    const V speed = -part * less, sum = part * (constant<V>(2) + less);

    // d speed/du: hotter by -rise per u, and less field by the gap
    const V warming = rise * colder;
    const V dz = warming * z - constant<V>(3) * as<V>(cell[loss]) * u * u * pull * colder;
    const V gain = sum * dz - speed * as<V>(cell[barrier]) * colder * warming;
    const V x = either<V>(is_up, V(-gain), gain);
    const V step = smaller<V>(V(speed * lengthening<V>(x)), constant<V>(8));
    return either<V>(is_up, V(-step), step);
  }
};

}  // namespace ohmlab::devices
