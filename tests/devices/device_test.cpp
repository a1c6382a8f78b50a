#include "ohmlab/devices/device.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <string>
#include <vector>

#include "ohmlab/core/config.hpp"
#include "ohmlab/core/describe.hpp"
#include "ohmlab/core/errors.hpp"
#include "ohmlab/core/field_values.hpp"
#include "ohmlab/devices/catalogue.hpp"

#include "tests/catch.hpp"

using namespace ohmlab;

namespace {

std::vector<std::filesystem::path> presets() {
  std::vector<std::filesystem::path> out;
  for (const auto& entry : std::filesystem::directory_iterator(OHMLAB_DEVICE_PRESETS)) {
    if (entry.path().extension() == ".toml") out.push_back(entry.path());
  }
  std::sort(out.begin(), out.end());
  return out;
}

devices::Device preset(const std::string& name) {
  return core::read<devices::Device>(
      core::load_config(std::filesystem::path(OHMLAB_DEVICE_PRESETS) / (name + ".toml")));
}

/// What a preset's comment says is missing: the rest of its line "# Not cited: a, b".
std::string said_to_be_missing(const std::filesystem::path& file) {
  constexpr std::string_view marker = "# Not cited: ";
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with(marker)) return line.substr(marker.size());
  }
  return "";
}

std::string joined(const std::vector<std::string_view>& names) {
  std::string out;
  for (const auto name : names) out += (out.empty() ? "" : ", ") + std::string(name);
  return out;
}

std::string error_of(const std::string& text) {
  try {
    (void)core::read<devices::Device>(core::parse_config(text, "x.toml"));
  } catch (const core::UserError& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("every preset of a device loads, names its sources and says what it does not cite") {
  CHECK(presets().size() >= 11);
  for (const auto& file : presets()) {
    CAPTURE(file.filename().string());
    const auto device = core::read<devices::Device>(core::load_config(file));
    CHECK(device.source.size() > 50);
    CHECK(joined(device.uncited()) == said_to_be_missing(file));

    // its resolved form reads back as itself
    const std::string text = core::canonical_text(core::to_node(device));
    CHECK(core::canonical_text(
              core::to_node(core::read<devices::Device>(core::parse_config(text, "y")))) == text);
  }
}

TEST_CASE("presets hold the published parameters") {
  // number of mean steps between the mean bounds, published for each
  const auto steps = [](const devices::StepSpread& pulse) {
    return (pulse.w_max - pulse.w_min) / pulse.dw_min;
  };

  const auto idealized = preset("idealized"), gokmen_vlasov = preset("gokmen_vlasov");
  CHECK(steps(std::get<devices::ConstantStep>(idealized.pulse.choice)) == Approx(10000));
  CHECK(steps(std::get<devices::ConstantStep>(gokmen_vlasov.pulse.choice)) == Approx(1250));
  CHECK(*gokmen_vlasov.g_max / *gokmen_vlasov.g_min == Approx(8).epsilon(1e-3));
  CHECK(2 / (*gokmen_vlasov.g_max + *gokmen_vlasov.g_min) == Approx(24e6).epsilon(1e-3));

  const auto reram = std::get<devices::SoftBounds>(preset("reram_sb").pulse.choice);
  CHECK(steps(reram) == Approx(1000));
  CHECK(reram.cycle == devices::CycleNoise::additive);
  CHECK(reram.w_max * reram.w_max_dtod == Approx(0.3));
  CHECK(-reram.w_min * reram.w_min_dtod == Approx(0.3));
  CHECK(reram.write_noise() == Approx(0.112));

  CHECK(gokmen_vlasov.uncited().empty());
  CHECK(preset("ag_asi").uncited().empty());

  const auto pcm = preset("pcm");
  CHECK(pcm.programming.kind() == "pcm");
  CHECK(pcm.drift.kind() == "pcm");
  CHECK(pcm.read_noise.kind() == "pcm");
  CHECK(pcm.highest() == 25e-6);
  CHECK(pcm.lowest() == 0);
  CHECK(std::get<devices::PcmReadNoise>(pcm.read_noise.choice).t_r == *pcm.t_read);
}

TEST_CASE(
    "presets of memories for inference have the models of their kind and a stand-in for pulses") {
  const auto check = [](const std::string& name, const std::string& kinds, double low,
                        double high) {
    CAPTURE(name);
    const devices::Device device = preset(name);
    CHECK(std::string(device.programming.kind()) + " " + std::string(device.drift.kind()) + " " +
              std::string(device.read_noise.kind()) ==
          kinds);
    CHECK(device.lowest() == Approx(low * 1e-6));
    CHECK(device.highest() == Approx(high * 1e-6));
    CHECK(device.uncited().size() >= 3);
    std::ifstream in(std::filesystem::path(OHMLAB_DEVICE_PRESETS) / (name + ".toml"));
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    CHECK(text.find("CAUTION: its pulse response is a stand-in") != std::string::npos);
  };
  check("pcm_hermes_1", "hermes hermes none", 0, 10.35);
  check("pcm_hermes_2", "hermes hermes none", 0, 20.7);
  check("rram_wan", "rram_wan rram_wan none", 1, 40);
  check("cmo_hfox", "cmo_hfox cmo_hfox cmo_hfox", 8, 90);
  check("sonos", "sonos sonos sonos", 0, 16);
  check("rram_milo", "rram_milo none none", 50, 225);

  // Read currents at g_max are those of the operating point.
  const devices::Device sonos = preset("sonos");
  const double full_scale = *sonos.v_read * sonos.highest();
  CHECK(std::get<devices::SonosProgramming>(sonos.programming.choice).full_scale ==
        Approx(full_scale));
  CHECK(std::get<devices::SonosDrift>(sonos.drift.choice).full_scale == Approx(full_scale));
  CHECK(std::get<devices::SonosReadNoise>(sonos.read_noise.choice).full_scale ==
        Approx(full_scale));
}

TEST_CASE(
    "silver in silicon follows its published curves: 97 pulses up, 100 down, that far off straight "
    "lines") {
  const auto pulse = std::get<devices::SoftBounds>(preset("ag_asi").pulse.choice);
  const auto cell = pulse.draw<float>({});
  const auto farthest = [&](int pulses,
                            bool is_up) {  // of the normalised curve above its straight line
    float w = is_up ? -1 : 1;
    double most = 0;
    for (int p = 1; p <= pulses; ++p) {
      w = pulse.step<float>(cell, w, is_up, 0.0F);
      const double moved =
          (is_up ? 1.0 + static_cast<double>(w) : 1.0 - static_cast<double>(w)) / 2;
      most = std::max(most, moved - static_cast<double>(p) / pulses);
    }
    CHECK(w == Approx(is_up ? 1 : -1).margin(2e-3));
    return most;
  };
  CHECK(farthest(97, true) == Approx(0.07 * std::sqrt(2.0) * 2.40).epsilon(2e-3));
  CHECK(farthest(100, false) == Approx(0.07 * std::sqrt(2.0) * 4.88).epsilon(2e-3));
}

TEST_CASE("a device that cites nothing has a range of conductance, but cannot be billed") {
  const devices::Device device;
  CHECK(device.problem().empty());
  CHECK(device.lowest() == 0);
  CHECK(device.highest() == 1);
  CHECK(joined(device.uncited()) == "g_min, g_max, v_read, t_read, v_write, t_pulse");

  devices::Device cited = device;
  cited.g_min = 1e-6;
  cited.g_max = 2e-6;
  cited.v_read = cited.v_write = cited.t_read = cited.t_pulse = 1;
  CHECK(cited.uncited().empty());
  CHECK(cited.lowest() == 1e-6);
  CHECK(cited.highest() == 2e-6);
}

TEST_CASE("a device whose parts do not fit is refused with the reason") {
  CHECK(error_of("g_min = '1 uS'") == "x.toml:1: expected both g_min and g_max, or neither");
  CHECK(error_of("g_min = '2 uS'\ng_max = '2 uS'") == "x.toml:1: expected g_min below g_max");
  for (const std::string part : {"programming", "drift", "read_noise"}) {
    CHECK(error_of(part + " = 'pcm'") == "x.toml:1: models of kind \"pcm\" need g_min and g_max");
    CHECK(error_of(part + " = 'pcm'\ng_min = 0\ng_max = '25 uS'") == "no error");
  }
  CHECK(error_of("[pulse]\nkind = 'soft_bounds'\nw_min = 0").find("pulse.w_min") !=
        std::string::npos);
  CHECK(error_of("[pulse]\nkind = 'soft_bounds'\ncycle = 'additve'")
            .find("did you mean \"additive\"?") != std::string::npos);
}

TEST_CASE("steps that a float32 state does not resolve are refused, at the bounds of the device") {
  CHECK(error_of("pulse = {kind = 'ideal', dw_min = 1.2e-7}") == "no error");
  CHECK(error_of("pulse = {kind = 'ideal', dw_min = 1e-7}") ==
        "x.toml:1: pulse: a mean step of 1e-07 is lost in a state: expected at least 1.19e-07, the "
        "distance of float32 numbers at w = 1");
  CHECK(error_of("pulse = {kind = 'constant_step', dw_min = 1e-8, w_max = 0.01, w_min = -0.02}") ==
        "no error");
  for (const std::string kind : {"constant_step", "soft_bounds"}) {
    CHECK(error_of("pulse = {kind = '" + kind + "', dw_min = 4e-7, w_max = 0.1, w_min = -5}")
              .find("at least 4.77e-07") != std::string::npos);
  }
}

TEST_CASE("the state of no conductance is where the conductance is none, if a device has one") {
  devices::Device device;
  CHECK(!device.lowest_state());
  device.g_min = 1e-6;
  device.g_max = 9e-6;
  CHECK(device.lowest_state() == -1.25F);
  CHECK(device.conductance(-1.25) == Approx(0).margin(1e-20));
  device.g_min.reset();
  device.g_max.reset();
  device.drift.choice = devices::PowerLawDrift{};
  CHECK(device.lowest_state() == -1.0F);
}

TEST_CASE("conductances and ages that are no numbers are refused") {
  devices::Device device;
  device.g_min = 0;
  device.g_max = 25e-6;
  device.programming.choice = devices::GaussianProgramming{.std = 0.1};
  device.read_noise.choice = devices::PcmReadNoise{};
  CHECK(device.programming_error(1e-6) == Approx(2.5e-6));
  CHECK(device.noise_of_read(1e-6, 0) > 0);
  const double nan = std::numeric_limits<double>::quiet_NaN(),
               infinity = std::numeric_limits<double>::infinity();
  for (const double bad : {nan, infinity, -1e-9}) {
    CHECK_THROWS_AS(device.programming_error(bad), core::UserError);
    CHECK_THROWS_AS(device.noise_of_read(bad, 0), core::UserError);
    CHECK_THROWS_AS(device.noise_of_read(1e-6, bad), core::UserError);
  }
}

TEST_CASE("all six questions about a device are catalogued") {
  std::string names;
  for (const core::CatalogueInfo& catalogue : core::describe_list<devices::Catalogues>())
    names += catalogue.name + " ";
  CHECK(names == "pulse programming drift read_noise conduction faults wear ");
}
