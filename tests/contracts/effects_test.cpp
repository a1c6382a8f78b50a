// No painted doors: whatever a config can say changes what is computed, or is refused with the
// reason. Every field that an experiment has is moved, and every entry of every catalogue is
// swapped for every other, in small experiments; a new entry is tested before its author writes a
// test.
#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "ohmlab/core/describe.hpp"
#include "ohmlab/core/errors.hpp"
#include "ohmlab/io/idx.hpp"
#include "ohmlab/lab/catalogue.hpp"
#include "ohmlab/lab/describe.hpp"
#include "ohmlab/lab/experiments.hpp"
#include "ohmlab/lab/run.hpp"

#include "tests/catch.hpp"
#include "tests/temp_folder.hpp"

using namespace ohmlab;
using core::Node;

namespace {

/// Everything that a run computes, as text.
std::string outcome_of(const results::Result& result) {
  std::string out;
  const auto put = [&](const auto&... values) { ((out += fmt::format("{} ", values)), ...); };
  for (const results::Quantity& q : result.quality) put(q.name, q.value);
  for (const double x : result.axis.values) put(x);
  for (const results::Series& series : result.metrics) {
    put(series.name);
    for (const double x : series.values) put(x);
  }
  for (const results::Parameter& p : result.parameters)
    put(p.name, p.values.sum(), p.values.squaredNorm());
  for (const results::System& system : result.systems) {
    put(system.name, system.parameters, system.examples);
    for (const cost::Entry& e : system.tally)
      put(e.stage, e.component, cost::name(e.action), e.parameter, e.count, e.serial, e.joules,
          e.seconds, e.overlapped);
    for (const cost::Holding& h : system.holdings)
      put(h.component, cost::name(h.part), h.parameter, h.count);
    put(system.unpriced);
  }
  for (const results::LabelledGroup& group : result.groups) {
    for (const results::Axis& axis : group.axes) {
      for (const double x : axis.values) put(x);
    }
    for (const results::Cube& cube : group.cubes) {
      for (const double x : cube.values) put(x);
      for (const std::string& text : cube.texts) put(text);
    }
  }
  return out;
}

/// What a config comes to; "" if it is refused.
std::string run(const Node& config) {
  try {
    const lab::Plan plan = lab::plan(core::resolve_config(config));
    return plan.experiment->visit([](const auto& experiment) {
      results::Progress progress;
      return outcome_of(experiment.run(lab::examples_of(experiment), progress));
    });
  } catch (const core::UserError& error) {
    UNSCOPED_INFO(error.what());
    return "";
  }
}

/// Fields whose effect is not in the result: documentation, and where a file lies.
bool exempt(const core::FieldInfo& field) {
  return field.type == "text" || field.type == "path" || field.type == "value" ||
         field.name == "evidence" || field.name == "year";
}

bool is_spread(const core::FieldInfo& field) {
  const auto has = [&](const char* name) {
    return std::ranges::any_of(field.fields, [&](const auto& f) { return f.name == name; });
  };
  return field.fields.size() == 2 && has("std") && has("law");
}

/// Of a training that is simulated for its bill, nobody looks at the quality.
bool of_quality_alone(const std::string& name) {
  return name.starts_with("simulated.train.evaluation.") ||
         name == "simulated.train.twin_formats" || name == "simulated.train.chip_formats";
}

class Walk {
 public:
  Walk() {
    for (const lab::RoomInfo& room : lab::describe_rooms()) {
      for (const core::CatalogueInfo& catalogue : room.catalogues)
        catalogues_[catalogue.name] = catalogue;
    }
  }

  /// Moves everything that a config of an experiment can say.
  void through(const std::string& text) {
    const Node scene = core::parse_config(text, "scene.toml");
    const Node whole = lab::tree_of(lab::plan(scene));
    const std::string kind = core::find_key(whole, "kind")->text();
    CAPTURE(text);
    REQUIRE_FALSE(run(whole).empty());
    for (const core::EntryInfo& entry : catalogues_.at("experiment").entries) {
      if ("\"" + entry.name + "\"" == kind) fields(entry.fields, entry.name, "", whole, run(whole));
    }
  }

  /// Names of what was moved in some scene, changed nothing there and nothing anywhere.
  [[nodiscard]] std::vector<std::string> painted() const {
    std::vector<std::string> out;
    for (const auto& [name, seen] : seen_) {
      if (!seen.changed && seen.ignored && !of_quality_alone(name)) out.push_back(name);
    }
    return out;
  }
  /// Whether a run had this entry, or changed with it.
  [[nodiscard]] bool worked(const std::string& name) const {
    const auto found = seen_.find(name);
    return found != seen_.end() && ((found->second.changed || found->second.ran));
  }
  [[nodiscard]] std::size_t size() const { return seen_.size(); }

 private:
  struct Seen {
    bool changed = false, refused = false, ignored = false, ran = false;
  };

  /// \return whether it changed something
  bool moved(const std::string& name, const Node& config, const std::string& before) {
    const std::string after = run(config);
    Seen& seen = seen_[name];
    if (after.empty()) {
      seen.refused = true;
    } else if (after == before) {
      return false;
    } else {
      seen.changed = true;
    }
    return !after.empty();
  }

  void fields(const std::vector<core::FieldInfo>& all, const std::string& owner,
              const std::string& path, const Node& config, const std::string& before) {
    if (before.empty()) return;  // refused as it is: an entry that goes with others only
    for (const core::FieldInfo& field : all) {
      if (exempt(field)) continue;
      const std::string key = path.empty() ? field.name : path + "." + field.name;
      const std::string name = owner + "." + field.name;
      if (field.type == "table" && is_spread(field)) {  // without a spread, its law says nothing
        Node spread = config;
        core::set_key(spread, key + ".std", {0.2, {}});
        fields(field.fields, name, key, spread, run(spread));
      } else if (field.type == "table") {
        fields(field.fields, name, key, config, before);
      } else if (field.type == "catalogue") {
        entries(field, key, config, before);
      } else if (!seen_[name].changed) {
        values(field, name, key, config, before);
      }
    }
  }

  void entries(const core::FieldInfo& field, const std::string& key, const Node& config,
               const std::string& before) {
    const bool swaps =
        field.catalogue != "data" && field.catalogue != "sequences";  // each scene has its own
    for (const core::EntryInfo& entry : catalogues_.at(field.catalogue).entries) {
      const std::string name = field.catalogue + "." + entry.name;
      const Node* chosen = core::find_key(config, key + ".kind");
      if (chosen && chosen->text() == "\"" + entry.name + "\"") {
        seen_[name].ran = true;
        fields(entry.fields, name, key, config, before);
        continue;
      }
      if (!swaps) continue;
      Node other = config;
      core::set_key(other, key, Node{Node::Table{{"kind", Node{entry.name, {}}}}, {}});
      const bool visited = !entered_.insert(name + " at " + key).second && seen_[name].changed;
      if (visited) continue;
      if (!moved(name, other, before)) {
        Seen& seen = seen_[name];
        seen.ignored = seen.ignored || !seen.refused;
        continue;
      }
      // It matters which of two is there: both have an effect.
      if (chosen)
        seen_[field.catalogue + "." + std::get<std::string>(chosen->value)].changed = true;
      try {
        const Node whole = lab::tree_of(lab::plan(other));
        fields(entry.fields, name, key, whole, run(whole));
      } catch (const core::UserError&) {
      }
    }
  }

  void values(const core::FieldInfo& field, const std::string& name, const std::string& key,
              const Node& config, const std::string& before) {
    const Node* found = core::find_key(config, key);
    bool ignored = false;
    for (const Node& value : candidates(field, found)) {
      Node other = config;
      core::set_key(other, key, value);
      if (moved(name, other, before)) return;
      ignored = ignored || !seen_[name].refused;
    }
    seen_[name].ignored = seen_[name].ignored || ignored;
  }

  [[nodiscard]] std::vector<Node> candidates(const core::FieldInfo& field,
                                             const Node* found) const {
    std::vector<Node> out;
    if (field.type == "flag") {
      out.push_back({!(found && std::get<bool>(found->value)), {}});
    } else if (field.type == "choice") {
      for (const std::string_view choice : field.choices) out.push_back({std::string(choice), {}});
    } else if (field.type == "number") {
      const double now = found ? std::get<double>(found->value) : 0;
      for (const double next : {field.limits.low, now * 1.5, now / 3, now + 0.3, now + 3, now - 0.4,
                                1e-7, 0.02, 40.0}) {
        if (next != now && std::isfinite(next) && field.limits.holds(next))
          out.push_back({next, {}});
      }
    } else if (field.type == "integer") {
      const std::int64_t now = found ? std::get<std::int64_t>(found->value) : 0;
      const double low = field.limits.low;
      for (const std::int64_t next : {now + 1, now * 2, now - 1, std::int64_t{1}, std::int64_t{3},
                                      std::isfinite(low) ? static_cast<std::int64_t>(low) : now}) {
        if (next != now && field.limits.holds(static_cast<double>(next))) out.push_back({next, {}});
      }
    } else if (field.type.starts_with("list of")) {
      lists(field, found, out);
    }
    return out;
  }

  void lists(const core::FieldInfo& field, const Node* found, std::vector<Node>& out) const {
    Node::List list = found ? std::get<Node::List>(found->value) : Node::List{};
    if (!field.catalogue.empty()) {
      const auto& known = catalogues_.at(field.catalogue).entries;
      for (const core::EntryInfo* entry : {&known.back(), &known.front()}) {
        Node::List longer = list;
        longer.push_back(Node{Node::Table{{"kind", Node{entry->name, {}}}}, {}});
        out.push_back({std::move(longer), {}});
      }
    } else if (!list.empty()) {
      Node::List longer = list;
      if (auto* number = std::get_if<double>(&longer.back().value)) *number *= 1.5;
      if (auto* whole = std::get_if<std::int64_t>(&longer.back().value)) *whole += 1;
      out.push_back({std::move(longer), {}});
      list.pop_back();
      out.push_back({std::move(list), {}});
    }
  }

  std::map<std::string, core::CatalogueInfo> catalogues_;
  std::map<std::string, Seen> seen_;
  std::set<std::string> entered_;
};

constexpr const char* device =
    "device.g_min = 1e-6\ndevice.g_max = 9e-6\ndevice.v_read = 0.2\ndevice.t_read = "
    "1e-7\ndevice.v_write = 2.0\n"
    "device.t_pulse = 1e-8\ndevice.endurance = 8\n"
    "device.read_noise = {kind = 'white', std = 0.02}\ndevice.programming = {kind = 'gaussian', "
    "std = 0.02}\n";

/// Three classes of gray images of 3 x 3 pixels.
void write_images(const TempFolder& folder) {
  for (const auto& [part, count] :
       {std::pair<const char*, std::uint32_t>{"train", 24}, {"t10k", 12}}) {
    std::vector<std::uint8_t> pixels, labels;
    for (std::uint32_t k = 0; k < count; ++k) {
      for (std::uint32_t p = 0; p < 9; ++p)
        pixels.push_back(p / 3 == k % 3 ? 230 : static_cast<std::uint8_t>((k * 37 + p * 11) % 140));
      labels.push_back(static_cast<std::uint8_t>(k % 3));
    }
    io::write_idx(folder / fmt::format("{}-images-idx3-ubyte", part), {{count, 3, 3}, pixels});
    io::write_idx(folder / fmt::format("{}-labels-idx1-ubyte", part), {{count}, labels});
  }
}

}  // namespace

TEST_CASE("whatever a config can say changes what is computed, or is refused") {
  const TempFolder folder;
  write_images(folder);
  const std::string images =
      fmt::format("data = {{kind = 'idx', folder = '{}', white = 255}}\n", folder.path().string());
  std::string letters_of_windows;
  for (int k = 0; k < 200; ++k) letters_of_windows += "abcd"[k * k % 7 % 4];
  write_bytes(folder / "windows.txt", letters_of_windows);
  const std::string bars = "data = {kind = 'bars_and_stripes', size = 3}\n";
  const std::string learning = "training = {epochs = 2, batch = 4, rate = 0.2, bias_rate = 0.1}\n";
  const std::string rbm =
      "model = {kind = 'rbm', hidden = 5, weight_std = 0.3}\nrule = {kind = 'pcd', chains = 6}\n";
  const std::string settling =
      "model = {kind = 'hopfield_layers', hidden = [6]}\nneuron = 'clipped'\ndynamics = "
      "'relaxation'\n"
      "rule = {kind = 'ep', free_steps = 6, nudged_steps = 3}\n";
  const auto analog = [&](const std::string& more) {
    const char* pulse = more.find("device.pulse") == more.npos
                            ? "device.pulse = {kind = 'soft_bounds', dw_min = 0.01}\n"
                            : "";
    return fmt::format("[array]\nkind = 'analog'\nweight_scale = 2\n{}{}{}", device, pulse, more);
  };
  Walk walk;
  walk.through("kind = 'train'\n" + bars + rbm + learning +
               analog("device.neighbour_share = 0.5\ntile_rows = 4\ntile_cols = 2\nmesh = "
                      "{tiles_per_chip = 4, flit_bits = 8}\n"));
  walk.through("kind = 'train'\n" + bars + rbm +
               "neuron = 'comparator'\n"
               "training = {epochs = 2, batch = 4, rate = 0.2, statistics = 'samples', update = "
               "'differenced', momentum = 0.4, schedule = {kind = 'step', every = 1}}\n" +
               analog("mapping = 'pair'\nsensing = 'voltage'\ncopies = 2\n"));
  walk.through(
      "kind = 'train'\n" + bars + rbm + learning +
      analog(
          "device.pulse = {kind = 'constant_step', dw_min = 0.01, w_max = 0.05, w_min = -0.05}\n"
          "device.faults = {kind = 'stuck', yield = 0.5, low = 1, high = 1, at = 1, "
          "random = 1, clustered = 0.1, cluster_density = 0.5}\ndevice.neighbour_share = 0.5\n"));
  // Converters with errors, and their ranges
  for (const char* adc :
       {"adc = {kind = 'sar', bits = 6, bound = 4, mismatch = 0.05, offset = 0.02, noise = 0.01}\n"
        "range = {kind = 'calibrated', vectors = 10, quantile = 0.8}\n",
        "adc = {kind = 'uniform', bound = 0.1, errors.gain = 0.1}\nrange = 'maximum'\n",
        "adc = {kind = 'pipeline', bits = 6, bound = 4, mismatch = 0.05, opamp_gain = 30.0, offset "
        "= "
        "0.1}\n",
        "adc = {kind = 'cyclic', bits = 6, bound = 4, mismatch = 0.05, opamp_gain = 30.0, offset = "
        "0.1}\n",
        "adc = {kind = 'oscillator', bits = 6, bound = 4, compression = 0.5, gain = 0.1, jitter = "
        "0.1}\n",
        "adc = {kind = 'flash', bits = 6, bound = 4, mismatch = 0.1, offset = 0.05}\n"})
    walk.through("kind = 'train'\n" + bars + rbm + learning + analog(adc));
  walk.through(
      "kind = 'converter'\nconverters = 2\nsamples = 64\ncycles = 7\nper_step = 2\noutput_noise = "
      "0.02\nadc = {kind = 'sar', bits = 5, bound = 1, mismatch = 0.1, offset = 0.02, noise = "
      "0.01}\n");
  // Cells that wear out within the run, and a temperature at which a device drifts and is noisy
  for (const char* kind : {"weibull", "lognormal"}) {
    walk.through(
        "kind = 'train'\n" + bars + rbm + learning +
        analog(fmt::format("device.wear = {{kind = '{}', worn = {{low = 1, high = 1, here = "
                           "1}}}}\n",
                           kind)));
  }
  std::string hot = analog(
      "device.temperature = 350\ndevice.activation = {low = 0.1, high = 0.05, drift = 0.5, noise = "
      "0.3}\ndevice.drift = {kind = 'power_law', nu = 0.1}\n");
  const std::string white = "{kind = 'white', std = 0.02}";
  hot.replace(hot.find(white), white.size(),
              "{kind = 'telegraph', traps = 1, time_high = 1e3, time_low = 2e3}");
  walk.through("kind = 'deploy'\ninstances = 1\nages = [1, 3600]\nreads = 2\n" + bars + rbm +
               learning + hot);
  for (const char* path :
       {"kind = 'tiki_taka'", "kind = 'tiki_taka_2'", "kind = 'chopped', chop_probability = 0.3",
        "kind = 'agad', chop_probability = 0.5"}) {
    walk.through("kind = 'train'\n" + bars + rbm + learning +
                 analog(fmt::format("path = {{{}, rows_per_transfer = 9, fast_rate = 2.0, "
                                    "transfer_rate = 0.5}}\n",
                                    path)));
  }
  walk.through("kind = 'train'\n" + bars + rbm + learning +
               analog("path = {kind = 'residual', rows_per_transfer = 9, tiles = 3, growth = 2.0, "
                      "warm_changes = 1}\n"));
  walk.through("kind = 'train'\n" + bars + rbm + learning +
               analog("mapping = {kind = 'one_sided', full = -0.9, every = 2}\n"));
  walk.through(
      "kind = 'train'\n" + bars + rbm + learning +
      analog("calibration = {kind = 'zero_shift', pairs = 4, average = 2, every = 3}\npath "
             "= {kind = 'tiki_taka_2', rows_per_transfer = 9}\n"));
  walk.through("kind = 'train'\n" + bars + rbm + learning +
               analog("path = {kind = 'carry', digits = 3, changes_per_carry = 1, growth = 2.0, "
                      "carry_at = 0.01}\n"));
  // Models with an operating point of their own, and steps from a file
  write_bytes(folder / "steps.csv",
              "up, 0.1, 0.9\n-1, 0.03, 0.05\n1, 0, 0.02\ndown, 0.5\n-1, -0.01\n1, -0.04\n");
  for (const std::string& pulse : {
           std::string("kind = 'vteam', window = 'prodromakis', width = 1e-8, cycle_std = 0.1"),
           std::string("kind = 'linear_ion_drift', window = 'prodromakis', width = 2e-5"),
           std::string("kind = 'filament_gap', gap_std = 1e-12"),
           fmt::format("kind = 'measured_table', file = '{}'", (folder / "steps.csv").string()),
       }) {
    walk.through("kind = 'train'\n" + bars + rbm + learning +
                 "[array]\nkind = 'analog'\nweight_scale = 2\ndevice.pulse = {" + pulse + "}\n");
  }
  walk.through(
      "kind = 'train'\ndata = {kind = 'bars_and_stripes', size = 6}\nmodel = {kind = 'rbm', hidden "
      "= 26}\nevaluation = {ais = {temperatures = 20, chains = 6, examples = 4}}\ntraining = "
      "{epochs = 1}\n"
      "array = {kind = 'ideal', format = 'int8'}\n");
  walk.through("kind = 'train'\n" + bars + "model = {kind = 'dbm', hidden = [4, 3]}\n" + learning);
  for (const char* rule :
       {"kind = 'centred', persistent = false", "kind = 'tempered_pcd', inv_temps = [1, 0.5]"}) {
    walk.through("kind = 'train'\n" + bars +
                 "model = {kind = 'rbm', hidden = 5, weight_std = 0.3}\n" +
                 fmt::format("rule = {{{}}}\n", rule) + learning + analog(""));
  }
  walk.through("kind = 'train'\n" + bars +
               "model = {kind = 'graph', lattice = 'king', height = 3, width = 3}\ntraining = "
               "{epochs = 2, statistics = 'samples'}\n");
  walk.through("kind = 'train'\n" + bars +
               "model = {kind = 'graph', lattice = 'king', height = 3, width = 3}\nrule = "
               "'pseudo_likelihood'\n" +
               learning);
  walk.through("kind = 'train'\n" + images + settling + learning);
  walk.through("kind = 'train'\n" + images +
               "model = {kind = 'hopfield_layers', hidden = [6]}\nneuron = 'clipped'\ndynamics = "
               "'relaxation'\nrule = 'chl'\n" +
               learning);
  const std::string circuit =
      "model = {kind = 'resistive', hidden = [6], input_gain = 4.0, hidden_scale = 2.0, gain = "
      "4.0}\nneuron = "
      "'diodes'\ndynamics = 'relaxation'\nrule = {kind = 'ep_drops', nudge = 0.2}\n";
  walk.through("kind = 'train'\n" + images + circuit + learning);
  walk.through("kind = 'train'\n" + images + circuit + learning + analog(""));
  walk.through("kind = 'deploy'\ninstances = 1\nages = [1]\nreads = 1\n" + images + circuit +
               learning + analog(""));
  walk.through("kind = 'train'\n" + images +
               "model = {kind = 'resistive', hidden = [6], input_gain = 4.0, hidden_scale = 2.0, "
               "gain = 4.0}\nneuron = 'diodes'\ndynamics = {kind = 'circuit', reads = 2}\n"
               "rule = {kind = 'ep_drops', nudge = 0.2}\n" +
               learning + analog(""));
  walk.through("kind = 'train'\n" + images +
               "model = {kind = 'predictive', hidden = [6, 5]}\nneuron = 'function'\ndynamics = "
               "'predictive'\nrule = 'prediction_error'\n" +
               learning);
  walk.through("kind = 'train'\n" + images +
               "model = {kind = 'conditional_rbm', hidden = 4}\nrule = {kind = 'cd', steps = 2}\n" +
               learning);
  const std::string goodness =
      "model = {kind = 'forward_forward', hidden = [6, 5]}\nneuron = 'function'\ndynamics = "
      "'forward'\nrule.kind = 'forward_forward'\n";
  walk.through("kind = 'train'\n" + images + goodness + learning);
  walk.through("kind = 'deploy'\ninstances = 1\nages = [1]\nreads = 1\n" + images + goodness +
               "rule.negatives = 'scored'\n" + learning + analog(""));
  walk.through(
      fmt::format("kind = 'train'\ndata = {{kind = 'idx', folder = '{}', threshold = "
                  "150}}\nmodel = {{kind = 'class_rbm', hidden = 4}}\n{}",
                  folder.path().string(), learning));
  const std::string denoising =
      "model = {kind = 'denoising_chain', steps = 2, hidden = 4, sweeps = 3}\nrule = 'cd'\n";
  walk.through("kind = 'train'\n" + bars + denoising + learning +
               "evaluation = {ais = {temperatures = 4, chains = 5, examples = 3}}\n");
  walk.through("kind = 'deploy'\ninstances = 1\nages = [1]\nreads = 1\n" + bars + denoising +
               learning + analog(""));
  // Kinds of units, Langevin dynamics and the gradient of ln p(label | example)
  walk.through("kind = 'train'\n" + images +
               "model = {kind = 'rbm', hidden = 5, units = {kind = 'gaussian', sigma = 0.3, "
               "full_scale = 0.8}}\nrule = 'pcd'\n" +
               learning + analog(""));
  walk.through("kind = 'train'\n" + images +
               "model = {kind = 'rbm', hidden = 5, units = 'gaussian'}\nrule = 'pcd'\ndynamics = "
               "{kind = 'langevin', step = 0.3}\n" +
               learning);
  walk.through(
      fmt::format("kind = 'train'\ndata = {{kind = 'text_windows', file = '{}', context = "
                  "2}}\nmodel = {{kind = 'rbm', hidden = 4, units = {{kind = 'softmax', groups = "
                  "2}}}}\n{}",
                  (folder / "windows.txt").string(), learning));
  walk.through(
      fmt::format("kind = 'train'\ndata = {{kind = 'idx', folder = '{}', threshold = "
                  "150}}\nmodel = {{kind = 'class_rbm', hidden = 4}}\nrule = {{kind = "
                  "'discriminative', generative = 0.3, steps = 2, chains = 5}}\n{}",
                  folder.path().string(), learning));
  const std::string descent = "training = {epochs = 2, batch = 4, rate = 0.2}\n";
  walk.through("kind = 'backprop'\n" + images +
               "model = {hidden = [5], output_scale = [2, 0.5]}\n" + descent + analog(""));
  walk.through("kind = 'backprop'\n" + images + "model = {hidden = [5]}\n" + descent +
               analog("dac = {kind = 'pulse_width', errors.inl = 0.1}\n"));
  walk.through("kind = 'backprop'\n" + images +
               "model = {hidden = [5, 4], activation = 'tanh', bias = 'cell'}\nevaluation.reads = "
               "2\narray = {kind = 'ideal', format = 'int8'}\n" +
               descent);
  walk.through("kind = 'deploy'\ninstances = 2\nages = [1, 3600]\nreads = 2\n" + bars + rbm +
               learning + analog("device.drift.kind = 'pcm'\n"));
  // Loads at which recall fails, so that whatever changes weights or fields changes the figures
  const std::string recalls = "kind = 'recall'\nunits = 12\ncues = 16\nflips = 0.25\n";
  walk.through(recalls + "load = 0.4\nmemory = 'pseudo_inverse'\nblock = 5\nmost_sweeps = 3\n");
  walk.through(recalls + "patterns = 9\norder = 'synchronous'\nreadout = 'comparator'\n" +
               analog(""));
  walk.through(recalls +
               "patterns = 30\nmemory = {kind = 'modern', inv_temp = 0.1}\nmost_sweeps = 4\n");
  walk.through("kind = 'recall'\nunits = 9\npatterns = 5\ncues = 8\nflips = 0.3\n" + bars);
  walk.through(
      "kind = 'characterize'\ncells = 4\npulses_up = 8\npulses_down = 7\ncycles = 2\nbins "
      "= 4\npairs = 20\nstates = [-0.5, 0.5]\nages = [1, 3600]\nreads = 2\nlogged_cells "
      "= [0, 1]\n" +
      std::string(device) +
      "device.pulse = {kind = 'soft_bounds', dw_min = 0.1}\ndevice.drift.kind = "
      "'pcm'\ndevice.neighbour_share = 0.5\ndevice.temperature = 350\ndevice.activation = {low = "
      "0.1, high = 0.05, drift = 0.5}\n");
  const std::string sampling =
      "kind = 'sample'\nheight = 3\nwidth = 4\nchains = 2\nburn_in = 3\nsweeps = 40\nthin = "
      "2\nfield = 0.1\n";
  walk.through(sampling +
               "couplings = {kind = 'plus_minus', coupling = 0.8}\nneuron = "
               "'comparator'\n" +
               analog(""));
  walk.through(sampling +
               "couplings = {kind = 'normal', mean = 0.2, std = 0.5}\narray = {kind = "
               "'ideal', format = 'int8'}\n");
  for (const char* sampler :
       {"kind = 'parallel_tempering', inv_temps = [1, 0.5]", "kind = 'annealing', start = 0.2"})
    walk.through(sampling + fmt::format("sampler = {{{}}}\n", sampler) + analog(""));
  walk.through(
      "kind = 'sample'\nheight = 4\nwidth = 6\nchains = 2\nburn_in = 3\nsweeps = 40\nthin = "
      "2\nfield = 0.1\ncouplings = {kind = 'plus_minus', coupling = 0.8}\nsampler = "
      "'multispin'\n");
  write_bytes(folder / "edges.csv", "0,1,1\n1,2,0.5\n2,0,-1\n2,3,1\n3,4,2\n11,5,1\n");
  walk.through(sampling + fmt::format("lattice = 'edge_list'\nedges = '{}'\n",
                                      (folder / "edges.csv").string()));
  const std::string pixels =
      "data = {kind = 'pixels', validation = 4, images = {kind = 'bars_and_stripes', size = 2}}\n";
  const std::string transformer =
      "training = {updates = 4, batch = 4, every = 2}\noptimizer = {warm_up = 2}\n"
      "model = {layers = 1, width = 8, heads = 2}\n";
  walk.through("kind = 'train_decoder'\n" + pixels + transformer);
  std::string letters;
  for (int k = 0; k < 600; ++k) letters += "abcde \n"[k * k % 7];
  write_bytes(folder / "text.txt", letters);
  walk.through(fmt::format(
      "kind = 'train'\ndata = {{kind = 'text_windows', file = '{}', context = 2}}\nmodel = {{kind "
      "= "
      "'conditional_rbm', hidden = 4}}\nrule = 'cd'\ntraining = {{epochs = 1, rate = 0.2}}\n",
      (folder / "text.txt").string()));
  walk.through(
      fmt::format("kind = 'train_decoder'\ncontext = 8\ndata = {{kind = 'text', file = '{}'}}\n{}",
                  (folder / "text.txt").string(), transformer));
  walk.through("kind = 'train_encoder'\npatch = 1\nvalidation = 6\n" + images + transformer);
  for (const char* shipped : {"training_llama_65b", "training_glam"})
    walk.through(fmt::format("base = 'experiments/{}'\ndraws = 20\n", shipped));
  walk.through(
      "base = 'experiments/training_llama_65b'\ndraws = 20\nfastest = false\naccelerators = 32\n"
      "plan = {tensor = 4, pipeline = 4, data = 2, batch = 64, interleave = 2}\n");
  walk.through(
      "base = 'experiments/foundation_cost'\ndraws = 20\nparameters = [1e9, 1e11]\nsimulated = "
      "{kind = 'train', data = {kind = 'bars_and_stripes', size = 3}, model = {kind = 'rbm', "
      "hidden = 4}, training = {epochs = 1, batch = 4}, array = {kind = 'analog', device = {base = "
      "'devices/gokmen_vlasov'}}}\n");
  const std::vector<std::string> painted = walk.painted();
  CAPTURE(painted, walk.size());
  CHECK(painted.empty());
  CHECK(walk.size() > 150);

  // Nothing was passed over.
  for (const char* room : {"devices", "crossbar", "ebm", "backprop"}) {
    const std::vector<lab::RoomInfo> described = lab::describe_rooms(room, "");
    for (const core::CatalogueInfo& catalogue : described[0].catalogues) {
      if (catalogue.entries.size() < 2) FAIL(catalogue.name << " has nothing to choose from");
      for (const core::EntryInfo& entry : catalogue.entries) {
        CAPTURE(catalogue.name, entry.name);
        CHECK(walk.worked(catalogue.name + "." + entry.name));
      }
    }
  }
}

namespace {

/// A catalogue entry with one number moved, for every number that it has.
template <class Entry, class Visit>
void each_moved(const Visit& visit) {
  Entry::fields.each([&](const auto& f) {
    Entry entry;
    auto& value = entry.*(f.member);
    const auto now = static_cast<double>(value);
    for (const double next : {now * 1.3, now + 1, now / 2}) {
      value = static_cast<std::remove_cvref_t<decltype(value)>>(next);
      if (static_cast<double>(value) == now || !f.range.holds(next)) continue;
      CAPTURE(f.name, next);
      visit(entry);
      return;
    }
  });
}

}  // namespace

TEST_CASE("laws of prices and reads of macros differ by entry and by each of their numbers") {
  const auto check = [](const auto& outcome, auto catalogue) {
    std::set<std::string> seen;
    decltype(catalogue)::each([&]<class Entry>() {
      CAPTURE(Entry::name);
      const std::string standard = outcome(Entry{});
      CHECK(seen.insert(standard).second);
      each_moved<Entry>([&](const Entry& moved) { CHECK(outcome(moved) != standard); });
    });
  };
  check([](const auto& law) {
    return fmt::format("{} {} {} {}", law.factor(3), law.factor(12), law.form_sigma(3),
                       law.form_sigma(12));
  }, cost::Law{});
  check([](const auto& mode) {
    const validation::ReadCounts n = mode.counts(6, 7);
    return fmt::format("{} {} {} {} {}", n.drives, n.line_cycles, n.conversion, n.steps,
                       mode.static_power);
  }, validation::ReadMode{});
  std::set<std::string> carried;  // from 28 nm to 65 nm, 0.9 V to 1.1 V
  cost::NodeScaling::each([&]<class Entry>() {
    CAPTURE(Entry::name);
    CHECK(carried.insert(fmt::format("{}", Entry{}.factor({28e-9, 0.9}, {65e-9, 1.1}))).second);
  });
}
