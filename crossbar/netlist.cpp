#include "netlist.hpp"

#include <algorithm>
#include <cmath>
#include <concepts>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "../core/errors.hpp"

namespace ohmlab::crossbar {
namespace {

using core::Index;
using core::MatrixD;
using core::VectorD;

/// Current of a cell between two nodes as an expression of ngspice. CAUTION: its powers take the
/// absolute value of their base, so that cubes are products.
struct CurrentText {
  double v_read;

  std::string operator()(const devices::OhmicConduction&, double g, const std::string& v) const {
    return fmt::format("{:.17g}*{}", g, v);
  }
  std::string operator()(const devices::SinhConduction& law, double g, const std::string& v) const {
    const double factor = g * v_read / std::sinh(v_read / law.v0);
    return fmt::format("{:.17g}*sinh({}*{:.17g})", factor, v, 1 / law.v0);
  }
  std::string operator()(const devices::CubicConduction& law, double g,
                         const std::string& v) const {
    const double factor = g / (1 + law.a * v_read * v_read);
    return fmt::format("{:.17g}*{}*(1+({:.17g})*{}*{})", factor, v, law.a, v, v);
  }
};

/// Where a line meets its neighbour nodes in one tile.
struct Tile {
  std::size_t plane;
  Index number, row, rows, col, cols;
};

class Writer {
 public:
  explicit Writer(const ArrayCircuit& circuit) : circuit_(circuit) {}

  void write(std::span<const std::string> about) {
    head(about);
    for (Index k = 0; k < circuit_.volts.size(); ++k)
      line("Vin_{} in_{} 0 {:.17g}", k, k, circuit_.volts[k]);
    for (std::size_t plane = 0; plane < circuit_.planes.size(); ++plane) {
      Index number = 0;
      circuit_.tiling.each_tile([&](Index i, Index rows, Index j, Index cols) {
        tile({plane, number++, i, rows, j, cols});
      });
    }
    line(".op\n.control\nset numdgt=16\nrun\nprint all\nquit\n.endc\n.end");
  }
  [[nodiscard]] std::string text() && { return std::move(text_); }

 private:
  template <class... T>
  void line(fmt::format_string<T...> format, T&&... values) {
    fmt::format_to(std::back_inserter(text_), format, std::forward<T>(values)...);
    text_ += '\n';
  }
  [[nodiscard]] bool forward() const { return circuit_.direction == Direction::to_cols; }

  void head(std::span<const std::string> about) {
    const Tiling& tiling = circuit_.tiling;
    line("* array of {} rows x {} columns, {} driven, {} read", tiling.rows, tiling.cols,
         forward() ? "rows" : "columns", forward() ? "columns" : "rows");
    for (const std::string& comment : about) line("* {}", comment);
    line("* units: V, A, ohm; rows and columns count from 0");
    line("* in_K: driven end of line K, held by source Vin_K");
    if (circuit_.wires) {
      line("* rP_I_J, cP_I_J: nodes of row I and of column J at their cell of plane P");
      line(
          "* RrP_I_J: piece of row I before its cell in column J; RcP_I_J: piece of column J after "
          "its cell in row I");
    }
    line("* outP_T_K: read end of line K in tile T of plane P, held at 0 V by source VoutP_T_K");
    line("* voutP_T_K#branch: current out of this end into its amplifier");
    line("* {}P_I_J: cell in row I and column J of plane P; none where the conductance is 0",
         circuit_.conduction.linear() ? "Rg" : "Bg");
    for (std::size_t p = 0; p < circuit_.planes.size(); ++p) {
      line("* plane {}: {}, coefficient {:g}", p, circuit_.planes[p].meaning,
           circuit_.planes[p].coefficient);
    }
    line("* read of line K: {:.17g} * sum over P and T of coefficient * voutP_T_K#branch",
         circuit_.weights_per_ampere);
    for (const std::string& part : circuit_.left_out) line("* not here: {}", part);
    line(".options reltol=1e-10 abstol=1e-22 vntol=1e-18 gmin=1e-25 itl1=500");
  }

  /// Row line: from its outer end at the first column. Column line: to its outer end at the last
  /// row.
  void tile(const Tile& t) {
    const auto read_end = [&](Index k) { return fmt::format("out{}_{}_{}", t.plane, t.number, k); };
    const auto row_end = [&](Index i) { return forward() ? fmt::format("in_{}", i) : read_end(i); };
    const auto col_end = [&](Index j) { return forward() ? read_end(j) : fmt::format("in_{}", j); };
    const auto row_node = [&](Index i, Index j) {
      return circuit_.wires ? fmt::format("r{}_{}_{}", t.plane, i, j) : row_end(i);
    };
    const auto col_node = [&](Index i, Index j) {
      return circuit_.wires ? fmt::format("c{}_{}_{}", t.plane, i, j) : col_end(j);
    };
    const Index last_row = t.row + t.rows - 1, last_col = t.col + t.cols - 1;
    for (Index i = t.row; i <= last_row; ++i) {
      for (Index j = t.col; j <= last_col; ++j) {
        if (circuit_.wires) {
          const WireResistances& wires = *circuit_.wires;
          const bool first = j == t.col, last = i == last_row;
          line("Rr{}_{}_{} {} {} {:.17g}", t.plane, i, j, first ? row_end(i) : row_node(i, j - 1),
               row_node(i, j), first ? wires.row_end : wires.row);
          line("Rc{}_{}_{} {} {} {:.17g}", t.plane, i, j, col_node(i, j),
               last ? col_end(j) : col_node(i + 1, j), last ? wires.col_end : wires.col);
        }
        cell(t.plane, i, j, row_node(i, j), col_node(i, j));
      }
    }
    const Index outputs = forward() ? t.cols : t.rows, from = forward() ? t.col : t.row;
    for (Index k = from; k < from + outputs; ++k)
      line("Vout{}_{}_{} {} 0 0", t.plane, t.number, k, read_end(k));
  }

  void cell(std::size_t plane, Index i, Index j, const std::string& row, const std::string& col) {
    const double g = circuit_.planes[plane].conductances(i, j);
    if (g == 0) return;
    if (circuit_.conduction.linear()) {
      line("Rg{}_{}_{} {} {} {:.17g}", plane, i, j, row, col, 1 / g);
      return;
    }
    const std::string drop = fmt::format("v({},{})", row, col);
    line("Bg{}_{}_{} {} {} I={}", plane, i, j, row, col,
         circuit_.conduction.visit(
             [&](const auto& law) { return CurrentText{circuit_.v_read}(law, g, drop); }));
  }

  const ArrayCircuit& circuit_;
  std::string text_;
};

[[noreturn]] void refuse(const char* key, std::string_view value, const char* expected) {
  throw core::UserError({}, key, fmt::format("\"{}\"", value), expected);
}

/// The planes in the order of `Array::conductances`: pulsed cells of all groups, then fixed ones.
std::vector<CircuitPlane> planes_of(const AnalogArrayModel& model,
                                    const std::vector<MatrixD>& cells) {
  const std::vector<double> gains = model.path.gains();
  const auto mapped = model.mapping.planes();
  std::vector<CircuitPlane> out;
  std::size_t at = 0;
  const auto take = [&](const std::string& meaning, double coefficient) {
    const MatrixD& g = cells.at(at++);
    if (coefficient != 0) out.push_back({meaning, coefficient, g});
  };
  for (std::size_t group = 0; group < gains.size(); ++group) {
    for (std::size_t plane = 0; plane < mapped.size(); ++plane) {
      take(fmt::format("pulsed cells {} of group {}", plane, group),
           gains[group] * mapped[plane].coefficient);
    }
  }
  for (std::size_t group = 0; group < gains.size(); ++group) {
    double sum = 0;
    for (const MappedPlane& plane : mapped) sum += plane.coefficient;
    for (int fixed = 0; fixed < model.mapping.fixed_cells(); ++fixed)
      take(fmt::format("fixed cells of group {}", group), -gains[group] * sum);
  }
  return out;
}

std::vector<std::string> left_out(const AnalogArrayModel& model) {
  std::vector<std::string> out;
  const auto add = [&](bool there, std::string text) {
    if (there) out.push_back(std::move(text));
  };
  add(!model.device.read_noise.quiet(),
      fmt::format("noise of cells, device.read_noise \"{}\"", model.device.read_noise.kind()));
  add(model.output_noise > 0, "noise of the periphery, output_noise");
  add(!model.dac.errors().none(), "errors of drivers, dac.errors");
  add(!model.adc.is<NoAdc>(), fmt::format("converters, adc \"{}\"", model.adc.kind()));
  add(!model.range.is<FixedRange>(),
      fmt::format("range \"{}\": inputs are in full scales", model.range.kind()));
  const std::vector<double> gains = model.path.gains();
  add(std::find(gains.begin(), gains.end(), 0.0) != gains.end(),
      fmt::format("groups of cells that reads do not see, path \"{}\"", model.path.kind()));
  return out;
}

}  // namespace

ArrayCircuit circuit_of(const ArrayModel& array, const std::vector<MatrixD>& cells,
                        Direction direction, const core::Vector& x) {
  const auto* model = std::get_if<AnalogArrayModel>(&array.choice);
  if (model == nullptr) refuse("array", array.kind(), "has no cells: expected \"analog\"");
  const devices::Device& device = model->device;
  if (!device.g_min || !device.g_max || !device.v_read) {
    throw core::UserError({}, "array.device", "",
                          "a circuit has volts and siemens: expected g_min, g_max and v_read");
  }
  if (model->copies > 1 || cells.empty()) {
    throw core::UserError({}, "array.copies", fmt::format("{}", model->copies),
                          "a netlist is of one array: expected 1");
  }
  if (model->sensing.floats())
    refuse("array.sensing", model->sensing.kind(), "read lines are held: expected \"current\"");
  const bool held = model->dac.visit([]<class D>(const D&) {
    return std::derived_from<D, HeldVoltage> && std::derived_from<D, OneRead>;
  });
  if (!held) {
    refuse("array.dac", model->dac.kind(),
           "an operating point has one voltage on each line: expected \"uniform\" or \"none\"");
  }
  const Index rows = cells[0].rows(), cols = cells[0].cols();
  ArrayCircuit out{Tiling::of(rows, cols, model->tile_rows, model->tile_cols),
                   planes_of(*model, cells),
                   model->wires.resistances(),
                   device.conduction,
                   *device.v_read,
                   direction,
                   {},
                   2 * model->weight_scale / (*device.v_read * (*device.g_max - *device.g_min)),
                   left_out(*model)};
  if (x.size() != out.tiling.inputs(direction)) {
    throw core::UserError(
        {}, "input", fmt::format("{} numbers", x.size()),
        fmt::format("expected one for each driven line: {}", out.tiling.inputs(direction)));
  }
  model->dac.visit([&](const auto& dac) {
    const core::Vector levels = x.unaryExpr([&](float v) { return dac.level(v, 0); });
    out.volts = out.v_read * levels.cast<double>();
  });
  return out;
}

std::string netlist_of(const ArrayCircuit& circuit, std::span<const std::string> about) {
  Writer writer(circuit);
  writer.write(about);
  return std::move(writer).text();
}

}  // namespace ohmlab::crossbar
