#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "../../core/fields.hpp"

/// What a fit found. All tables have fields, so that programs in other languages get them as they
/// are.
namespace ohmlab::fitting {

/// A parameter of a fitted model.
struct FittedParameter {
  std::string name;
  double value = 0, error = 0, low = 0, high = 0;
  std::vector<double> bootstrap;
  double spread = 0, spread_error = 0;
  std::string note;
  static constexpr auto fields = core::Fields{
      core::field("name", &FittedParameter::name, "key of the model's field"),
      core::field("value", &FittedParameter::value, "", core::any, "estimate"),
      core::field("error", &FittedParameter::error, "", core::any, "standard error; 0 if held"),
      core::field("low", &FittedParameter::low, "", core::any, "lower end of the 95 % interval"),
      core::field("high", &FittedParameter::high, "", core::any, "upper end"),
      core::field("bootstrap", &FittedParameter::bootstrap, "", core::any,
                  "the interval by the bootstrap, if asked for"),
      core::field("spread", &FittedParameter::spread, "", core::any,
                  "standard deviation over devices, without the error of the fits"),
      core::field("spread_error", &FittedParameter::spread_error, "", core::any,
                  "standard error of the spread"),
      core::field("note", &FittedParameter::note,
                  "why the parameter is not determined or stands at a bound; else empty"),
  };
};

/// One model beside the others.
struct FittedModel {
  std::string kind;
  std::vector<FittedParameter> parameters;
  std::int64_t free = 0;
  double log_likelihood = 0, aic = 0, bic = 0, above_best = 0;
  std::string noise_key, noise_law;
  double noise = 0, read_noise = 0;
  double error_fitted = 0, error_held_back = 0, ramp_error = 0;
  std::string note;
  static constexpr auto fields = core::Fields{
      core::field("kind", &FittedModel::kind, "kind of the pulse catalogue"),
      core::field("parameters", &FittedModel::parameters, "fitted parameters"),
      core::field("free", &FittedModel::free, "", core::any,
                  "number of fitted numbers, noises included"),
      core::field("log_likelihood", &FittedModel::log_likelihood, "", core::any,
                  "logarithm of the likelihood, with Huber's loss"),
      core::field("aic", &FittedModel::aic, "", core::any, "2 free - 2 log_likelihood"),
      core::field("bic", &FittedModel::bic, "", core::any, "free ln(reads) - 2 log_likelihood"),
      core::field("above_best", &FittedModel::above_best, "", core::any,
                  "aic less that of the best model"),
      core::field("noise_key", &FittedModel::noise_key, "field of the noise of steps"),
      core::field("noise_law", &FittedModel::noise_law, "its law"),
      core::field("noise", &FittedModel::noise, "", core::any, "its value"),
      core::field("read_noise", &FittedModel::read_noise, "", core::any,
                  "standard deviation of a read, units of w"),
      core::field("error_fitted", &FittedModel::error_fitted, "", core::any,
                  "root mean square error of the next read on fitted ramps, units of w"),
      core::field("error_held_back", &FittedModel::error_held_back, "", core::any,
                  "the same on ramps held back; 0 if there are none"),
      core::field("ramp_error", &FittedModel::ramp_error, "", core::any,
                  "root mean square error of whole ramps held back, predicted from the mean start; "
                  "0 if ramps do not repeat"),
      core::field("note", &FittedModel::note, "what to know before using it"),
  };
};

/// One ramp, for pictures.
struct FittedRamp {
  std::string name;
  std::int64_t direction = 0, first_pulse = 0;
  bool held_back = false, excluded = false;
  std::vector<double> reads, model;
  static constexpr auto fields = core::Fields{
      core::field("name", &FittedRamp::name, "file and column"),
      core::field("direction", &FittedRamp::direction, "", core::any, "1 up, -1 down, 0 both"),
      core::field("first_pulse", &FittedRamp::first_pulse, "", core::any,
                  "pulses before the first read"),
      core::field("held_back", &FittedRamp::held_back, "whether it was kept out of the fit"),
      core::field("excluded", &FittedRamp::excluded, "whether it is an outlier"),
      core::field("reads", &FittedRamp::reads, "", core::any, "states w; NaN if left out"),
      core::field("model", &FittedRamp::model, "", core::any,
                  "mean states of the best model from the same start"),
  };
};

/// A fit of all models to one set of data.
struct FitReport {
  std::vector<std::string> data;
  double low = 0, high = 0;
  bool siemens = false;
  std::int64_t ramps = 0, held_back = 0, reads = 0, devices = 0;
  std::string best;
  std::vector<FittedModel> models;
  double noise_floor = 0, ramp_floor = 0;
  double step_noise = 0, read_noise = 0;
  double ramp_spread = 0, ramp_spread_error = 0;
  std::vector<std::string> excluded, notes;
  std::vector<FittedRamp> curves;
  std::string preset, steps;
  static constexpr auto fields = core::Fields{
      core::field("data", &FitReport::data, "files"),
      core::field("low", &FitReport::low, "", core::any, "conductance or value at w = -1"),
      core::field("high", &FitReport::high, "", core::any, "conductance or value at w = +1"),
      core::field("siemens", &FitReport::siemens, "whether low and high are in S"),
      core::field("ramps", &FitReport::ramps, "", core::any, "ramps, or pieces of them"),
      core::field("held_back", &FitReport::held_back, "", core::any, "ramps kept out of the fit"),
      core::field("reads", &FitReport::reads, "", core::any, "reads that were fitted"),
      core::field("devices", &FitReport::devices, "", core::any, "devices; 1 if columns are ramps"),
      core::field("best", &FitReport::best, "kind with the least aic"),
      core::field("models", &FitReport::models, "models by aic"),
      core::field("noise_floor", &FitReport::noise_floor, "", core::any,
                  "least error of the next read that the measured noise allows, units of w"),
      core::field("ramp_floor", &FitReport::ramp_floor, "", core::any,
                  "error of whole ramps held back if each read is predicted by the mean of fitted "
                  "ramps after as many pulses; 0 if ramps do not repeat"),
      core::field("step_noise", &FitReport::step_noise, "", core::any,
                  "standard deviation of a step from increments alone, units of w"),
      core::field("read_noise", &FitReport::read_noise, "", core::any,
                  "standard deviation of a read from increments alone, units of w"),
      core::field("ramp_spread", &FitReport::ramp_spread, "", core::any,
                  "relative spread of all steps of a ramp from ramp to ramp (of a device from "
                  "device to device if columns are devices), beyond noise of single steps"),
      core::field("ramp_spread_error", &FitReport::ramp_spread_error, "", core::any,
                  "its standard error"),
      core::field("excluded", &FitReport::excluded, "outlying ramps that were left out"),
      core::field("notes", &FitReport::notes, "what to know before using the preset"),
      core::field("curves", &FitReport::curves, "reads and model, ramp by ramp"),
      core::field("preset", &FitReport::preset, "the preset of the chosen model, as TOML"),
      core::field("steps", &FitReport::steps, "table of steps that the preset reads, or empty"),
  };
};

}  // namespace ohmlab::fitting
