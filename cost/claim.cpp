#include "claim.hpp"

#include <cmath>
#include <filesystem>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "../core/config.hpp"
#include "../core/errors.hpp"
#include "../core/field_values.hpp"
#include "../core/presets.hpp"
#include "../core/suggest.hpp"

namespace ohmlab::cost {
namespace {

Draws exactly(double value, const DrawOptions& options) {
  return {value, std::vector<double>(static_cast<std::size_t>(options.draws), value)};
}

/// Draws of a stated figure. Equal names have equal deviates.
template <class Figure>
Draws draws_of(const std::string& name, const Figure& figure, const DrawOptions& options) {
  Draws out = exactly(figure.median, options);
  const double sigma = figure.sigma();
  if (sigma == 0) return out;
  const std::vector<double> deviates = deviates_of(name, options);
  for (std::size_t i = 0; i < out.values.size(); ++i)
    out.values[i] = figure.median * std::exp(sigma * deviates[i]);
  return out;
}

template <class Figure>
std::optional<Draws> cost_of(const std::string& name, double count,
                             const std::optional<Figure>& price, const DrawOptions& options) {
  if (count == 0) return exactly(0, options);
  if (!price) return {};
  return draws_of(name, *price, options) * count;
}

template <class Figure>
std::string evidence_of(const std::optional<Figure>& price) {
  if (!price) return "";
  return std::string(enum_names(price->evidence)[static_cast<std::size_t>(price->evidence)]);
}

std::optional<Draws> seconds_of(const Claim& claim, const DrawOptions& options) {
  const SamplingWork& work = claim.work;
  const SamplingChip& chip = claim.machine;
  const auto sweeps = cost_of("claim.sweep", work.sweeps, chip.sweep, options);
  const auto frames = cost_of("claim.frame", work.frames, chip.frame, options);
  const auto flashes = cost_of("claim.flash", work.flashes, chip.flash, options);
  if (!sweeps || !frames || !flashes) return {};
  return *sweeps + *frames + *flashes;
}

ClaimFigure figure_of(const Draws& draws) {
  const Band band = draws.band();
  return {band.nominal, band.p05, band.p95};
}

/// A part with its draws, until the sums are made.
struct Priced {
  std::string name, evidence;
  double count = 0;
  std::optional<Draws> joules;
};

/// A power for the whole time; not stated if the time is not.
Priced power_part(const std::string& name, const std::optional<Draws>& seconds,
                  const std::optional<Watts>& power, const DrawOptions& options) {
  Priced out{name, evidence_of(power), seconds ? seconds->nominal : 0, {}};
  if (power && power->median == 0) {
    out.joules = exactly(0, options);
  } else if (power && seconds) {
    out.joules = draws_of("claim." + name, *power, options) * *seconds;
  }
  return out;
}

/// Sum of the first `number` parts.
ClaimTotal total_of(const Claim& claim, const std::string& boundary,
                    const std::vector<Priced>& parts, std::size_t number,
                    const DrawOptions& options) {
  ClaimTotal out{boundary, {}, {}, {}, {}};
  Draws sum = exactly(0, options);
  for (std::size_t i = 0; i < number; ++i) {
    if (parts[i].joules) {
      sum += *parts[i].joules;
    } else {
      out.unstated.push_back(parts[i].name);
    }
  }
  out.stated = figure_of(sum);
  if (!claim.claimed || claim.claimed->median == 0 || sum.nominal == 0) return out;
  const Draws claimed = draws_of("claim.claimed", *claim.claimed, options);
  out.over_claimed = figure_of(sum / claimed);
  if (claim.advantage)
    out.advantage_left =
        figure_of(draws_of("claim.advantage", *claim.advantage, options) * (claimed / sum));
  return out;
}

}  // namespace

ClaimBill bill_claim(const Claim& claim, const DrawOptions& options) {
  const SamplingWork& work = claim.work;
  const SamplingChip& chip = claim.machine;
  const std::optional<Draws> seconds = seconds_of(claim, options);
  std::vector<Priced> parts;
  const auto part = [&](const char* name, double count, const std::optional<Joules>& price) {
    parts.push_back({name, evidence_of(price), count,
                     cost_of(std::string("claim.") + name, count, price, options)});
  };
  part("updates", work.nodes * work.sweeps, chip.update);
  part("reads", work.reads, chip.read);
  part("clamps", work.clamps, chip.clamp);
  part("writes", work.writes, chip.write);
  parts.push_back(power_part("standby", seconds, chip.standby, options));
  parts.push_back(power_part("around", seconds, chip.around, options));

  ClaimBill out;
  if (seconds) out.seconds = figure_of(*seconds);
  for (const Priced& priced : parts) {
    out.parts.push_back({priced.name, priced.count, {}, priced.evidence});
    if (priced.joules) out.parts.back().joules = figure_of(*priced.joules);
  }
  out.totals = {total_of(claim, "sampling", parts, 1, options),
                total_of(claim, "chip", parts, 5, options),
                total_of(claim, "node", parts, 6, options)};
  const auto fits = [&](const char* what, double wanted, const std::optional<Share>& there) {
    if (there && wanted > there->median)
      out.unfit.push_back(fmt::format("{}: {:g} wanted, {:g} there", what, wanted, there->median));
  };
  fits("nodes", work.nodes, chip.nodes);
  fits("couplings of a node", work.degree, chip.degree);
  return out;
}

std::vector<std::string> claim_names() { return core::preset_names("claims"); }

Claim find_claim(const std::string& name, std::span<const std::string> sets) {
  const std::filesystem::path file = [&] {
    if (name.ends_with(".toml")) return core::find_config(name);
    if (auto found = core::find_preset("claims/" + name, {}); !found.empty()) return found;
    const std::vector<std::string> names = claim_names();
    const std::vector<std::string_view> known(names.begin(), names.end());
    throw core::UserError({}, "claim", name,
                          fmt::format("no such claim{}; there are: {}",
                                      core::did_you_mean(name, known), fmt::join(names, ", ")));
  }();
  return core::read<Claim>(core::load_config(file, sets));
}

}  // namespace ohmlab::cost
