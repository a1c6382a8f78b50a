#include "ohmlab/crossbar/dacs.hpp"

#include <cmath>
#include <concepts>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "ohmlab/crossbar/analog_array.hpp"

#include "tests/catch.hpp"
#include "tests/crossbar/parts.hpp"
#include "tests/oracles/statistics.hpp"

using namespace ohmlab;
using core::Index;
using core::Matrix;
using cost::Action;
using crossbar::Dac;

namespace {

constexpr int bits = 5, levels = 15;

/// Every entry with a resolution, at 5 bits.
void each_dac(const std::function<void(const std::string&, const Dac&)>& visit) {
  Dac::each([&]<class Entry>() {
    if constexpr (requires(Entry e) { e.resolution; }) {
      Entry entry;
      entry.resolution = bits;
      Dac dac;
      dac.choice = entry;
      visit(std::string(Entry::name), dac);
    }
  });
}

/// What a line does in time while one number is read: the specification that the catalogue's
/// levels, conductions and swings stand for. A read is `levels` slots long; voltages are in units
/// of the read voltage.
struct Waveform {
  std::vector<std::vector<double>> reads;  ///< of each slice, slot by slot
  std::vector<double> worth;               ///< of each slice
};

Waveform waveform(const std::string& kind, double value) {
  const double clipped = std::min(1.0, std::max(-1.0, value)), sign = clipped < 0 ? -1 : 1;
  const int magnitude = static_cast<int>(std::lround(std::abs(clipped) * levels));
  Waveform out;
  if (kind == "uniform") {
    out.reads.emplace_back(levels, sign * magnitude / levels);
    out.worth = {1};
  } else if (kind == "pulse_width") {
    std::vector<double> slots(levels, 0.0);
    for (int slot = 0; slot < magnitude; ++slot) slots[static_cast<std::size_t>(slot)] = sign;
    out.reads = {slots};
    out.worth = {1};
  } else {
    REQUIRE(kind == "bit_serial");
    for (int bit = 0, rest = magnitude; bit < bits - 1; ++bit, rest /= 2) {
      out.reads.emplace_back(levels, rest % 2 == 1 ? sign : 0.0);
      out.worth.push_back(std::pow(2.0, bit) / levels);
    }
  }
  return out;
}

/// ∫ f(v) dt over one read, whose whole time is 1.
double integral(const std::vector<double>& slots, const std::function<double(double)>& f) {
  double sum = 0;
  for (const double v : slots) sum += f(v) / static_cast<double>(slots.size());
  return sum;
}
double swings(const std::vector<double>& slots) {  // from zero, and back to it at no further charge
  double sum = 0, before = 0;
  for (const double v : slots) {
    if (std::abs(v) > std::abs(before)) sum += (v - before) * (v - before);
    before = v;
  }
  return sum;
}

// None halfway between two levels.
const double values[] = {-3,   -1,   -0.68, -0.31, -0.04, -0.02, 0, 0.03,
                         0.04, 0.12, 0.2,   0.52,  0.55,  0.88,  1, 7};

crossbar::AnalogArrayModel model_with(const Dac& dac) {
  crossbar::AnalogArrayModel model = tests::ideal_parts();
  model.device = tests::electrical();
  model.device.read_noise.choice = devices::NoReadNoise{};
  model.dac = dac;
  return model;
}

/// Numbers of many sizes, zeros and some beyond full scale among them.
Matrix inputs(Index vectors, Index lines) {
  Matrix out(vectors, lines);
  for (Index i = 0; i < out.size(); ++i)
    out.data()[i] = static_cast<float>(values[(7 * i + i / 5) % 16]);
  return out;
}
Matrix weights(Index rows, Index cols) {
  Matrix out(rows, cols);
  for (Index i = 0; i < out.size(); ++i)
    out.data()[i] = static_cast<float>((i * 37) % 41 - 20) / 20;
  return out;
}

}  // namespace

TEST_CASE(
    "products, heat, noise and swings are those of the voltage in time, by any law of conduction") {
  const devices::SinhConduction::Law curved{.v_read = 0.3, .v0 = 0.25};
  const auto current = [](double v) { return std::sinh(0.3 / 0.25 * v) / std::sinh(0.3 / 0.25); };
  each_dac([&](const std::string& kind, const Dac& dac) {
    for (const double value : values) {
      CAPTURE(kind, value);
      const Waveform expected = waveform(kind, value);
      REQUIRE(dac.slices() == static_cast<std::int64_t>(expected.reads.size()));
      double product = 0;
      for (std::size_t slice = 0; slice < expected.reads.size(); ++slice) {
        const std::vector<double>& slots = expected.reads[slice];
        const auto at = static_cast<std::int64_t>(slice);
        dac.visit([&](const auto& d) {
          const auto level = static_cast<double>(d.level(static_cast<float>(value), at));
          CHECK(level == Approx(integral(slots, [](double v) { return v; })).margin(1e-7));
          const devices::OhmicConduction::Law ohmic;
          const auto square = [](double v) { return v * v; };
          CHECK(d.product(ohmic, level) == level);
          CHECK(d.heat(ohmic, level) == Approx(integral(slots, square)).margin(1e-7));
          CHECK(d.noise(ohmic, level) == Approx(integral(slots, square)).margin(1e-7));
          CHECK(d.product(curved, level) == Approx(integral(slots, current)).margin(1e-7));
          CHECK(d.heat(curved, level) ==
                Approx(integral(slots, [&](double v) { return v * current(v); })).margin(1e-7));
          CHECK(d.noise(curved, level) == Approx(integral(slots, [&](double v) {
            return current(v) * current(v);
          })).margin(1e-7));
          for (const double other : {-0.6, 0.2, 1.0}) {
            const std::vector<double> beside = waveform(kind, other).reads[slice];
            double both = 0;
            for (std::size_t s = 0; s < slots.size(); ++s)
              both += slots[s] * beside[s] / static_cast<double>(slots.size());
            const auto of_other = static_cast<double>(d.level(static_cast<float>(other), at));
            CHECK(d.overlap(level, of_other) == Approx(both).margin(1e-7));
          }
          CHECK(d.swing(level) == Approx(swings(slots)).margin(1e-7));
          CHECK(static_cast<double>(d.share(at)) == Approx(expected.worth[slice]));
          product += static_cast<double>(d.share(at)) * level;
        });
      }
      const double quantised = std::round(std::min(1.0, std::max(-1.0, value)) * levels) / levels;
      CHECK(product == Approx(quantised).margin(1e-7));
    }
  });
}

TEST_CASE("without noise and converters, all ways to apply a number read the same product") {
  const Matrix x = inputs(6, 23), d = inputs(6, 9), w = weights(23, 9);
  const Matrix seen = ((x.array().max(-1).min(1) * levels).round() / levels).matrix(),
               back = ((d.array().max(-1).min(1) * levels).round() / levels).matrix();
  each_dac([&](const std::string& kind, const Dac& dac) {
    for (const Index tile : {0, 5}) {
      CAPTURE(kind, tile);
      crossbar::AnalogArrayModel model = model_with(dac);
      model.tile_rows = model.tile_cols = tile;
      cost::Tally tally;
      crossbar::AnalogArray array(model, 23, 9, {.tally = &tally});
      array.program(w);
      Matrix y(6, 9), y_back(6, 23);
      array.read(crossbar::Direction::to_cols, x, y);
      array.read(crossbar::Direction::to_rows, d, y_back);
      CHECK((y - seen * w).cwiseAbs().maxCoeff() < 1e-5F);
      CHECK((y_back - back * w.transpose()).cwiseAbs().maxCoeff() < 1e-5F);
    }
  });
}

TEST_CASE("bits are converted one by one and added up by their worth") {
  constexpr Index rows = 11, cols = 4, vectors = 7, tile = 6;
  const Matrix x = inputs(vectors, rows), w = weights(rows, cols);
  Dac dac;
  dac.choice = crossbar::BitSerialDac{.resolution = bits};
  crossbar::AnalogArrayModel model = model_with(dac);
  const crossbar::UniformAdc adc{{.resolution = 4, .bound = 1.4}};
  model.adc.choice = adc;
  model.tile_rows = tile;
  cost::Tally tally;
  crossbar::AnalogArray array(model, rows, cols, {.tally = &tally});
  array.program(w);
  Matrix y(vectors, cols);
  array.read(crossbar::Direction::to_cols, x, y);
  double clipped = 0;
  for (Index b = 0; b < vectors; ++b) {
    for (Index j = 0; j < cols; ++j) {
      double expected = 0;
      for (int bit = 0; bit < bits - 1; ++bit) {
        for (Index first = 0; first < rows; first += tile) {
          double current = 0;
          for (Index i = first; i < std::min(rows, first + tile); ++i) {
            const Waveform line = waveform("bit_serial", static_cast<double>(x(b, i)));
            current += line.reads[static_cast<std::size_t>(bit)][0] * static_cast<double>(w(i, j));
          }
          clipped += std::abs(current) > 1.4 ? 1 : 0;
          expected += std::pow(2, bit) / levels *
                      static_cast<double>(adc.convert(static_cast<float>(current)));
        }
      }
      CHECK(y(b, j) == Approx(expected).margin(1e-5));
    }
  }
  CHECK(clipped > 0);
  for (const crossbar::Figure& figure : array.figures()) {
    if (figure.name == "adc_clipped") CHECK(figure.value * figure.weight == Approx(clipped));
  }
}

TEST_CASE("noise of cells has the variance that its spectrum and the voltage in time give it",
          "[stochastic]") {
  // One cell's current is i(t) = (g + noise(t)) v(t). Noise that is white in time, of variance σ²
  // over a whole read, adds ∫v² σ² to its charge; noise that stands still adds (∫v)² σ². Slices are
  // drawn afresh.
  constexpr Index rows = 5, vectors = 16, repeats = 3000;
  const double sigma = 0.1;  // in w, whose range is 2
  const Matrix x = inputs(vectors, rows);
  for (const bool slow : {false, true}) {
    each_dac([&](const std::string& kind, const Dac& dac) {
      CAPTURE(kind, slow);
      crossbar::AnalogArrayModel model = model_with(dac);
      if (slow) {
        // As old as it takes for sqrt(ln(...)) to be 1, at a conductance of half the range.
        devices::PcmReadNoise pcm;
        pcm.t0 = 2 * pcm.t_r * std::exp(1.0) - pcm.t_r;
        model.device.read_noise.choice = pcm;
      } else {
        model.device.read_noise.choice = devices::WhiteReadNoise{.std = sigma / 2};
      }
      cost::Tally tally;
      crossbar::AnalogArray array(model, rows, 1, {.seed = tests::seed(3), .tally = &tally});
      array.program(Matrix::Zero(rows, 1));
      array.wait(1);  // beside which all rows are of one age
      // What the fit says of a cell at 5 uS of 9 uS, over 4 uS a unit of w.
      const double of_cell =
          slow ? 5 * std::min(0.0088 / std::max(std::pow(5.0 / 9, 0.65), 1e-3), 0.2) / 4 : sigma;
      std::vector<double> squares(vectors, 0.0);
      Matrix y(vectors, 1);
      for (Index n = 0; n < repeats; ++n) {
        array.read(crossbar::Direction::to_cols, x, y);
        for (Index b = 0; b < vectors; ++b)
          squares[static_cast<std::size_t>(b)] +=
              static_cast<double>(y(b, 0)) * static_cast<double>(y(b, 0));
      }
      for (Index b = 0; b < vectors; ++b) {
        double expected = 0;
        for (Index i = 0; i < rows; ++i) {
          const Waveform line = waveform(kind, static_cast<double>(x(b, i)));
          for (std::size_t slice = 0; slice < line.reads.size(); ++slice) {
            const double whole = integral(line.reads[slice], [](double v) { return v; }),
                         power = integral(line.reads[slice], [](double v) { return v * v; });
            expected += std::pow(line.worth[slice] * of_cell, 2) * (slow ? whole * whole : power);
          }
        }
        CAPTURE(b);
        // Of the mean square of n normals, the relative standard error is sqrt(2/n). The variance
        // of slow noise grows with its age, so that only ratios can be held.
        if (slow) {
          squares[static_cast<std::size_t>(b)] /= expected;
        } else {
          CHECK(squares[static_cast<std::size_t>(b)] / repeats ==
                Approx(expected).epsilon(5.5 * std::sqrt(2.0 / repeats)));
        }
      }
      if (slow) {
        for (Index b = 1; b < vectors; ++b) {
          CAPTURE(b);
          CHECK(squares[static_cast<std::size_t>(b)] ==
                Approx(squares[0]).epsilon(5.5 * std::sqrt(4.0 / repeats)));
        }
      }
    });
  }
}

TEST_CASE("a read is billed by what its voltages do in time") {
  constexpr Index rows = 12, cols = 7, vectors = 3, tile = 5;
  const Matrix x = inputs(vectors, rows), w = weights(rows, cols);
  each_dac([&](const std::string& kind, const Dac& dac) {
    for (const bool convert : {true, false}) {
      CAPTURE(kind, convert);
      crossbar::AnalogArrayModel model = model_with(dac);
      model.tile_rows = tile;  // three down, one across
      model.adc.choice = crossbar::UniformAdc{};
      cost::Tally tally;
      crossbar::AnalogArray array(model, rows, cols, {.tally = &tally});
      array.program(w);
      const auto sums = [&] {
        std::map<Action, cost::Entry> out;
        for (const cost::Entry& e : tally.entries()) {
          cost::Entry& sum = out[e.action];
          sum.count += e.count;
          sum.serial += e.serial;
          sum.joules += e.joules;
          sum.seconds += e.seconds;
          if (e.action == Action::dac_drive || e.action == Action::pulse_width_drive)
            sum.parameter = e.parameter;
        }
        return out;
      };
      const auto before = sums();
      Matrix y(vectors, cols);
      if (convert) {
        array.read(crossbar::Direction::to_cols, x, y);
      } else {
        array.decide(crossbar::Direction::to_cols, x, core::Vector::Zero(cols), y);
      }
      auto after = sums();
      for (auto& [action, entry] : after) {
        if (!before.contains(action)) continue;
        entry.count -= before.at(action).count;
        entry.serial -= before.at(action).serial;
        entry.joules -= before.at(action).joules;
        entry.seconds -= before.at(action).seconds;
      }
      double joules = 0, charged = 0;
      const double volts = 0.2, seconds = 1e-7;
      for (Index b = 0; b < vectors; ++b) {
        for (Index i = 0; i < rows; ++i) {
          const Waveform line = waveform(kind, static_cast<double>(x(b, i)));
          double siemens = 0;
          for (Index j = 0; j < cols; ++j)
            siemens += 5e-6 + 4e-6 * static_cast<double>(w(i, j)) + 5e-6;
          for (const auto& slots : line.reads) {
            joules +=
                volts * volts * seconds * siemens * integral(slots, [](double v) { return v * v; });
            charged += volts * volts * swings(slots);
          }
        }
      }
      const double slices = kind == "bit_serial" ? bits - 1 : 1,
                   biases = convert ? 0 : vectors * cols;
      CHECK(after[Action::array_read].joules == Approx(joules));
      CHECK(after[Action::array_read].seconds == Approx(slices * vectors * seconds));
      CHECK(after[Action::line_charge].count == Approx(charged));
      const Action drive = kind == "pulse_width" ? Action::pulse_width_drive : Action::dac_drive;
      CHECK(after[drive].count == slices * (vectors * rows + biases));
      CHECK(after[drive].serial == slices * vectors);
      CHECK(after[drive].parameter == (kind == "bit_serial" ? 2 : bits));
      CHECK(after[Action::adc_convert].count == (convert ? slices * vectors * cols * 3 : 0));
      CHECK(after[Action::adc_convert].serial == (convert ? slices * vectors : 0));
      CHECK(after[Action::edge_add].count == (convert ? vectors * cols * (slices * 3 - 1) : 0));
      CHECK(after[Action::comparator_decision].count == (convert ? 0 : vectors * cols));
      CHECK(after[Action::sample_hold].count ==
            (!convert && slices > 1 ? slices * vectors * cols : 0));
      std::map<cost::Part, double> held;
      for (const cost::Holding& h : tally.holdings()) held[h.part] += h.count;
      const double lines = rows * 1 + cols * 3;
      CHECK(held[kind == "pulse_width" ? cost::Part::pulse_timer : cost::Part::dac] == lines);
      CHECK(held[kind == "pulse_width" ? cost::Part::dac : cost::Part::pulse_timer] == 0);
      CHECK(held[cost::Part::hold_capacitor] == (slices > 1 ? lines : 0));
    }
  });
}

TEST_CASE("slices pass a pipeline one after another, each at the pace of the slowest stage") {
  Dac dac;
  dac.choice = crossbar::BitSerialDac{.resolution = bits};
  crossbar::AnalogArrayModel model = model_with(dac);
  model.adc.choice = crossbar::UniformAdc{};
  model.pipelined = true;
  cost::Tally tally;
  crossbar::AnalogArray array(model, 3, 2, {.tally = &tally});
  Matrix y(5, 2);
  array.read(crossbar::Direction::to_cols, inputs(5, 3), y);
  std::map<Action, double> once, others;
  for (const cost::Entry& e : tally.entries()) (e.overlapped ? others : once)[e.action] += e.serial;
  for (const Action stage : {Action::dac_drive, Action::array_read, Action::adc_convert}) {
    CHECK(once[stage] == Approx(1));
    CHECK(others[stage] == Approx(5 * 4 - 1));
  }
}

TEST_CASE("comparators decide with the noise that slices leave") {
  each_dac([](const std::string& kind, const Dac& dac) {
    CAPTURE(kind);
    // Four bits of magnitude, all on: (1 + 4 + 16 + 64) / 15^2 of one read's variance.
    CHECK(dac.noise_gain() == Approx(kind == "bit_serial" ? 85.0 / 225 : 1));
    crossbar::AnalogArrayModel model = model_with(dac);
    model.weight_scale = 3;
    model.device.read_noise.choice = devices::WhiteReadNoise{.std = 0.05};
    cost::Tally tally;
    const crossbar::AnalogArray array(model, 2, 2, {.tally = &tally});
    CHECK(array.decision_law(crossbar::Direction::to_cols).variance(1, 0) ==
          Approx(dac.noise_gain() * std::pow(3 * 0.1, 2)).epsilon(1e-5));
  });
}

TEST_CASE("copies that read less than others wait for all slices of a vector") {
  Dac dac;
  dac.choice = crossbar::BitSerialDac{.resolution = bits};
  crossbar::AnalogArrayModel model = model_with(dac);
  // The same in every cell, and from the first read on.
  model.device.drift.choice = devices::PowerLawDrift{.nu = 0.05, .nu_dtod = 0, .t0 = 1e-7};
  model.copies = 2;
  cost::Tally tally;
  const auto copied = model.make(3, 2, {.tally = &tally});
  copied->program(weights(3, 2));
  Matrix y(3, 2);
  for (int n = 0; n < 1000; ++n)
    copied->read(crossbar::Direction::to_cols, inputs(3, 3),
                 y);  // two vectors one way, one the other
  CHECK((copied->weights() - weights(3, 2).cast<double>()).cwiseAbs().maxCoeff() > 0.1);
  for (const crossbar::Figure& figure : copied->figures()) {
    if (figure.name == "copies_spread") CHECK(figure.value < 1e-6);
  }
}

TEST_CASE("means over normal inputs are those of a sum over their density") {
  const auto ohmic = [](double v) { return v; };
  const auto curved = [](double v) { return std::sinh(1.2 * v) / std::sinh(1.2); };
  for (const double mean_square : {0.01, 0.1, 0.5}) {
    each_dac([&](const std::string& kind, const Dac& dac) {
      CAPTURE(kind, mean_square);
      const Dac::Means means = dac.means(mean_square, {}, 0.3);
      devices::Conduction sinh;
      sinh.choice = devices::SinhConduction{.v0 = 0.25};
      const Dac::Means bent = dac.means(mean_square, sinh, 0.3);
      const auto heat_of = [&](const std::function<double(double)>& current) {
        const double sigma = std::sqrt(mean_square), step = 1e-3 * sigma;
        double sum = 0;
        for (double z = -8 * sigma; z < 8 * sigma; z += step) {
          const double density =
              std::exp(-z * z / (2 * mean_square)) / (sigma * std::sqrt(2 * 3.14159265358979));
          for (const auto& slots : waveform(kind, z).reads)
            sum += density * step * integral(slots, [&](double v) { return v * current(v); });
        }
        return sum;
      };
      CHECK(bent.heat == Approx(heat_of(curved)).epsilon(1e-3));
      if (kind == "uniform") {  // by definition
        CHECK(means.heat == mean_square);
        CHECK(means.swing == mean_square);
        return;
      }
      const double sigma = std::sqrt(mean_square), step = 1e-4 * sigma;
      double swing = 0;
      for (double z = -8 * sigma; z < 8 * sigma; z += step) {
        const double density =
            std::exp(-z * z / (2 * mean_square)) / (sigma * std::sqrt(2 * 3.14159265358979));
        for (const auto& slots : waveform(kind, z).reads) {
          swing += density * step * swings(slots);
        }
      }
      CHECK(means.heat == Approx(heat_of(ohmic)).epsilon(1e-3));
      CHECK(means.swing == Approx(swing).epsilon(1e-3));
    });
  }
}
