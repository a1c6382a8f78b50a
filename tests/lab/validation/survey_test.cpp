#include <cmath>
#include <fstream>
#include <random>
#include <set>
#include <string>

#include "ohmlab/core/errors.hpp"
#include "ohmlab/lab/validation/macro_prior.hpp"
#include "ohmlab/lab/validation/survey_fit.hpp"

#include "tests/catch.hpp"
#include "tests/contains.hpp"
#include "tests/temp_folder.hpp"

using namespace ohmlab;
using validation::Conversion;

namespace {

/// A survey of chips with a known law, chip effect and residual.
struct Synthetic {
  double converter = std::log(2e-12), product = std::log(5e-15), resistive = 0.9;
  double chip_sigma = 1.2, residual_sigma = 0.4;

  [[nodiscard]] Conversion point(std::mt19937_64& random, const std::string& chip) const {
    std::uniform_int_distribution<int> bits(3, 10), rows(4, 11), input(1, 8), kind(0, 1);
    std::uniform_real_distribution<double> volts(0.6, 1.3);
    Conversion out{.chip = chip};
    out.bits = bits(random);
    out.products = std::exp2(rows(random)) * input(random);
    out.volts = volts(random);
    out.resistive = kind(random) == 1;
    out.measured = std::log(
        std::pow(out.volts / 0.9, 2) * (out.resistive ? std::exp(resistive) : 1) *
        (std::exp(converter) * std::exp2(out.bits - 8) + std::exp(product) * out.products));
    return out;
  }
  [[nodiscard]] std::vector<Conversion> survey(std::uint64_t seed, int chips) const {
    std::mt19937_64 random(seed);
    std::normal_distribution<double> normal;
    std::vector<Conversion> out;
    for (int chip = 0; chip < chips; ++chip) {
      const double effect = chip_sigma * normal(random);
      for (int points = 1 + chip % 3; points > 0; --points) {
        out.push_back(point(random, "chip " + std::to_string(chip)));
        out.back().measured += effect + residual_sigma * normal(random);
      }
    }
    return out;
  }
};

std::string mistake(const std::string& text) {
  const TempFolder folder;
  const auto file = folder.path() / "survey.toml";
  std::ofstream(file) << text;
  try {
    static_cast<void>(validation::load_survey(file));
  } catch (const core::UserError& error) {
    return error.what();
  }
  return "";
}

const std::string row =
    "[[rows]]\nname = 'a'\nchip = 'c'\nnode = '28 nm'\ncells = 'sram'\nrows = 64\ninput_bits = "
    "4\noutput_bits = 5\nefficiency = '128 TOP/J'\nchecked = 'a test'\nsource = 's'\n";

std::string with(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("a fit finds the law, the chip effect and the residual of a synthetic survey",
          "[stochastic]") {
  const Synthetic truth;
  constexpr int chips = 2000;
  const validation::ConversionFit fit =
      validation::fit_conversions(truth.survey(11, chips), validation::macro_law());
  CHECK(fit.chips == chips);
  const double expected[] = {truth.converter, truth.product, truth.resistive};
  for (std::size_t k = 0; k < 3; ++k) {
    CAPTURE(k);
    const double error = std::sqrt(fit.covariance[k][k]);
    CHECK(error < 0.15);
    CHECK(std::abs(fit.constants[k] - expected[k]) < 5 * error);  // p = 6e-7
  }
  // 2000 effects give their standard deviation to 1.6 %, 2000 repeated points the residual's.
  CHECK(fit.chip_sigma == Approx(truth.chip_sigma).epsilon(0.1));
  CHECK(fit.residual_sigma == Approx(truth.residual_sigma).epsilon(0.1));
}

TEST_CASE("nine of ten new chips are inside the band of a survey of fifty", "[stochastic]") {
  const Synthetic truth;
  std::mt19937_64 random(5);
  std::normal_distribution<double> normal;
  double inside = 0, all = 0;
  for (std::uint64_t survey = 0; survey < 40; ++survey) {
    const validation::ConversionFit fit =
        validation::fit_conversions(truth.survey(100 + survey, 50), validation::macro_law());
    for (int chip = 0; chip < 50; ++chip) {
      Conversion next = truth.point(random, "new");
      next.measured += truth.chip_sigma * normal(random) + truth.residual_sigma * normal(random);
      const validation::Prediction said = validation::predicted(fit, validation::macro_law(), next);
      inside += said.p05 <= next.measured && next.measured <= said.p95 ? 1 : 0;
      ++all;
    }
  }
  // A survey's own error of sigma, a tenth, moves the share by 0.035; the mean over 40 by 0.006.
  CHECK(inside / all > 0.9 - 5 * std::hypot(0.006, std::sqrt(0.09 / all)));
  CHECK(inside / all < 0.9 + 5 * std::hypot(0.006, std::sqrt(0.09 / all)));
}

TEST_CASE("priced through a list, a macro has the joules and the band of the law by hand") {
  const Synthetic truth;
  const validation::ConversionFit fit =
      validation::fit_conversions(truth.survey(3, 300), validation::macro_law());
  for (const validation::MacroCells cells :
       {validation::MacroCells::sram, validation::MacroCells::resistive}) {
    validation::Macro macro;
    macro.node = 28e-9;
    macro.voltage = 1.1;
    macro.cells = cells;
    macro.rows = 96;
    macro.cols = 20;
    macro.input_bits = 8;
    macro.drive_bits = 2;
    macro.output_bits = 6;
    const cost::Draws joules = validation::prior_joules(macro, fit, {.draws = 20000, .seed = 1});
    const bool resistive = cells == validation::MacroCells::resistive;
    const double each = std::pow(1.1 / 0.9, 2) * (resistive ? std::exp(fit.constants[2]) : 1) *
                        (std::exp(fit.constants[0]) / 4 + std::exp(fit.constants[1]) * 96 * 2);
    CHECK(joules.nominal == Approx(4 * 20 * each));
    const validation::Prediction by_hand = validation::predicted(
        fit, validation::macro_law(), {"new", 6, 96 * 2, 1.1, 28e-9, resistive, 0});
    const double width = std::log(joules.band().p95 / joules.band().p05);
    CHECK(width == Approx(by_hand.p95 - by_hand.p05).epsilon(0.06));
  }
}

TEST_CASE("the macro prices of the default list are the fit of the survey, and nothing else is") {
  const auto points = validation::conversions(validation::load_survey());
  const validation::ConversionFit fit =
      validation::fit_conversions(points, validation::macro_law());
  const cost::Rates array = cost::default_prices().places.at("array");
  const auto resistive = validation::macro_prices(fit, validation::MacroCells::resistive);
  CHECK(validation::unlike(array, resistive).empty());
  CHECK_THAT(validation::unlike(array, validation::macro_prices(fit, validation::MacroCells::sram)),
             ContainsSubstring("energy.adc_convert.median is 4.82e-12, the fit has"));
  const auto fewer = validation::without_chip(points, "neurram");
  CHECK(!validation::unlike(array, validation::macro_prices(
                                       validation::fit_conversions(fewer, validation::macro_law()),
                                       validation::MacroCells::resistive))
             .empty());
}

TEST_CASE("the survey holds at least thirty measured chips, each row with its source") {
  const validation::Survey survey = validation::load_survey();
  std::set<std::string> chips;
  for (const validation::SurveyRow& r : survey.rows) {
    if (r.excluded.empty()) chips.insert(r.chip);
    CAPTURE(r.name);
    CHECK(r.joules() > 1e-15);
    CHECK(r.joules() < 2e-10);
  }
  CHECK(chips.size() >= 30);
  CHECK(validation::conversions(survey).size() < validation::conversions(survey, true).size());
}

TEST_CASE("a survey's row without source, size or unit is refused with file, line and key") {
  CHECK(mistake(row).empty());
  const auto says = [](const std::string& text, const std::string& expected) {
    const std::string said = mistake(text);
    CAPTURE(said);
    CHECK(said.find("survey.toml:") != std::string::npos);
    CHECK(said.find(expected) != std::string::npos);
  };
  says(with(row, "source = 's'\n", ""), "source: is missing");
  says(with(row, "source = 's'", "source = ' '"), "source is empty: no figure without one");
  says(with(row, "checked = 'a test'", "checked = ''"), "checked is empty");
  says(with(row, "'128 TOP/J'", "'128 TOP'"), "efficiency");
  says(with(row, "'sram'", "'srm'"), "did you mean \"sram\"?");
  says(with(row, "rows = 64", "rowz = 64"), "did you mean \"rows\"?");
  says(row + row, "\"a\" is there twice");
}

TEST_CASE("a row's joules are those of all its products over its conversions") {
  validation::SurveyRow r;
  r.rows = 64;
  r.efficiency = 128e12;
  CHECK(r.joules() == Approx(1e-12));
  r.conversions = 4;
  CHECK(r.joules() == Approx(0.25e-12));
}
