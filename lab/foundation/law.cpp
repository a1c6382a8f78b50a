#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "../../core/errors.hpp"
#include "../../transformer/scale/typical_shape.hpp"
#include "sections.hpp"

/// The paper's law and the calibrated model beside it, with every assumption.
namespace ohmlab::foundation {
namespace {

constexpr double joules_per_mwh = 3.6e9;

/// An assumption behind a figure.
struct Assumption {
  std::string name, unit;
  cost::Band band;
  std::string evidence, source;
};

std::string evidence_text(cost::Evidence evidence) {
  return std::string(enum_names(evidence)[static_cast<std::size_t>(evidence)]);
}

template <class Q>
Assumption of_quoted(const std::string& name, const std::string& unit, const Q& quoted) {
  return {name,
          unit,
          {quoted.median, quoted.p05.value_or(quoted.median), quoted.p95.value_or(quoted.median)},
          evidence_text(quoted.evidence),
          quoted.source};
}

template <class P>
Assumption of_price(const std::string& name, const std::string& unit, double scale,
                    const P& price) {
  return {name,
          unit,
          {scale * price.median, scale * price.p05, scale * price.p95},
          evidence_text(price.evidence),
          price.source};
}

std::vector<Assumption> assumptions(const Foundation& of) {
  const Settings& c = of.config;
  const cost::TrainingLaw& law = c.law;
  const cost::Facility& facility = *of.prices.facility;
  const auto exact = [](const char* name, const char* unit, double value, const char* source) {
    return Assumption{name, unit, {value, value, value}, "assumed", source};
  };
  std::vector<Assumption> out{
      exact("c0", "FLOP", law.c0, "a parameter and token: 2 forward, 4 backward; the paper's"),
      exact("tokens_per_param", "1", law.tokens_per_param, "free; 20 is the paper's 120 P^2"),
      exact("sparsity", "1", law.sparsity, "K; 1 is a dense model"),
      exact("days", "d", c.days,
            "in which a run is to be done; sets the number of accelerators alone"),
      of_quoted("utilisation", "1", law.utilisation),
      of_quoted("peak " + law.format, "FLOP/s", c.accelerator.peak.at(law.format)),
  };
  if (law.sparsity > 1) out.push_back(of_quoted("gating", "1", law.gating));
  if (law.node_watts) {
    out.push_back(of_quoted("node watts", "W", *law.node_watts));
  } else {
    out.push_back(of_quoted("accelerator tdp", "W", c.accelerator.tdp));
    out.push_back(of_quoted("accelerator host", "W", c.accelerator.host));
  }
  if (law.purchase) out.push_back(of_quoted("purchase", "USD", *law.purchase));
  if (c.accelerator.rent) out.push_back(of_quoted("rent", "USD/h", *c.accelerator.rent));
  out.push_back(of_price("pue", "1", 1, facility.pue));
  out.push_back(of_price("electricity", "USD/kWh", 3.6e6, facility.electricity));
  out.push_back(of_price("carbon", "kg/kWh", 3.6e6, facility.carbon));
  out.push_back(exact("lifetime", "year", facility.lifetime / (365 * 86400.0),
                      "hardware is paid off over it"));
  out.push_back(exact("occupancy", "1", facility.occupancy, "share of its lifetime at work"));
  out.push_back(of_quoted("calibrated utilisation", "1", c.calibrated.utilisation));
  out.push_back(of_quoted("misfit", "1", c.calibrated.misfit));
  out.push_back(of_quoted("goodput", "1", c.calibrated.goodput));
  out.push_back(of_quoted("node share", "1", c.calibrated.node_share));
  return out;
}

void add_assumptions(const Foundation& of, Sheet& sheet) {
  const std::vector<Assumption> all = assumptions(of);
  results::Axis names{"assumption", {}, {}, "", "what was assumed"};
  results::Cube units{"assumption_unit", {"assumption"}, {}, {}, "", "unit of the assumption"},
      evidences{"assumption_evidence", {"assumption"}, {}, {}, "", "what it rests on"},
      sources{"assumption_source", {"assumption"}, {}, {}, "", "who says so"};
  std::vector<cost::Band> bands;
  std::vector<std::vector<std::string>> rows;
  for (const Assumption& a : all) {
    names.labels.push_back(a.name);
    units.texts.push_back(a.unit);
    evidences.texts.push_back(a.evidence);
    sources.texts.push_back(a.source);
    bands.push_back(a.band);
    rows.push_back(
        {a.name, a.band.p05 == a.band.p95 ? fmt::format("{:.4g}", a.band.nominal) : text_of(a.band),
         a.unit == "1" ? "" : a.unit, a.evidence, a.source});
  }
  sheet.axis(std::move(names));
  sheet.bands("assumption_value", {"assumption"}, bands, "", "value, in the assumption's own unit");
  sheet.cube(std::move(units));
  sheet.cube(std::move(evidences));
  sheet.cube(std::move(sources));
  sheet.say("\nAssumptions [5th to 95th percentile]");
  sheet.table({"", "value", "unit", "evidence", "source"}, rows);
}

/// The calibrated model at one size.
struct Predicted {
  scale::ModelShape shape;
  std::int64_t accelerators = 0;
  cost::Draws hours, days, facility_joules;
};

/// Prediction for a dense model of the parameters that work on a token; none if no plan fits.
std::optional<Predicted> predicted(const Foundation& of, double parameters, double law_hours,
                                   cost::Outlook& outlook) {
  const Settings& c = of.config;
  const double active = parameters / c.law.sparsity, tokens = c.law.tokens(parameters);
  Predicted out;
  out.shape = scale::typical_shape(active, c.calibrated.vocabulary, c.calibrated.sequence);
  const double wanted = std::log2(std::max(1.0, law_hours / (24 * c.days)));
  const auto most = std::int64_t{1} << static_cast<int>(
                        std::floor(std::log2(static_cast<double>(c.calibrated.most_accelerators))));
  const scale::Efficiency efficiency;
  scale::TrainingPlan like;
  like.format = c.law.format;
  like.sequence_parallel = true;
  like.uneven = true;
  for (std::int64_t n =
           std::clamp(std::int64_t{1} << std::min(40, static_cast<int>(std::lround(wanted))),
                      std::int64_t{8}, most);
       n <= most; n *= 2) {
    try {
      const scale::TrainingPlan plan = scale::fastest_plan(
          out.shape, c.accelerator, n, std::max<std::int64_t>(1024, n), like, efficiency);
      const auto step = scale::training_step(out.shape, c.accelerator, plan, efficiency);
      scale::TrainingRun run = c.calibrated.run();
      run.tokens = tokens;
      const scale::RunCost cost = scale::run_cost(step, n, c.accelerator, run, of.options);
      // The shape has the nearest size, not the stated one.
      const double of_stated = active / out.shape.parameters();
      out.accelerators = n;
      out.hours = cost.accelerator_hours * of_stated;
      out.days = cost.days * of_stated;
      out.facility_joules = cost.node_joules * of_stated *
                            cost::drawn(of.prices.facility->pue, "facility.pue", outlook);
      return out;
    } catch (const scale::NoPlanFits&) {
      continue;
    }
  }
  return std::nullopt;
}

}  // namespace

void add_law(const Foundation& of, Sheet& sheet) {
  const Settings& c = of.config;
  add_assumptions(of, sheet);
  std::vector<cost::Band> flops, hours, accelerators, energy, owned, rented, co2, model_hours,
      model_days, model_energy, over;
  results::Cube tokens{"law_tokens", {"parameters"}, {}, {}, "1", "tokens of the law"},
      model_accelerators{
          "calibrated_accelerators", {"parameters"}, {}, {}, "1", "accelerators of the plan", true};
  std::vector<std::vector<std::string>> law_rows, model_rows;
  bool late = false;
  for (const double p : c.parameters) {
    cost::Outlook outlook = of.outlook();
    const cost::LawCost cost =
        cost::law_cost(c.law, c.accelerator, *of.prices.facility, p, outlook);
    tokens.values.push_back(cost.tokens);
    flops.push_back(cost.flops.band());
    hours.push_back(cost.hours.band());
    accelerators.push_back((cost.hours * (1 / (24 * c.days))).band());
    energy.push_back((cost.facility_joules * (1 / joules_per_mwh)).band());
    co2.push_back((cost.co2 * 1e-3).band());
    if (cost.dollars_owned) owned.push_back(cost.dollars_owned->band());
    if (cost.dollars_rented) rented.push_back(cost.dollars_rented->band());
    const auto money = [](const std::vector<cost::Band>& bands) {
      return bands.empty() ? std::string("-") : text_of(bands.back(), 1e-6);
    };
    law_rows.push_back({size_text(p), fmt::format("{:.3g}", cost.tokens), text_of(flops.back()),
                        text_of(hours.back()), text_of(accelerators.back()), text_of(energy.back()),
                        money(owned), money(rented), text_of(co2.back())});

    const std::optional<Predicted> model = predicted(of, p, cost.hours.nominal, outlook);
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const cost::Band none{nan, nan, nan};
    model_hours.push_back(model ? model->hours.band() : none);
    model_days.push_back(model ? model->days.band() : none);
    model_energy.push_back(model ? (model->facility_joules * (1 / joules_per_mwh)).band() : none);
    over.push_back(model ? (cost.hours / model->hours).band() : none);
    model_accelerators.values.push_back(model ? static_cast<double>(model->accelerators) : nan);
    if (model) {
      model_rows.push_back({size_text(p),
                            fmt::format("{} x {}, {}", model->shape.layers, model->shape.width,
                                        size_text(model->shape.parameters())),
                            fmt::format("{}", model->accelerators), text_of(model_days.back()),
                            text_of(model_hours.back()), text_of(model_energy.back()),
                            text_of(over.back())});
    } else {
      model_rows.push_back({size_text(p), "no plan fits", "-", "-", "-", "-", "-"});
    }
    late = late || (model && model->days.nominal > c.days);
  }
  sheet.cube(std::move(tokens));
  const std::vector<std::string> dims{"parameters"};
  sheet.bands("law_flops", dims, flops, "FLOP", "operations by the law");
  sheet.bands("law_hours", dims, hours, "h", "accelerator-hours by the law");
  sheet.bands("law_accelerators", dims, accelerators, "1",
              "accelerators to be done in the days asked for");
  sheet.bands("law_energy", dims, energy, "MWh", "energy at the facility by the law");
  if (!owned.empty())
    sheet.bands("law_money_owned", dims, owned, "USD", "hardware paid off, and electricity");
  if (!rented.empty()) sheet.bands("law_money_rented", dims, rented, "USD", "hours at their rent");
  sheet.bands("law_co2", dims, co2, "t", "CO2 of the facility's electricity");
  sheet.cube(std::move(model_accelerators));
  sheet.bands("calibrated_hours", dims, model_hours, "h",
              "accelerator-hours by the calibrated model", Sheet::Gaps::some);
  sheet.bands("calibrated_days", dims, model_days, "d", "days by the calibrated model",
              Sheet::Gaps::some);
  sheet.bands("calibrated_energy", dims, model_energy, "MWh",
              "energy at the facility by the calibrated model", Sheet::Gaps::some);
  sheet.bands("law_over_calibrated", dims, over, "1",
              "accelerator-hours of the law over the model's", Sheet::Gaps::some);

  sheet.say("\nThe law: C = {:g} P T{}, T = {:g} P{}, on {}", c.law.c0,
            c.law.sparsity > 1 ? fmt::format(" / {:g} and gating", c.law.sparsity) : "",
            c.law.tokens_per_param,
            c.law.c0 * c.law.tokens_per_param == 120 && c.law.sparsity == 1 ? ", i.e. 120 P^2" : "",
            c.accelerator.title);
  sheet.table({"size", "tokens", "FLOP", "accelerator-hours",
               fmt::format("accelerators for {:g} d", c.days), "facility MWh", "MUSD owned",
               "MUSD rented", "t CO2"},
              law_rows);
  sheet.say(
      "  The law is a preset, no predictor: \"ohmlab validate law\" says how far it is from "
      "published runs.");
  sheet.say(
      "\nThe calibrated model beside it (steps of the fastest plan that fits weigh a third, one "
      "utilisation two thirds; the band holds the misfit to runs without a published plan: "
      "\"ohmlab validate training\"{})",
      c.law.sparsity > 1 ? "; a dense model of the active parameters, no traffic of experts" : "");
  sheet.table({"size", "layers x width", "accelerators", "days", "accelerator-hours",
               "facility MWh", "law / model, hours"},
              model_rows);
  if (late) {
    sheet.say("  Longer than the {:g} d asked for: no run has more than {} accelerators here.",
              c.days, c.calibrated.most_accelerators);
  }
}

}  // namespace ohmlab::foundation
