#include "verdict_json.hpp"

#include <cmath>
#include <string>

#include <nlohmann/json.hpp>

namespace ohmlab::cli {
namespace {

using Json = nlohmann::ordered_json;

Json number(double x) { return std::isfinite(x) ? Json(x) : Json(); }

Json band_json(const cost::Band& band) {
  return {{"nominal", number(band.nominal)}, {"p05", number(band.p05)}, {"p95", number(band.p95)}};
}

Json versus_json(const verdict::Versus& versus) {
  return {{"verdict", verdict::word_of(versus.factor)},
          {"factor", band_json(versus.factor)},
          {"ahead", versus.ahead},
          {"standard_error", versus.error},
          {"prices_alone", versus.prices_alone},
          {"instances_alone", versus.instances_alone}};
}

Json machine_json(const verdict::AtLevel& row) {
  Json out{{"side", row.group},
           {"title", row.title},
           {"setting", row.setting},
           {"reached", row.reached},
           {"instances", row.instances},
           {"cost", Json::object()},
           {"analog_against_it", Json::object()}};
  for (const verdict::Measure measure : verdict::measures) {
    const auto m = static_cast<std::size_t>(measure);
    const std::string key(verdict::name(measure));
    out["cost"][key] = row.cost[m] ? band_json(*row.cost[m]) : Json();
    if (row.against[m]) out["analog_against_it"][key] = versus_json(*row.against[m]);
  }
  return out;
}

Json rung_json(const verdict::Rung& rung) {
  Json out{{"level", rung.level},
           {"machines", Json::array()},
           {"cheapest_digital", Json::object()},
           {"parts_of_the_analog_bill", Json::array()}};
  for (const verdict::AtLevel& row : rung.machines) out["machines"].push_back(machine_json(row));
  for (const verdict::Measure measure : verdict::measures) {
    const auto& found = rung.cheapest[static_cast<std::size_t>(measure)];
    out["cheapest_digital"][std::string(verdict::name(measure))] = found ? Json(*found) : Json();
  }
  for (const verdict::Part& part : rung.parts)
    out["parts_of_the_analog_bill"].push_back({{"part", part.label}, {"share", part.share}});
  return out;
}

Json reach_json(const verdict::Reach& reach) {
  return {{"setting", reach.setting}, {"best", reach.best}};
}

Json trial_json(const verdict::Trial& trial) {
  Json out{{"best", number(trial.best)}, {"arrives", trial.arrives}, {"failed", trial.failed}};
  for (const verdict::Measure measure : verdict::measures) {
    const auto m = static_cast<std::size_t>(measure);
    if (!trial.against[m]) continue;
    Json& against = out["analog_against_the_cheapest"][std::string(verdict::name(measure))];
    against = versus_json(*trial.against[m]);
    against["machine"] = trial.rival[m];
  }
  return out;
}

Json optional_json(const auto& value) { return value ? Json(*value) : Json(); }

Json improvement_json(const verdict::Improvement& search) {
  const bool cost = search.goal == verdict::Goal::cost;
  Json out{{"goal", cost ? "cost" : "quality"},
           {"measure", verdict::name(search.measure)},
           {"target_quality", number(search.target)},
           {"level", search.level},
           {"helpful", search.helpful},
           {"setting", search.setting},
           {"trials", search.trials},
           {"now", trial_json(search.now)},
           {"levers", Json::array()},
           {"all_together", trial_json(search.all)},
           {"all_together_enough", optional_json(search.all_enough)},
           {"fewest_together", optional_json(search.fewest)}};
  for (const verdict::Pulled& pulled : search.levers) {
    Json lever = trial_json(pulled.at_limit);
    lever["label"] = pulled.lever.label;
    lever["room"] = pulled.lever.room;
    lever["limit"] = pulled.lever.limit;
    lever["both"] = pulled.lever.both;
    lever["enough"] = optional_json(pulled.enough);
    lever["moves"] = Json::object();
    for (const verdict::Move& move : pulled.moves)
      lever["moves"][move.key] = {move.from.text(), move.to.text()};
    out["levers"].push_back(std::move(lever));
  }
  return out;
}

}  // namespace

Json verdict_json(const verdict::Verdict& v) {
  Json out{{"device", v.device},
           {"task", v.task},
           {"title", v.title},
           {"metric", v.metric},
           {"unit", v.unit},
           {"prices", v.prices},
           {"draws", v.draws},
           {"learns", v.level.has_value()},
           {"compared_level", v.level ? Json(*v.level) : Json()},
           {"unpriced", v.unpriced},
           {"settings_tried", v.tried},
           {"refused", v.refused},
           {"analog", Json::array()},
           {"ideal", reach_json(v.ideal)},
           {"untrained", number(v.untrained)},
           {"validated", number(v.validated)},
           {"causes", Json::array()},
           {"levels", Json::array()}};
  for (const verdict::Reach& reach : v.analog) out["analog"].push_back(reach_json(reach));
  for (const verdict::Cause& cause : v.causes)
    out["causes"].push_back(
        {{"removed", cause.removed}, {"best", number(cause.best)}, {"gain", number(cause.gain)}});
  for (const verdict::Rung& rung : v.rungs) out["levels"].push_back(rung_json(rung));
  out["improvement"] = v.improvement ? improvement_json(*v.improvement) : Json();
  return out;
}

}  // namespace ohmlab::cli
