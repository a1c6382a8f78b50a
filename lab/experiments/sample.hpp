#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "../../core/fields.hpp"
#include "../../crossbar/catalogue.hpp"
#include "../../crossbar/number_formats.hpp"
#include "../../ebm/models.hpp"
#include "../../ebm/neurons.hpp"
#include "../../io/dataset.hpp"
#include "../results/checkpoint.hpp"
#include "../results/progress.hpp"
#include "../results/result.hpp"
#include "sample_couplings.hpp"
#include "samplers.hpp"

namespace ohmlab::experiments {

/// A known Boltzmann law is programmed into arrays and sampled through them, with a certificate of
/// the draws.
struct Sample {
  static constexpr std::string_view name = "sample";
  static constexpr std::string_view summary =
      "Samples an Ising model of known law through arrays, and certifies the draws: effective "
      "temperature, energy against the exact one, mixing, responses of units.";
  static constexpr std::string_view equation =
      "p(s) ~ exp(inv_temp (sum J_ij s_i s_j + field sum s_i)), spins s of ±1; weights of units 0 "
      "and 1: W = 4 inv_temp J";
  static constexpr std::string_view source =
      "exact energies: Kaufman, Phys. Rev. 76, 1232 (1949); temperature: Besag, The Statistician "
      "24, 179 (1975)";

  std::int64_t seed = 1;
  ebm::Lattice lattice = ebm::Lattice::torus;
  std::int64_t height = 16, width = 16;
  Couplings couplings;
  double field = 0;
  double inv_temp = 0.3;
  core::DataPath edges, site_fields;
  crossbar::ArrayModel array;
  ebm::Neuron neuron;
  Sampler sampler;
  std::int64_t chains = 4, burn_in = 200, sweeps = 1000, thin = 1;
  std::vector<crossbar::NumberFormat> twin_formats;
  std::vector<crossbar::NumberFormat> chip_formats{{crossbar::Int8Shift{}}};
  static constexpr auto fields = core::Fields{
      core::field("seed", &Sample::seed, "", core::at_least(0), "key of every random draw"),
      core::field("lattice", &Sample::lattice, "which sites are neighbours"),
      core::field("height", &Sample::height, "", core::between(1, 1024), "sites along one side"),
      core::field("width", &Sample::width, "", core::between(2, 1024),
                  "sites along the other side"),
      core::field("couplings", &Sample::couplings, "law of the couplings J between neighbours"),
      core::field("field", &Sample::field, "", core::between(-10, 10),
                  "field on every spin, in the unit of J"),
      core::field("inv_temp", &Sample::inv_temp, "",
                  core::Range{.low = 0, .high = 100, .low_open = true},
                  "inverse temperature of the law, in 1/J"),
      core::field(
          "edges", &Sample::edges,
          "file with a line \"i, j\" or \"i, j, factor\" for each edge of an edge_list; the "
          "factor multiplies J. Sites are numbered from 0, row by row"),
      core::field("site_fields", &Sample::site_fields,
                  "file with a line \"i, field\" for each site with a field of its own, which adds "
                  "to `field`"),
      core::field("array", &Sample::array, "array that holds the weights"),
      core::field("neuron", &Sample::neuron, "neurons that draw the states of the units"),
      core::field("sampler", &Sample::sampler, "inverse temperatures of the sweeps"),
      core::field("chains", &Sample::chains, "", core::between(1, 10'000),
                  "chains that take turns on the arrays"),
      core::field("burn_in", &Sample::burn_in, "", core::between(0, 1'000'000),
                  "sweeps before the first draw; annealing takes them all"),
      core::field("sweeps", &Sample::sweeps, "", core::between(1, 10'000'000),
                  "sweeps after the burn-in"),
      core::field("thin", &Sample::thin, "", core::between(1, 100'000), "sweeps per draw"),
      core::field("twin_formats", &Sample::twin_formats,
                  "number formats, besides float32, in which the same sampling is billed on "
                  "digital accelerators"),
      core::field("chip_formats", &Sample::chip_formats,
                  "number formats in which the same sampling is billed on digital chips"),
  };
  std::shared_ptr<const ebm::EdgeList> edge_list;  ///< edges of the file; null if none was read
  std::vector<double> fields_of_sites;             ///< one per site; empty without a file
  [[nodiscard]] std::string problem() const;
  void read_files();
  [[nodiscard]] core::Index sites() const noexcept { return height * width; }
  [[nodiscard]] core::Index draws() const noexcept { return sweeps / thin; }

  [[nodiscard]] results::Result run(const io::Dataset& none, results::Progress& progress,
                                    results::Checkpoint checkpoint = {}) const;
};

}  // namespace ohmlab::experiments
