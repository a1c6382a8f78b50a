#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../../core/fields.hpp"
#include "../../cost/stages.hpp"
#include "../family.hpp"
#include "../piece.hpp"

namespace ohmlab::ebm {

/// Phases over which offsets take their means: both give the enhanced gradient (Cho, Raiko & Ilin,
/// Neural Comput. 25, 805 (2013)), data alone the centring trick of Montavon & Müller.
enum class OffsetMeans { both, data };
constexpr std::array<std::string_view, 2> enum_names(OffsetMeans) { return {"both", "data"}; }

/// Contrastive divergence, persistent or from the data, with signals counted from the means of
/// their units. The machine, its energy and its scores are those of the other rules. Only the
/// direction of an update differs: it does not depend on which of two states is called 1.
struct CentredDivergence {
  static constexpr std::string_view name = "centred";
  static constexpr std::string_view summary =
      "Centred gradient: signals are counted from moving means of their units.";
  static constexpr std::string_view equation =
      "dw = <(v - m)(h - l)>_data - <(v - m)(h - l)>_model; da = <v>_data - <v>_model - dw·l, db = "
      "<h>_data - <h>_model - m·dw; m, l: moving means of v and h";
  static constexpr std::string_view source =
      "Montavon & Müller, LNCS 7700, 621 (2012); Melchior, Fischer & Wiskott, JMLR 17, 99 (2016)";
  static constexpr std::array families{Family::boltzmann};

  std::int64_t steps = 1;
  std::int64_t data_steps = 1;
  bool persistent = true;
  std::int64_t chains = 0;
  double sliding = 0.01;
  OffsetMeans offsets = OffsetMeans::both;
  static constexpr auto fields = core::Fields{
      core::field("steps", &CentredDivergence::steps, "", core::between(1, 100000),
                  "Gibbs steps per update"),
      core::field("data_steps", &CentredDivergence::data_steps, "", core::between(1, 100000),
                  "Gibbs steps of the hidden layers while the data is held; one is exact if they "
                  "are not coupled with each other"),
      core::field("persistent", &CentredDivergence::persistent,
                  "chains go on from update to update; else they start at the data"),
      core::field("chains", &CentredDivergence::chains, "", core::between(0, 1 << 20),
                  "number of persistent chains; 0 takes one per example of a batch"),
      core::field("sliding", &CentredDivergence::sliding, "",
                  core::Range{.low = 0, .high = 1, .low_open = true},
                  "share of an offset that the means of an update replace"),
      core::field("offsets", &CentredDivergence::offsets,
                  "phases that the means are over: both, or the data phase alone"),
  };

  [[nodiscard]] std::string problem() const {
    return chains > 0 && !persistent
               ? "chains counts persistent chains: expected 0, or persistent = true"
               : "";
  }

  [[nodiscard]] Recipe recipe() const {
    Phase model{.stage = std::string(cost::model_stage),
                .start = persistent ? Start::chains : Start::previous,
                .from = 0,
                .steps = steps};
    std::vector<std::size_t> means{0};
    if (offsets == OffsetMeans::both) means.push_back(1);
    return {
        {{.stage = "train: data phase", .held = {Role::input, Role::label}, .steps = data_steps},
         std::move(model)},
        {{.phase = 0, .row = centred, .column = centred, .scale = 1},
         {.phase = 1, .row = centred, .column = centred, .scale = -1}},
        chains,
        1,
        false,
        Offsets{sliding, std::move(means)}};
  }
};

}  // namespace ohmlab::ebm
