#include <map>
#include <string>

#include "ohmlab/core/parallel.hpp"
#include "ohmlab/lab/experiments.hpp"
#include "ohmlab/lab/run.hpp"

#include "tests/catch.hpp"
#include "tests/temp_folder.hpp"

using namespace ohmlab;

namespace {

/// 512 images of 64 pixels, 100 hidden units: every loop over a batch, over chains or over the rows
/// of an array has several slices, and enough work in them to be shared among threads.
const std::string learning =
    "data = {kind = 'bars_and_stripes', size = 8}\nmodel.hidden = 100\nrule = {kind = 'pcd', "
    "chains = 96}\n"
    "training.epochs = 1\ntraining.batch = 128\ntraining.rate = 0.1\n";
const std::string common =
    learning + "evaluation = {every = 1, ais = {temperatures = 50, chains = 96}}\n";

/// 2^18 terms of an exact partition function.
const std::string enumerable =
    "data = {kind = 'bars_and_stripes', size = 8}\nmodel.hidden = 18\n"
    "training = {epochs = 1, batch = 128}\nevaluation.every = 1\n";

/// The same learning by another rule.
std::string by(const std::string& rule) {
  return "data = {kind = 'bars_and_stripes', size = 8}\nmodel.hidden = 100\nrule = {" + rule +
         "}\ntraining = {epochs = 1, batch = 128, rate = 0.1}\n";
}

const std::string samples = "neuron = 'comparator'\ntraining.statistics = 'samples'\n";

std::string analog(const std::string& mapping, const std::string& more = "",
                   const std::string& read_noise = "{kind = 'white'}") {
  return "[array]\nkind = 'analog'\nmapping = '" + mapping +
         "'\noutput_noise = 0.06\ntile_rows = 40\n" + more +
         "[array.device]\nbase = 'devices/reram_sb'\n"
         "read_noise = " +
         read_noise + "\n";
}

/// Every loop over a batch has several slices.
const std::string descent =
    "kind = 'backprop'\nmodel = {hidden = [300, 150], input_scaling = 'maximum'}\ntraining = "
    "{epochs "
    "= 1, batch = 256}\nevaluation.reads = 1\n[data]\nbase = 'data/digits'\nthreshold = 1\nwhite = "
    "16\n";

/// Digits by an RBM or a classification RBM.
std::string digits(const std::string& model, const std::string& more, const std::string& data) {
  return "model = {hidden = 100, " + model +
         "}\ntraining = {epochs = 1, batch = 128, rate = 0.02}\n" + more +
         "[data]\nbase = 'data/digits'\n" + data;
}
const std::string gaussian = "kind = 'rbm', units = 'gaussian'",
                  gray = "threshold = 1\nwhite = 16\n";

const std::map<std::string, std::string> cases{
    {"train on an ideal array", common},
    {"train a machine that can be enumerated", enumerable},
    {"train on an ideal array, by comparators", samples + common},
    {"train on a reference array, by converters", common + analog("reference")},
    {"train on a reference array, by comparators", samples + common + analog("reference")},
    {"train on a pair array, by converters", common + analog("pair")},
    {"train on a pair array, by comparators", samples + common + analog("pair")},
    {"train on copies of an array, by converters", common + analog("pair", "copies = 3\n")},
    {"train on cells that wear out, with traces of noise",
     samples + common + analog("pair", "", "{kind = 'flicker', white = 0.01, f_high = 1e8}") +
         "t_read = 1e-7\nendurance = 30\nwear = {kind = 'weibull', worn = {here = 1}}\n"
         "faults = {kind = 'stuck', clustered = 0.1}\n"},
    {"train with telegraph noise",
     common + analog("reference", "", "{kind = 'telegraph', time_high = 1e-6, time_low = 1e-6}") +
         "t_read = 1e-7\n"},
    {"train through converters and drivers with errors",
     common +
         analog("reference",
                "dac = {kind = 'uniform', errors = {offset = 0.01, gain = 0.02, noise = 0.01}}\n"
                "adc = {kind = 'sar', mismatch = 0.05, noise = 0.01, columns_per_adc = 3}\n"
                "range = {kind = 'calibrated', vectors = 70}\n")},
    {"train through a pipeline, each read at its largest input",
     common + analog("pair",
                     "adc = {kind = 'pipeline', bound = 2, mismatch = 0.02, noise = 0.01}\n"
                     "range = 'maximum'\n")},
    {"measure converters on a bench",
     "kind = 'converter'\nconverters = 5\nadc = {kind = 'flash', bits = 7, offset = 0.01}\n"},
    {"train by exact steps", common + analog("reference") + "[array.pulser]\nkind = 'exact'\n"},
    {"deploy on phase-change memory",
     "kind = 'deploy'\ninstances = 2\n" + learning +
         "[array]\nkind = 'analog'\nmapping = 'pair'\n[array.device]\n"
         "base = 'devices/pcm'\n"},
    {"backpropagation on ideal arrays", descent},
    {"backpropagation on a reference array", descent + analog("reference")},
    {"backpropagation on copies of pairs", descent + analog("pair", "copies = 3\n")},
    {"sample an Ising model on a reference array, by comparators",
     "kind = 'sample'\nheight = 12\nwidth = 15\nneuron = 'comparator'\nchains = 70\nburn_in = "
     "3\nsweeps = 70\nthin = 2\n" +
         analog("reference")},
    {"sample a torus along its edges",
     "kind = 'sample'\nheight = 96\nwidth = 110\nchains = 3\nburn_in = 3\nsweeps = 20\n"},
    {"sample a torus, many sites a word",
     "kind = 'sample'\nheight = 96\nwidth = 110\nchains = 3\nburn_in = 3\nsweeps = 20\n"
     "sampler = 'multispin'\n"},
    {"train by the centred gradient on a reference array",
     by("kind = 'centred', chains = 96, sliding = 0.1") + analog("reference")},
    {"train tempered chains on an ideal array",
     by("kind = 'tempered_pcd', chains = 96, inv_temps = [1, 0.5, 0]")},
    {"train tempered chains on a reference array",
     by("kind = 'tempered_pcd', chains = 96, inv_temps = [1, 0.5]") + analog("reference")},
    {"train Gaussian units on a reference array",
     digits(gaussian, "rule = {kind = 'pcd', chains = 96}\n", gray) + analog("reference")},
    {"train Gaussian units by Langevin dynamics on an ideal array",
     digits(gaussian, "dynamics = {kind = 'langevin', step = 0.2}\n", gray)},
    {"train by the gradient of labels on a reference array",
     digits("kind = 'class_rbm'", "rule = 'discriminative'\n", "") + analog("reference")},
    {"sample by parallel tempering on a reference array",
     "kind = 'sample'\nheight = 12\nwidth = 15\nchains = 70\nburn_in = 3\nsweeps = 20\n"
     "sampler = {kind = 'parallel_tempering', inv_temps = [1, 0.5, 0]}\n" +
         analog("reference")},
    {"train by forward passes on a reference array",
     "model = {kind = 'forward_forward', hidden = [150, 90]}\nneuron = 'function'\n"
     "dynamics = 'forward'\nrule = {kind = 'forward_forward', negatives = 'scored'}\n"
     "training = {epochs = 1, batch = 256}\n[data]\nbase = 'data/digits'\nthreshold = 1\n"
     "white = 16\n" +
         analog("reference")},
    {"train a denoising chain on a reference array, by comparators",
     "data = {kind = 'bars_and_stripes', size = 8}\nrule = 'cd'\nneuron = 'comparator'\n"
     "model = {kind = 'denoising_chain', steps = 3, hidden = 100}\n"
     "training = {epochs = 1, batch = 128, statistics = 'samples'}\n" +
         analog("reference")},
    {"recall by an ideal array",
     "kind = 'recall'\nunits = 150\npatterns = 20\nmemory = 'storkey'\nreadout = 'comparator'\n"
     "most_sweeps = 2\n"},
    {"recall by a dense memory on pairs",
     "kind = 'recall'\nunits = 150\npatterns = 60\nmemory = 'dense'\nblock = 50\n" +
         analog("pair")},
    {"characterize phase-change memory",
     "kind = 'characterize'\ncells = 60\npulses_up = 40\npulses_down = 40\npairs = 20\n[device]\n"
     "base = 'devices/pcm'\n"},
    {"train a decoder",
     "kind = 'train_decoder'\ntraining = {updates = 6, batch = 64, every = 3}\n"
     "model = {layers = 2, width = 32, heads = 4}\n"
     "data = {kind = 'pixels', images = {kind = 'bars_and_stripes', size = 8}, validation = 40}\n"},
    {"train an encoder",
     "kind = 'train_encoder'\ntraining = {updates = 6, batch = 100, every = 3}\nvalidation = 37\n"
     "model = {layers = 2, width = 32, heads = 4}\n[data]\nbase = 'data/digits'\n"},
};

/// The bytes of the result file of a config, run on so many threads, with nothing in it of when and
/// where.
std::string result_on(int threads, const std::string& config, const TempFolder& folder) {
  const lab::Plan plan = lab::plan(core::parse_config(config, "case.toml", OHMLAB_CONFIG_FOLDER));
  core::set_threads(threads);
  results::Progress silent;
  const results::Result result = plan.experiment->visit(
      [&](const auto& experiment) { return experiment.run(lab::examples_of(experiment), silent); });
  const auto file = folder / "result.h5";
  results::write_result(file, {"0123456789abcdef", plan.config}, result, {});
  return bytes_of(file);
}

}  // namespace

TEST_CASE("a result file has the same bytes on 1, 2 and 4 threads") {
  const TempFolder folder;
  const int before = core::threads();
  for (const auto& [name, config] : cases) {
    DYNAMIC_SECTION(name) {
      const std::string one = result_on(1, config, folder);
      CHECK((result_on(2, config, folder) == one));
      CHECK((result_on(4, config, folder) == one));
    }
  }
  core::set_threads(before);
}

TEST_CASE("another seed gives a file with other bytes") {
  const TempFolder folder;
  CHECK((result_on(1, common, folder) != result_on(1, "seed = 2\n" + common, folder)));
}
