#include <optional>
#include <utility>

#include "sections.hpp"

/// The answer first: ratios at the smallest size.
namespace ohmlab::foundation {
namespace {

/// Core joules of the digital transformer at the first bound of the list that has a node: its
/// accelerator at peak, all the time.
std::optional<std::pair<std::string, cost::Draws>> at_peak(const Foundation& of,
                                                           double parameters) {
  const results::System digital = transformer_digital(of, parameters);
  for (const auto& [place, rates] : of.prices.places) {
    if (!rates.bound || !rates.around || !rates.energy.contains("flop_bf16")) continue;
    cost::Bill bill = cost::price(digital.tally, digital.holdings, of.prices, place, of.options);
    return std::pair{rates.title, std::move(*bill.core)};
  }
  return std::nullopt;
}

}  // namespace

void add_headline(const Foundation& of, Sheet& sheet) {
  const Settings& c = of.config;
  const double size = c.parameters.front();
  const std::vector<Quadrant> cells = quadrants(
      of, size, true, of.scale(size, c.extrapolation.sample_efficiency.median, of.steps_asked()));
  const MachineCost &ebm = cells[0].cost, &transformer = cells[2].cost, &digital = cells[3].cost;
  sheet.say("{}, equal tokens, quality NOT known to be equal, extrapolated from a simulation:",
            size_text(size));
  const auto put = [&](const std::string& name, const std::string& meaning,
                       const cost::Draws& of_ebm, const cost::Draws& of_transformer) {
    sheet.bands("headline_" + name, {"headline_machine"}, {of_ebm.band(), of_transformer.band()},
                "1", meaning);
    sheet.say("  {}:\n    transformer {}, EBM {}", meaning, text_of(of_transformer.band()),
              text_of(of_ebm.band()));
  };
  sheet.axis(
      {"headline_machine", {}, {"ebm_analog", "transformer_analog"}, "", "machine of arrays"});
  if (const auto peak = at_peak(of, size)) {
    put("like_for_like", "like for like, core: arrays over " + peak->first, ebm.core / peak->second,
        transformer.core / peak->second);
  }
  put("measured", "node: arrays over " + of.prices.places.at(c.extrapolation.place).title,
      ebm.node / digital.node, transformer.node / digital.node);
  sheet.say("");
}

}  // namespace ohmlab::foundation
