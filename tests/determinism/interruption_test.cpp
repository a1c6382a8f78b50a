// A job that is stopped and started again, however often, ends in the same bits as one that is left
// alone.

#include <cstdint>
#include <string>
#include <vector>

#include "ohmlab/core/errors.hpp"
#include "ohmlab/io/hdf5.hpp"
#include "ohmlab/lab/results/build.hpp"
#include "ohmlab/lab/results/checkpoint.hpp"
#include "ohmlab/lab/run.hpp"

#include "tests/catch.hpp"
#include "tests/temp_folder.hpp"

using namespace ohmlab;

namespace {

/// Asks to stop when it has been asked so many times, and again and again after.
class StopAfter final : public results::Progress {
 public:
  explicit StopAfter(int questions) : left_(questions) {}
  [[nodiscard]] bool interrupted() override { return left_-- <= 0; }
  void say(const std::string& line) override { said += line; }
  std::string said;

 private:
  int left_;
};

/// Keeps the number of steps that an earlier process had done.
class Recorder final : public results::Progress {
 public:
  void resume(std::int64_t done) override { restored = done; }
  std::int64_t restored = -1;
};

lab::Plan learning(const std::vector<std::string>& sets,
                   const std::string& kind = "kind = 'train'") {
  const std::string text =
      kind +
      "\ndata = {kind = 'bars_and_stripes', size = 3}\nmodel = {kind = 'rbm', hidden = 5}\n"
      "training = {epochs = 6, batch = 4, rate = 0.2}\nevaluation = {every = 2}";
  return lab::plan(core::parse_config(text, "bars.toml", {}, sets));
}

std::vector<std::string> analog(const std::string& mapping, const std::string& neuron,
                                const std::string& read_noise = "{kind = 'white', std = 0.02}") {
  return {
      "array={kind = 'analog', weight_scale = 3, mapping = '" + mapping +
          "', device = {g_min = 1e-6, g_max = 1e-5, v_read = 0.2, t_read = 1e-7, v_write = 1.0, "
          "t_pulse = 1e-8, pulse = {kind = 'soft_bounds', write_noise_std = 2.0}, read_noise = " +
          read_noise + ", drift = {kind = 'power_law', t0 = 1e-6}}}",
      "neuron=" + neuron, "training.statistics=samples"};
}

void check_same(const std::vector<cost::Entry>& a, const std::vector<cost::Entry>& b) {
  REQUIRE(a.size() == b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    INFO(b[i].stage << " / " << b[i].component << " / " << cost::name(b[i].action));
    CHECK(a[i].count == b[i].count);
    CHECK(a[i].serial == b[i].serial);
    CHECK(a[i].joules == b[i].joules);
    CHECK(a[i].seconds == b[i].seconds);
  }
}

void check_interruptions(const lab::Plan& plan) {
  const TempFolder folder;
  results::Progress silent;
  const lab::Outcome whole = lab::run(plan, {.out = folder / "whole.h5"}, silent);
  for (const int questions : {0, 1, 3, 7}) {
    const auto file = folder / ("stopped" + std::to_string(questions) + ".h5");
    int stops = 0;
    for (bool done = false; !done;) {
      StopAfter impatient(questions);
      try {
        static_cast<void>(lab::run(plan, {.out = file}, impatient));
        done = true;
      } catch (const results::Interrupted&) {
        ++stops;
        REQUIRE_FALSE(std::filesystem::exists(file));
      }
      REQUIRE(impatient.said.empty());
      REQUIRE(stops < 100);
    }
    REQUIRE(stops > 1);
    CHECK_FALSE(std::filesystem::exists(file.string() + ".state"));
    const results::StoredResult stopped = results::read_result(file), &calm = whole.stored;
    CHECK(stopped.identity.id == calm.identity.id);
    REQUIRE(stopped.result.quality.size() == calm.result.quality.size());
    for (std::size_t i = 0; i < calm.result.quality.size(); ++i) {
      INFO(calm.result.quality[i].name);
      CHECK(stopped.result.quality[i].value == calm.result.quality[i].value);
    }
    CHECK(stopped.result.axis.values == calm.result.axis.values);
    REQUIRE(stopped.result.metrics.size() == calm.result.metrics.size());
    for (std::size_t i = 0; i < calm.result.metrics.size(); ++i) {
      CHECK(stopped.result.metrics[i].values == calm.result.metrics[i].values);
    }
    for (std::size_t i = 0; i < calm.result.parameters.size(); ++i) {
      CHECK(stopped.result.parameters[i].values == calm.result.parameters[i].values);
    }
    REQUIRE(stopped.result.systems.size() == calm.result.systems.size());
    check_same(stopped.result.systems[0].tally, calm.result.systems[0].tally);
    CHECK(stopped.result.history.system == calm.result.history.system);
    REQUIRE(stopped.result.history.done.size() == calm.result.history.done.size());
    for (std::size_t i = 0; i < calm.result.history.done.size(); ++i) {
      INFO("evaluation " << i);
      check_same(stopped.result.history.done[i], calm.result.history.done[i]);
    }
  }
}

/// Changes one number of a state and seals it again.
void rewrite(const std::filesystem::path& file, const std::string& item, std::uint64_t value) {
  const io::Hdf5Reader old(file);
  io::Hdf5Writer out(file);
  for (const char* name : {"format", "id", "build"})
    out.attribute("/", name, old.attribute_text("/", name));
  out.attribute("/", "schema", old.attribute_int64("/", "schema"));
  for (const char* group : {"/float32", "/float64", "/uint64", "/text"}) out.group(group);
  const auto copy = [&](const std::string& group, auto read) {
    for (const std::string& name : old.names(group)) {
      const std::string path = group + "/" + name;
      const auto array = read(path);
      out.dataset(path, array.values, array.shape, {});
    }
  };
  copy("/float32", [&](const std::string& path) { return old.read_floats(path); });
  copy("/float64", [&](const std::string& path) { return old.read_doubles(path); });
  copy("/text", [&](const std::string& path) { return old.read_strings(path); });
  copy("/uint64", [&](const std::string& path) {
    auto array = old.read_uint64(path);
    if (path == "/uint64/" + item) array.values[0] = value;
    return array;
  });
  out.commit();
}

}  // namespace

TEST_CASE("an interrupted sampling ends in the same bits") {
  const std::string text =
      "kind = 'sample'\nheight = 3\nwidth = 4\nburn_in = 4\nsweeps = 40\nthin = 2\n"
      "couplings = 'normal'\nneuron = 'comparator'\n";
  check_interruptions(lab::plan(core::parse_config(text, "ideal.toml")));
  const std::vector<std::string> cells{analog("pair", "comparator")[0]};
  check_interruptions(lab::plan(core::parse_config(text, "cells.toml", {}, cells)));
  for (const char* sampler :
       {"sampler={kind = 'parallel_tempering', inv_temps = [1, 0.5, 0]}", "sampler=annealing"}) {
    const std::vector<std::string> sets{sampler};
    check_interruptions(lab::plan(core::parse_config(text, "ideal.toml", {}, sets)));
  }
  for (const char* sampler : {"multispin", "gibbs"}) {  // along edges
    check_interruptions(lab::plan(core::parse_config(
        std::string("kind = 'sample'\nheight = 8\nwidth = 10\nburn_in = 4\nsweeps = 40\nthin = 2\n"
                    "couplings = 'plus_minus'\nsampler = '") +
            sampler + "'\n",
        "torus.toml")));
  }
}

TEST_CASE("an interrupted run on the ideal array ends in the same bits under every rule") {
  check_interruptions(learning({"rule={kind = 'pcd', chains = 7}"}));
  check_interruptions(learning({"rule={kind = 'cd', steps = 2}"}));
  check_interruptions(
      learning({"model={kind = 'denoising_chain', steps = 2, hidden = 5}", "rule=cd"}));
  check_interruptions(learning({"rule={kind = 'centred', sliding = 0.1}"}));
  check_interruptions(learning({"rule={kind = 'tempered_pcd', chains = 7}"}));
  check_interruptions(learning({"neuron=comparator", "training.statistics=samples"}));
  check_interruptions(learning({"training.update=differenced", "training.momentum=0.8"}));
}

TEST_CASE("an interrupted run through pulses, noise and drift ends in the same bits") {
  check_interruptions(learning(analog("reference", "adc")));
  check_interruptions(learning(analog("pair", "comparator")));
}

TEST_CASE(
    "an interrupted run on cells that wear out, with traces of noise, ends in the same bits") {
  for (const char* read_noise :
       {"{kind = 'flicker', relative = 0.1, f_high = 1e8, white = 0.02}",
        "{kind = 'telegraph', traps = 1, time_high = 1e-5, time_low = 1e-5}"}) {
    std::vector<std::string> sets = analog("pair", "comparator", read_noise);
    sets.emplace_back("array.device.endurance=20");
    sets.emplace_back("array.device.wear={kind = 'weibull', worn = {high = 1, here = 1}}");
    check_interruptions(learning(sets));
  }
}

TEST_CASE("an interrupted run within and after the calibration of a range ends in the same bits") {
  for (const char* vectors : {"40", "400"}) {
    std::vector<std::string> sets = analog("reference", "adc");
    sets.push_back(std::string("array.range={kind = 'calibrated', quantile = 0.9, vectors = ") +
                   vectors + "}");
    sets.emplace_back("array.adc={kind = 'sar', mismatch = 0.05, noise = 0.001}");
    check_interruptions(learning(sets));
  }
}

TEST_CASE(
    "an interrupted run through exact wires ends in the same bits, however inputs are solved") {
  for (const char* batch : {"1", "4", "7"}) {
    std::vector<std::string> sets = analog("reference", "adc", "'none'");
    sets.emplace_back("array.wires={kind = 'exact', r_row = 500, r_col = 500}");
    sets.emplace_back(std::string("training.batch=") + batch);
    check_interruptions(learning(sets));
  }
  const std::string text =
      "kind = 'sample'\nheight = 3\nwidth = 4\nburn_in = 4\nsweeps = 40\nthin = 2\nchains = 3\n"
      "couplings = 'normal'\n";
  const std::vector<std::string> sets{analog("pair", "adc", "'none'")[0],
                                      "array.wires={kind = 'exact', r_row = 500, r_col = 500}"};
  check_interruptions(lab::plan(core::parse_config(text, "wires.toml", {}, sets)));
}

TEST_CASE("an interrupted run on copies of an array ends in the same bits") {
  std::vector<std::string> copies = analog("pair", "adc");
  copies.emplace_back("array.copies=3");
  check_interruptions(learning(copies));
}

TEST_CASE("an interrupted deployment ends in the same bits") {
  check_interruptions(
      learning({"array=analog", "evaluation.every=1"}, "kind = 'deploy'\ninstances = 2"));
}

TEST_CASE("an interrupted training of a transformer ends in the same bits") {
  check_interruptions(lab::plan(core::parse_config(
      "kind = 'train_decoder'\nmodel = {layers = 1, width = 8, heads = 2}\n"
      "data = {kind = 'pixels', images = {kind = 'bars_and_stripes', size = 3}, validation = 5}\n"
      "training = {updates = 20, batch = 4, every = 3}",
      "bars.toml")));
  check_interruptions(lab::plan(core::parse_config(
      "kind = 'train_encoder'\nvalidation = 1400\nmodel = {layers = 1, width = 8, heads = 2}\n"
      "training = {updates = 20, batch = 15, every = 4}\n[data]\nbase = "
      "'data/digits'\ntest_examples = 20",
      "digits.toml", OHMLAB_CONFIG_FOLDER)));
}

TEST_CASE(
    "an interrupted backpropagation ends in the same bits, on ideal arrays and through pulses") {
  const std::string text =
      "kind = 'backprop'\nmodel = {hidden = [7, 5]}\ntraining = {epochs = 4, batch = 40}\n"
      "evaluation = {every = 2, reads = 2}\n[data]\nbase = 'data/digits'\nthreshold = 1\nwhite = "
      "16\ntrain_examples = 150\ntest_examples = 20";
  for (const std::vector<std::string>& sets :
       {std::vector<std::string>{}, std::vector<std::string>{"model.bias=cell"},
        std::vector<std::string>{analog("reference", "adc")[0], "model.activation=tanh"},
        std::vector<std::string>{analog("pair", "adc")[0], "array.copies=2"}})
    check_interruptions(
        lab::plan(core::parse_config(text, "net.toml", OHMLAB_CONFIG_FOLDER, sets)));
}

TEST_CASE("an interrupted forward-forward training ends in the same bits") {
  const std::string text =
      "kind = 'train'\nmodel = {kind = 'forward_forward', hidden = [7, 5]}\nneuron = 'function'\n"
      "dynamics = 'forward'\nrule = 'forward_forward'\ntraining = {epochs = 4, batch = 40}\n"
      "evaluation = {every = 2}\n[data]\nbase = 'data/digits'\nthreshold = 1\nwhite = 16\n"
      "train_examples = 150\ntest_examples = 20";
  for (const std::vector<std::string>& sets :
       {std::vector<std::string>{"rule.negatives=scored"},
        std::vector<std::string>{analog("reference", "adc")[0]}})
    check_interruptions(
        lab::plan(core::parse_config(text, "net.toml", OHMLAB_CONFIG_FOLDER, sets)));
}

TEST_CASE("a state of another run, another build or another kind is not resumed from") {
  const TempFolder folder;
  const auto plan = learning({});
  const auto file = folder / "x.h5", state = folder / "x.h5.state";
  StopAfter soon(5);  // in the second epoch of four batches
  REQUIRE_THROWS_AS(lab::run(plan, {.out = file}, soon), results::Interrupted);
  REQUIRE(std::filesystem::exists(state));

  SECTION("a run of another id leaves it alone, or by force starts at its own beginning") {
    const auto other = learning({"seed=9"});
    results::Progress silent;
    const auto fresh = lab::run(other, {.out = folder / "y.h5"}, silent);
    const std::string before = bytes_of(state);
    CHECK(message_of<core::UserError>([&] {
      static_cast<void>(lab::run(other, {.out = file}, silent));
    }).starts_with(state.string() + ": expected no state, or that of run "));
    CHECK(bytes_of(state) == before);
    StopAfter never(1 << 30);
    const auto beside = lab::run(other, {.out = file, .force = true}, never);
    CHECK(never.said.starts_with(state.string() + ": state of run "));
    CHECK(beside.stored.result.quality[0].value == fresh.stored.result.quality[0].value);
  }
  SECTION("a state of another build is told of and not resumed from") {
    results::Progress silent;
    const auto whole = lab::run(plan, {.out = folder / "whole.h5"}, silent);
    const std::string id = results::id_of_state(file);
    {
      io::Hdf5Writer writer(state);
      writer.attribute("/", "format", std::string("ohmlab state"));
      writer.attribute("/", "id", id);
      writer.attribute("/", "build",
                       std::string("0.1.0, commit 0, GNU 1, native, another processor, sse2"));
      writer.commit();
    }
    StopAfter never(1 << 30);
    const auto again = lab::run(plan, {.out = file}, never);
    CHECK(never.said.find("state of another build (0.1.0, commit 0,") != std::string::npos);
    CHECK(again.stored.result.quality[0].value == whole.stored.result.quality[0].value);
  }
  SECTION("a build is known by its commit and by the processor it runs on") {
    const std::string build = io::Hdf5Reader(state).attribute_text("/", "build");
    CHECK(build == results::build());
    CHECK(build.find(", commit ") != std::string::npos);
    CHECK(build.find(", " + results::cpu_name() + ", ") != std::string::npos);
  }
  SECTION("resuming tells progress what was restored") {
    Recorder recorder;
    static_cast<void>(lab::run(plan, {.out = file}, recorder));
    CHECK(recorder.restored == 1);
  }
  SECTION("a truncated state is the user's to remove") {
    const std::string bytes = bytes_of(state);
    write_bytes(state, bytes.substr(0, bytes.size() / 2));
    results::Progress silent;
    const std::string message = message_of<core::UserError>(
        [&] { static_cast<void>(lab::run(plan, {.out = file}, silent)); });
    CHECK(message.find(state.string()) == 0);
    CHECK(message.find("remove the file to start again") != std::string::npos);
  }
  SECTION("a state with one changed bit is refused by name") {
    std::string bytes = bytes_of(state);
    bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 4);
    write_bytes(state, bytes);
    results::Progress silent;
    const std::string message = message_of<core::UserError>(
        [&] { static_cast<void>(lab::run(plan, {.out = file}, silent)); });
    CHECK(message.find(state.string() + ": expected the bytes that ohmlab wrote, found others") ==
          0);
    CHECK(message.find("(remove the file to start again)") != std::string::npos);
    CHECK_FALSE(std::filesystem::exists(file));
  }
  SECTION("a state at a place that the training never comes to is refused") {
    const std::string whole = bytes_of(state);
    for (const char* item : {"epoch", "batch"}) {
      INFO(item);
      write_bytes(state, whole);
      rewrite(state, item, std::uint64_t{1} << 63);
      results::Progress silent;
      const std::string message = message_of<core::UserError>(
          [&] { static_cast<void>(lab::run(plan, {.out = file}, silent)); });
      CHECK(message.find("which are none of this training") != std::string::npos);
    }
  }
  SECTION("an HDF5 file of another kind is refused") {
    results::Progress silent;
    static_cast<void>(lab::run(plan, {.out = folder / "z.h5"}, silent));
    std::filesystem::copy_file(folder / "z.h5", state,
                               std::filesystem::copy_options::overwrite_existing);
    const std::string message = message_of<core::UserError>(
        [&] { static_cast<void>(lab::run(plan, {.out = file}, silent)); });
    CHECK(message.find("expected the state of a run of ohmlab") != std::string::npos);
  }
}
