// Samplers of a known law as experiments: against Kaufman's formula and enumeration, by their
// certificates, bills and refusals.
#include "ohmlab/lab/experiments/sample.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "ohmlab/core/errors.hpp"
#include "ohmlab/lab/experiments.hpp"
#include "ohmlab/lab/run.hpp"

#include "tests/catch.hpp"
#include "tests/oracles/statistics.hpp"
#include "tests/temp_folder.hpp"

using namespace ohmlab;

namespace {

experiments::Sample config_of(const std::vector<std::string>& sets) {
  return std::get<experiments::Sample>(
      lab::plan(core::parse_config("kind = 'sample'\n", "s.toml", {}, sets)).experiment->choice);
}

results::Result sampled(const std::vector<std::string>& sets) {
  results::Progress silent;
  return config_of(sets).run({}, silent);
}

std::string refused(const std::vector<std::string>& sets) {
  try {
    static_cast<void>(config_of(sets));
  } catch (const core::UserError& error) {
    return error.what();
  }
  return "";
}

double quality(const results::Result& result, const std::string& name) {
  for (const results::Quantity& q : result.quality) {
    if (q.name == name) return q.value;
  }
  throw std::runtime_error("no quality called " + name);
}

/// Products with weights of the digital machine in one stage.
double products(const results::Result& result, const std::string& stage) {
  double sum = 0;
  for (const cost::Entry& e : result.systems.at(0).tally) {
    if (e.stage == stage && e.component.starts_with("weights") &&
        e.action == cost::Action::flop_fp32)
      sum += e.count;
  }
  return sum;
}

/// A cold torus, in which spins point up or down for long.
const std::vector<std::string> cold{"height=4", "width=4",     "inv_temp=0.8", "chains=8",
                                    "thin=2",   "sweeps=3000", "burn_in=100"};

std::vector<std::string> with(std::vector<std::string> sets, const std::string& more) {
  sets.push_back(more);
  return sets;
}

}  // namespace

TEST_CASE("replicas mix a cold torus, whose plain chains stay in one mode", "[stochastic]") {
  const std::string seed = "seed=" + std::to_string(tests::seed(2));
  const std::vector<std::string> sets = with(cold, seed);
  const results::Result plain = sampled(sets);
  CHECK(quality(plain, "findings") > 0);
  for (const char* scaling : {"drivers", "field"}) {
    const results::Result mixed = sampled(with(
        sets, std::string("sampler={kind = 'parallel_tempering', inv_temps = [1, 0.75, 0.5, 0.25], "
                          "scaling = '") +
                  scaling + "'}"));
    CHECK(std::abs(quality(mixed, "energy_deviate")) < tests::one_in_a_million);
    CHECK(quality(mixed, "autocorrelation_time") < 0.2 * quality(plain, "autocorrelation_time"));
    CHECK(quality(mixed, "effective_samples") > 5 * quality(plain, "effective_samples"));
    CHECK(quality(mixed, "least_swap_rate") > 0.2);
    CHECK(quality(mixed, "round_trips") > 20);
  }
}

TEST_CASE("annealing comes to the ground state of a spin glass and ends at the law") {
  const std::vector<std::string> glass{"height=6",
                                       "width=6",
                                       "couplings=plus_minus",
                                       "inv_temp=3.0",
                                       "chains=20",
                                       "burn_in=300",
                                       "sweeps=20",
                                       "sampler={kind='annealing', start=0.05}"};
  for (const char* course : {"linear", "geometric"}) {
    const results::Result found = sampled(with(glass, std::string("sampler.course=") + course));
    CHECK(quality(found, "lowest_energy") == Approx(quality(found, "ground_energy")));
  }
  // At a temperature at which chains mix, draws after annealing follow the law.
  const results::Result warm =
      sampled({"height=4", "width=4", "inv_temp=0.3", "chains=8", "burn_in=50", "sweeps=3000",
               "thin=3", "sampler=annealing"});
  CHECK(std::abs(quality(warm, "energy_deviate")) < tests::one_in_a_million);
  CHECK(std::abs(quality(warm, "effective_inv_temp") - 0.3) <
        tests::one_in_a_million * quality(warm, "effective_inv_temp_se"));
}

TEST_CASE("the digital machine does the sweeps and energies of all replicas, or of the annealing") {
  const std::vector<std::string> small{"height=4", "width=4", "chains=3", "burn_in=7", "sweeps=11"};
  const double plain = products(sampled(small), "sample: sweep");
  REQUIRE(plain > 0);
  // Energies read each array once more, from one side.
  const double tempered = products(
      sampled(with(small, "sampler={kind = 'parallel_tempering', inv_temps = [1, 0.6, 0.2]}")),
      "sample: sweep");
  CHECK(tempered == 3 * 1.5 * plain);
  CHECK(products(sampled(with(small, "sampler=annealing")), "sample: sweep") == plain);
}

TEST_CASE("samplers refuse what neurons cannot do") {
  CHECK(refused({"neuron=comparator", "sampler={kind='annealing', scaling='field'}"})
            .find("sampler.scaling = \"drivers\"") != std::string::npos);
  CHECK(refused({"neuron=comparator", "sampler={kind='parallel_tempering', scaling='field'}"})
            .find("sampler.scaling = \"drivers\"") != std::string::npos);
  CHECK(refused({"burn_in=0", "sampler=annealing"}).find("burn_in is 0") != std::string::npos);
  CHECK(refused({"sampler={kind='annealing', start=0.0, course='geometric'}"}).find("start is 0") !=
        std::string::npos);
  CHECK(refused({"sampler={kind='parallel_tempering', inv_temps=[1.0, 1.0]}"}).find("inv_temps") !=
        std::string::npos);
}

TEST_CASE("a torus from a list of its edges is the torus, draw for draw") {
  const TempFolder folder;
  std::string edges;
  for (int site = 0; site < 12; ++site) {
    const int right = site / 4 * 4 + (site + 1) % 4, down = (site + 4) % 12;
    edges += std::to_string(right) + ", " + std::to_string(site) + "\n" + std::to_string(site) +
             ", " + std::to_string(down) + "\n";
  }
  write_bytes(folder / "torus.csv", edges);
  const std::vector<std::string> small{"height=3", "width=4", "field=0.2", "sweeps=300",
                                       "couplings=normal"};
  const results::Result lattice = sampled(small),
                        listed = sampled(with(with(small, "lattice=edge_list"),
                                              "edges='" + (folder / "torus.csv").string() + "'"));
  REQUIRE(lattice.quality.size() == listed.quality.size());
  for (std::size_t i = 0; i < lattice.quality.size(); ++i) {
    CAPTURE(lattice.quality[i].name);
    CHECK(lattice.quality[i].value == listed.quality[i].value);
  }
}

TEST_CASE("a listed graph with factors and fields of its own has the energy of enumeration") {
  const TempFolder folder;
  struct Edge {
    int i, j;
    double factor;
  };
  const std::vector<Edge> edges{{0, 1, 1.5}, {1, 2, -0.5}, {0, 2, 0.25},
                                {3, 1, -2},  {4, 5, 1},    {5, 3, 0.5}};
  const std::vector<double> fields{0.3, 0, -0.4, 0, 0, 1};
  std::string text = "i, j, factor\n", field_text;
  for (const Edge& e : edges)
    text += std::to_string(e.i) + "," + std::to_string(e.j) + "," + std::to_string(e.factor) + "\n";
  for (std::size_t i = 0; i < fields.size(); ++i)
    field_text += std::to_string(i) + "," + std::to_string(fields[i]) + "\n";
  write_bytes(folder / "g.csv", text);
  write_bytes(folder / "h.csv", field_text);
  const results::Result found = sampled(
      {"height=2", "width=3", "lattice=edge_list", "edges='" + (folder / "g.csv").string() + "'",
       "site_fields='" + (folder / "h.csv").string() + "'", "field=0.1", "inv_temp=0.7",
       "couplings={kind='uniform', coupling=0.8}", "chains=8", "sweeps=3000", "thin=3"});
  double z = 0, mean = 0, least = 0;
  for (int s = 0; s < 64; ++s) {
    const auto spin = [&](int i) { return s >> i & 1 ? 1.0 : -1.0; };
    double energy = 0;
    for (const Edge& e : edges) energy -= 0.8 * e.factor * spin(e.i) * spin(e.j);
    for (int i = 0; i < 6; ++i) energy -= (0.1 + fields[static_cast<std::size_t>(i)]) * spin(i);
    z += std::exp(-0.7 * energy);
    mean += std::exp(-0.7 * energy) * energy;
    least = std::min(least, energy);
  }
  CHECK(quality(found, "exact_energy") == Approx(mean / z / 6).epsilon(1e-6));
  CHECK(quality(found, "ground_energy") == Approx(least / 6).epsilon(1e-6));
  CHECK(std::abs(quality(found, "energy_deviate")) < tests::one_in_a_million);
}

TEST_CASE("files of graphs that do not fit are refused with their place") {
  const TempFolder folder;
  write_bytes(folder / "g.csv", "0, 1\n1, 99\n");
  const std::string file = "edges='" + (folder / "g.csv").string() + "'";
  CHECK(refused({"height=2", "width=3", "lattice=edge_list", file}).find("g.csv:2: \"99\"") !=
        std::string::npos);
  CHECK(refused({"lattice=edge_list"}).find("needs a file of edges") != std::string::npos);
  CHECK(refused({file}).find("expected lattice = \"edge_list\"") != std::string::npos);
  const auto run_of = [](const std::vector<std::string>& sets) {
    try {
      static_cast<void>(sampled(sets));
    } catch (const core::UserError& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  CHECK(run_of({"lattice=edge_list", "edges=nowhere.csv"}).find("no such file") !=
        std::string::npos);
  CHECK(run_of({"site_fields=nowhere.csv"}).find("no such file") != std::string::npos);
}

TEST_CASE("many sites a word have the law of one after the other", "[stochastic]") {
  const std::string seed = "seed=" + std::to_string(tests::seed(4));
  const std::vector<std::string> torus{"height=12", "width=16",    "inv_temp=0.35", "chains=8",
                                       "thin=4",    "sweeps=1600", "burn_in=200",   seed};
  for (const char* sampler : {"gibbs", "multispin"}) {
    const results::Result found = sampled(with(torus, std::string("sampler='") + sampler + "'"));
    CAPTURE(sampler);
    CHECK(std::abs(quality(found, "energy_deviate")) < tests::one_in_a_million);
    CHECK(std::abs(quality(found, "effective_inv_temp") - 0.35) <
          tests::one_in_a_million * quality(found, "effective_inv_temp_se"));
    CHECK(quality(found, "weight_error") == 0);
  }
  // Small enough to count states; signs of couplings, and a field.
  const results::Result glass =
      sampled({"height=4", "width=4", "couplings=plus_minus", "field=0.3", "inv_temp=0.4",
               "chains=8", "sweeps=40000", "burn_in=200", "thin=5", seed, "sampler=multispin"});
  CHECK(std::abs(quality(glass, "energy_deviate")) < tests::one_in_a_million);
  CHECK(quality(glass, "total_variation") < 1.2 * quality(glass, "total_variation_floor"));
}

TEST_CASE("many sites a word are billed as the sweeps that they are") {
  const std::vector<std::string> torus{"height=8", "width=8", "chains=3", "burn_in=7", "sweeps=11"};
  const results::Result plain = sampled(torus), fast = sampled(with(torus, "sampler=multispin"));
  // Products with the weights of edges alone, from both sides: 2 operations each.
  CHECK(products(plain, "sample: sweep") == 2.0 * 2 * 128 * 3 * 18);
  REQUIRE(plain.systems.size() == fast.systems.size());
  for (std::size_t s = 0; s < plain.systems.size(); ++s) {
    const auto &a = plain.systems[s].tally, &b = fast.systems[s].tally;
    REQUIRE(a.size() == b.size());
    for (std::size_t e = 0; e < a.size(); ++e) CHECK(a[e].count == Approx(b[e].count));
  }
}

TEST_CASE("many sites a word are refused where a torus has no two colours or no five odds") {
  const auto says = [](std::vector<std::string> sets, const char* reason) {
    sets.push_back("sampler=multispin");
    CAPTURE(reason);
    CHECK(refused(sets).find(reason) != std::string::npos);
  };
  says({"lattice=grid"}, "expected lattice = \"torus\"");
  says({"height=7"}, "height is 7, expected an even number from 4 on");
  says({"width=2"}, "width is 2");
  says({"couplings=normal"}, "\"uniform\" or \"plus_minus\"");
  says({"site_fields=some.csv"}, "without site_fields");
  says({"neuron=comparator"}, "expected neuron = \"adc\"");
  says({"array={kind='ideal', format='int8'}"}, "in format \"fp32\"");
}
