#include "support.hpp"

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>

#include "../core/rng.hpp"
#include "../crossbar/analog_array.hpp"

namespace ohmlab::lab {
namespace {

using core::Index;
using core::Matrix;
using core::MatrixD;
using crossbar::AnalogArrayModel;
using crossbar::Array;

constexpr Index rows = 6, cols = 5, vectors = 4;
constexpr int changes = 300;  // enough for every path to move something on
constexpr double pause = 10;  // s

/// Values in (-1, 1) without a pattern.
Matrix numbers(Index height, Index width, std::uint32_t salt) {
  Matrix out(height, width);
  core::fill_uniform(core::stream(salt, core::StreamId::data), 0, 0,
                     {out.data(), static_cast<std::size_t>(out.size())});
  return (2 * out.array() - 1).matrix();
}

/// Equal ohmic cells without noise behind ideal converters.
AnalogArrayModel ideal() {
  AnalogArrayModel model;
  devices::Device& device = model.device;
  device.g_min = 1e-6;
  device.g_max = 9e-6;
  device.v_read = 0.2;
  device.t_read = 1e-7;
  device.v_write = 2;
  device.t_pulse = 1e-8;
  device.pulse.choice = devices::LinearStep{{.dw_min = 0.01,
                                             .dw_min_dtod = 0,
                                             .dw_min_std = 0,
                                             .up_down_dtod = 0,
                                             .w_max_dtod = 0,
                                             .w_min_dtod = 0}};
  model.dac.choice = crossbar::NoDac{};
  model.adc.choice = crossbar::NoAdc{};
  model.output_noise = 0;
  model.comparator.scale = 1e-9;
  model.pulser.choice = crossbar::DeterministicPulser{};
  return model;
}

struct Effect {
  const char* name;
  std::function<void(AnalogArrayModel&)> add;
};

void steps(AnalogArrayModel& model, const std::function<void(devices::LinearStep&)>& change) {
  change(std::get<devices::LinearStep>(model.device.pulse.choice));
}

std::vector<Effect> effects() {
  return {
      {"spread of steps", [](auto& m) { steps(m, [](auto& p) { p.dw_min_dtod = 0.3; }); }},
      {"noise of steps", [](auto& m) { steps(m, [](auto& p) { p.dw_min_std = 0.3; }); }},
      {"asymmetric steps", [](auto& m) { steps(m, [](auto& p) { p.up_down = 0.3; }); }},
      {"bounds of cells", [](auto& m) { steps(m, [](auto& p) { p.w_max = 0.3; }); }},
      {"write noise", [](auto& m) { steps(m, [](auto& p) { p.write_noise_std = 3; }); }},
      {"programming error",
       [](auto& m) { m.device.programming.choice = devices::GaussianProgramming{.std = 0.02}; }},
      {"drift", [](auto& m) { m.device.drift.choice = devices::PowerLawDrift{}; }},
      {"white read noise",
       [](auto& m) { m.device.read_noise.choice = devices::WhiteReadNoise{.std = 0.02}; }},
      {"telegraph noise",
       [](auto& m) { m.device.read_noise.choice = devices::TelegraphReadNoise{.traps = 1}; }},
      {"1/f noise", [](auto& m) { m.device.read_noise.choice = devices::FlickerReadNoise{}; }},
      {"states that wander", [](auto& m) { m.device.diffusion = 0.01; }},
      {"heat",
       [](auto& m) {
    m.device.temperature = 350;
    m.device.activation.low = m.device.activation.high = 0.05;
  }},
      {"wear",
       [](auto& m) {
    m.device.endurance = 20;
    m.device.wear.choice = devices::WeibullWear{};
  }},
      {"stuck cells", [](auto& m) { m.device.faults.choice = devices::StuckFaults{.yield = 0.7}; }},
      {"current that is not ohmic",
       [](auto& m) { m.device.conduction.choice = devices::SinhConduction{}; }},
      {"drivers of few bits",
       [](auto& m) { m.dac.choice = crossbar::UniformDac{.resolution = 3}; }},
      {"converters of few bits",
       [](auto& m) { m.adc.choice = crossbar::UniformAdc{{.resolution = 4}}; }},
      {"errors of drivers",
       [](auto& m) { m.dac.choice = crossbar::UniformDac{.errors = {.gain = 0.1}}; }},
      {"errors of converters",
       [](auto& m) { m.adc.choice = crossbar::SarAdc{{.bound = 4}, {}, 0, 0.1}; }},
      {"noise of the periphery", [](auto& m) { m.output_noise = 0.06; }},
      {"noise of comparators", [](auto& m) { m.comparator.scale = 1.702; }},
      {"wires, exact", [](auto& m) { m.wires.choice = crossbar::ExactWires{}; }},
      {"lines that float", [](auto& m) { m.sensing.choice = crossbar::VoltageSensing{}; }},
      {"pairs of cells", [](auto& m) { m.mapping.choice = crossbar::PairMapping{}; }},
      {"one-sided pairs",
       [](auto& m) { m.mapping.choice = crossbar::OneSidedMapping{.full = 0, .every = 5}; }},
      {"zero shifting", [](auto& m) { m.calibration.choice = crossbar::ZeroShift{.pairs = 3}; }},
      {"random pulse trains", [](auto& m) { m.pulser.choice = crossbar::StochasticPulser{}; }},
      {"changes without pulses", [](auto& m) { m.pulser.choice = crossbar::ExactPulser{}; }},
  };
}

using Numbers = std::vector<double>;

Numbers listed(const std::vector<MatrixD>& matrices) {
  Numbers out;
  for (const MatrixD& m : matrices) out.insert(out.end(), m.data(), m.data() + m.size());
  return out;
}

void program(Array& array) {
  array.program(0.4F * numbers(rows, cols, 1));
  array.wait(pause);
}

Numbers read(Array& array, crossbar::Direction direction, bool decided) {
  program(array);
  const bool forward = direction == crossbar::Direction::to_cols;
  const Matrix x = numbers(vectors, forward ? rows : cols, 2);
  Matrix y(vectors, forward ? cols : rows);
  if (decided) {
    array.decide(direction, x, Matrix::Zero(1, y.cols()), y);
  } else {
    array.read(direction, x, y);
  }
  return listed({y.cast<double>()});
}

/// Conductances after many changes of weights.
Numbers update(Array& array) {
  program(array);
  for (std::uint32_t k = 0; k < changes; ++k) {
    const Matrix x = numbers(2, rows, 2 * k + 3), d = numbers(2, cols, 2 * k + 4);
    array.update(x, d, 0.03);
    array.wait(pause);
  }
  return listed(array.conductances());
}

struct Operation {
  std::string name;
  crossbar::Path path;
  std::function<Numbers(Array&)> run;
};

std::vector<Operation> operations() {
  std::vector<Operation> out{
      {"program", {}, [](Array& a) { return program(a), listed(a.conductances()); }},
      {"read", {}, [](Array& a) { return read(a, crossbar::Direction::to_cols, false); }},
      {"read back", {}, [](Array& a) { return read(a, crossbar::Direction::to_rows, false); }},
      {"decide", {}, [](Array& a) { return read(a, crossbar::Direction::to_cols, true); }},
  };
  crossbar::Path::each([&]<class Entry>() {
    crossbar::Path path;
    path.choice = Entry{};
    out.push_back({std::string(Entry::name), path, update});
  });
  return out;
}

/// Results of an operation, or the reason why the model is refused.
struct Outcome {
  Numbers numbers;
  std::string refused;
};

Outcome outcome(AnalogArrayModel model, const Operation& operation) {
  model.path = operation.path;
  if (std::string reason = model.problem(); !reason.empty()) return {{}, std::move(reason)};
  cost::Tally tally;
  const std::unique_ptr<Array> array = model.make(rows, cols, {.seed = 1, .tally = &tally});
  return {operation.run(*array), ""};
}

}  // namespace

SupportMatrix support_matrix() {
  SupportMatrix out;
  const std::vector<Operation> all = operations();
  std::vector<Outcome> without;
  for (const Operation& operation : all) {
    out.operations.push_back(operation.name);
    without.push_back(outcome(ideal(), operation));
  }
  for (const Effect& effect : effects()) {
    SupportMatrix::Row row{effect.name, {}};
    for (std::size_t k = 0; k < all.size(); ++k) {
      AnalogArrayModel model = ideal();
      effect.add(model);
      const Outcome with = outcome(std::move(model), all[k]);
      if (with.refused.empty()) {
        row.cells.push_back(with.numbers != without[k].numbers ? "acts" : "-");
        continue;
      }
      auto known = std::find(out.reasons.begin(), out.reasons.end(), with.refused);
      if (known == out.reasons.end()) known = out.reasons.insert(known, with.refused);
      row.cells.push_back(std::to_string(known - out.reasons.begin() + 1));
    }
    out.rows.push_back(std::move(row));
  }
  return out;
}

}  // namespace ohmlab::lab
