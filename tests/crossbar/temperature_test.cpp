// One temperature: what it does to conduction, drift and noise by the law of Arrhenius, and that
// nothing is said of a temperature of which the device says nothing.
#include <cmath>
#include <string>

#include "ohmlab/crossbar/analog_array.hpp"
#include "ohmlab/crossbar/noise_trace.hpp"

#include "tests/catch.hpp"
#include "tests/crossbar/parts.hpp"

using namespace ohmlab;
using core::Matrix;
using core::MatrixD;

namespace {

constexpr double boltzmann = 1.380649e-23 / 1.602176634e-19;  // eV/K

double arrhenius(double energy, double from, double to) {
  return std::exp(energy / boltzmann * (1 / from - 1 / to));
}

crossbar::AnalogArrayModel at(double temperature, const devices::Activation& activation) {
  crossbar::AnalogArrayModel model = tests::ideal_parts();
  model.device = tests::electrical();  // 1 uS to 9 uS
  model.device.pulse.choice = devices::IdealPulse{};
  model.device.temperature = temperature;
  model.device.activation = activation;
  return model;
}

MatrixD programmed(const crossbar::AnalogArrayModel& model, const Matrix& target, double wait = 0) {
  cost::Tally tally;
  crossbar::AnalogArray array(model, target.rows(), target.cols(), {.tally = &tally});
  array.program(target);
  array.wait(wait);
  return array.weights();
}

const Matrix target = tests::numbers(6, 5, 1, -0.9, 0.9).cast<float>();

}  // namespace

TEST_CASE("heat scales all weights alike where all states have one activation energy") {
  const bool pair = GENERATE(false, true);
  const double temperature = GENERATE(250.0, 358.0);
  crossbar::AnalogArrayModel model = at(temperature, {.low = 0.08, .high = 0.08});
  if (pair) model.mapping.choice = crossbar::PairMapping{};
  REQUIRE(model.device.problem().empty());
  const MatrixD w = programmed(model, target);
  const double factor = arrhenius(0.08, 300, temperature);
  CHECK((w - factor * target.cast<double>()).cwiseAbs().maxCoeff() < 1e-5);
  CHECK(factor > 0.5);
  CHECK(std::abs(factor - 1) > 0.3);

  // reads see the same, and heat follows the conductances
  cost::Tally hot, cold;
  const auto joules = [&](const crossbar::AnalogArrayModel& of, cost::Tally& tally) {
    crossbar::AnalogArray array(of, target.rows(), target.cols(), {.tally = &tally});
    array.program(target);
    double before = 0, after = 0;
    for (const cost::Entry& entry : tally.entries()) before += entry.joules;
    Matrix y(1, target.cols());
    const Matrix ones = Matrix::Ones(1, target.rows());
    array.read(crossbar::Direction::to_cols, ones, y);
    for (const cost::Entry& entry : tally.entries()) after += entry.joules;
    const Matrix expected = ones * array.weights().cast<float>();
    CHECK((y - expected).cwiseAbs().maxCoeff() < 1e-5F);
    return after - before;
  };
  const double of_hot = joules(model, hot);
  model.device.temperature = 300;
  CHECK(of_hot / joules(model, cold) == Approx(factor).epsilon(1e-4));
}

TEST_CASE("a cell with energies of its ends has that of its state between") {
  const MatrixD w = programmed(at(400, {.low = 0.15, .high = -0.02}), target);
  const auto hot = [](double state) {
    const double energy = 0.15 + (state + 1) / 2 * (-0.02 - 0.15);
    return (1e-6 + (state + 1) / 2 * 8e-6) * arrhenius(energy, 300, 400);  // S
  };
  for (core::Index k = 0; k < w.size(); ++k) {
    const double state = static_cast<double>(target.data()[k]);
    CHECK(w.data()[k] == Approx((hot(state) - hot(0)) / 4e-6).margin(1e-5));
  }
}

TEST_CASE("drift runs as fast as its activation energy says") {
  crossbar::AnalogArrayModel model = at(358, {.low = 0, .high = 0, .drift = 0.6});
  model.device.drift.choice = devices::PowerLawDrift{.nu = 0.05, .nu_dtod = 0.3, .t0 = 1e-3};
  REQUIRE(model.device.problem().empty());
  const double factor = arrhenius(0.6, 300, 358);
  CHECK(factor > 40);
  const MatrixD hot = programmed(model, target, 100);
  model.device.temperature = 300;
  const MatrixD cold = programmed(model, target, 100),
                later = programmed(model, target, 100 * factor);
  CHECK((hot - later).cwiseAbs().maxCoeff() < 1e-5);
  CHECK((hot - cold).cwiseAbs().maxCoeff() > 0.02);
  model.device.temperature = 358;
  model.device.activation.drift = 0;
  CHECK(programmed(model, target, 100) == cold);
}

TEST_CASE("traces of read noise run as fast as theirs") {
  devices::Device hot = at(340, {.low = 0, .high = 0, .noise = 0.4}).device, fast = hot;
  const double factor = arrhenius(0.4, 300, 340);
  hot.read_noise.choice = devices::FlickerReadNoise{.f_low = 10, .f_high = 1e4};
  fast.read_noise.choice = devices::FlickerReadNoise{.f_low = 10 * factor, .f_high = 1e4 * factor};
  fast.activation.noise = 0;
  const auto offsets = [](const devices::Device& device) {
    crossbar::NoiseTrace trace(device, 4, 20, core::stream(1, core::StreamId::noise_trace), 0);
    for (const double t : {1e-5, 2e-4, 3e-3}) trace.advance(0, 4, t);
    Matrix out = Matrix::Zero(4, 20);
    trace.add_to(out, 0);
    return out;
  };
  CHECK(offsets(hot).norm() > 0.05F);
  CHECK((offsets(hot) - offsets(fast)).cwiseAbs().maxCoeff() < 1e-5F);
  hot.activation.noise = 0;
  CHECK((offsets(hot) - offsets(fast)).cwiseAbs().maxCoeff() > 1e-3F);
}

TEST_CASE("a temperature of which the device says nothing is refused, and so is an idle energy") {
  const auto says = [](const devices::Device& device, const char* part) {
    CAPTURE(device.problem());
    CHECK(device.problem().find(part) != std::string::npos);
  };
  devices::Device device = tests::electrical();
  device.temperature = 350;
  says(device, "says nothing of 350 K: expected activation.low and activation.high");
  device.activation = {.low = 0, .high = 0};
  CHECK(device.problem().empty());
  device.drift.choice = devices::PowerLawDrift{};
  says(device, "expected activation.drift");
  device.activation.drift = 0.5;
  CHECK(device.problem().empty());
  device.read_noise.choice = devices::TelegraphReadNoise{};
  says(device, "expected activation.noise");
  device.activation.noise = 0.2;
  CHECK(device.problem().empty());
  device.read_noise.choice = devices::WhiteReadNoise{};
  says(device, "activation.noise speeds up");
  device.activation.noise.reset();
  device.drift.choice = devices::NoDrift{};
  says(device, "activation.drift speeds up");
  device.activation = {.low = 0.1};
  says(device, "both activation.low and activation.high");
  device.activation = {.low = 0.1, .high = 0.1};
  device.reference_temperature = 350;
  CHECK(device.problem().empty());
  device.g_min.reset();
  device.g_max.reset();
  says(device, "need g_min and g_max");
}
