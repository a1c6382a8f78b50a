#include "centring.hpp"

#include <fmt/format.h>

#include "../core/math.hpp"
#include "../core/parallel.hpp"
#include "../cost/stages.hpp"
#include "states.hpp"

namespace ohmlab::ebm {
namespace {

constexpr core::Index row_slice = 64;  // fixed: results do not depend on the number of threads

}  // namespace

Centring::Centring(Network& network, const Offsets& offsets)
    : network_(network), law_(offsets), component_(network.edge().tally().component("offsets")) {
  double units = 0, curved = 0;
  for (const LayerPlan& layer : network.plan().layers) {
    offsets_.push_back(core::Vector::Zero(layer.units));
    units += static_cast<double>(layer.units);
    curved += layer.law.draws_bits() ? static_cast<double>(layer.units) : 0;
  }
  cost::Edge& edge = network_.edge();
  const cost::Tally::Stage stage(edge.tally(), cost::start_stage);
  edge.holds(component_, units * edge_bits);
  edge.sigmoids(component_, curved);  // means of other units are their biases
  edge.buffers(component_, units, units, edge_bits);
}

/// Means of units without inputs. Their work is posted at the start.
void Centring::begin() {
  begun_ = true;
  for (std::size_t l = 0; l < offsets_.size(); ++l)
    offsets_[l] = network_.plan().layers[l].law.means_at(network_.bias(l));
}

void Centring::move(const std::vector<core::Vector>& means) {
  if (!begun_) begin();
  const auto sliding = static_cast<float>(law_.sliding);
  double units = 0;
  for (std::size_t l = 0; l < offsets_.size(); ++l) {
    offsets_[l] += sliding * (means[l] - offsets_[l]);
    units += static_cast<double>(offsets_[l].size());
  }
  // Biases sum the activities of each phase anyway.
  const auto sums = static_cast<double>(law_.phases.size());
  cost::Edge& edge = network_.edge();
  edge.multiplies(component_, (sums + 1) * units, edge_bits);  // share of each sum; sliding
  edge.adds(component_, (sums + 1) * units, edge_bits);
  edge.buffers(component_, units, units, edge_bits);
}

/// An example's share of the shift is its signal times one number of the other side: the signals of
/// that side times their offsets, added up.
void Centring::shift_biases(std::size_t coupling,
                            std::span<const crossbar::OuterProduct> products) {
  const CouplingPlan& plan = network_.plan().couplings[coupling];
  if (plan.edges.size() > 0 || plan.crossings)
    return shift_biases(
        coupling, plan.crossings ? sum_along_edges(*plan.crossings, products) : sum_of(products));
  const core::Vector &of_rows = offsets_[plan.rows], &of_cols = offsets_[plan.cols];
  core::Vector rows = core::Vector::Zero(of_rows.size()), cols = core::Vector::Zero(of_cols.size());
  double signals = 0;
  for (const crossbar::OuterProduct& product : products) {
    const auto rate = static_cast<float>(product.rate);
    rows += rate * (product.d * of_cols.transpose()).transpose() * product.x;
    cols += rate * (product.x * of_rows.transpose()).transpose() * product.d;
    signals += static_cast<double>(product.x.size() + product.d.size());
  }
  network_.bias(plan.rows) -= rows;
  network_.bias(plan.cols) -= cols;
  const auto registers = static_cast<double>(rows.size() + cols.size());
  cost::Edge& edge = network_.edge();
  edge.adds(component_, signals, edge_bits);  // signals less offsets
  edge.multiplies(component_, 2 * signals + registers, edge_bits);
  edge.adds(component_, 2 * signals + registers, edge_bits);
  edge.buffers(component_, signals + registers, registers, edge_bits);
}

/// Change of all cells by products that are not written as a difference. Cells exist along edges
/// alone, so that no sum over a whole side stands for theirs.
core::Matrix Centring::sum_of(std::span<const crossbar::OuterProduct> products) {
  core::Matrix out = core::Matrix::Zero(products[0].x.cols(), products[0].d.cols());
  double multiplied = 0, signals = 0;
  for (const crossbar::OuterProduct& product : products) {
    core::for_slices(out.rows(), row_slice, static_cast<double>(product.d.size()),
                     [&](core::Index begin, core::Index end) noexcept {
      out.middleRows(begin, end - begin).noalias() +=
          static_cast<float>(product.rate) * product.x.middleCols(begin, end - begin).transpose() *
          product.d;
    });
    multiplied += static_cast<double>(product.x.rows() * out.size());
    signals += static_cast<double>(product.x.size() + product.d.size());
  }
  cost::Edge& edge = network_.edge();
  edge.multiplies(component_, multiplied, edge_bits);
  edge.adds(component_, multiplied + signals, edge_bits);
  edge.buffers(component_, signals, 0, edge_bits);
  return out;
}

/// The same at crossings alone: 1 × weights.
core::Matrix Centring::sum_along_edges(const crossbar::Crossings& at,
                                       std::span<const crossbar::OuterProduct> products) {
  core::Matrix out = core::Matrix::Zero(1, at.size());
  double multiplied = 0, signals = 0;
  for (const crossbar::OuterProduct& product : products) {
    const core::Matrix rows = product.x.transpose(), cols = product.d.transpose();
    const auto rate = static_cast<float>(product.rate);
    core::for_slices(at.size(), row_slice, static_cast<double>(rows.cols()),
                     [&](core::Index begin, core::Index end) noexcept {
      for (core::Index e = begin; e < end; ++e) {
        const auto k = static_cast<std::size_t>(e);
        out(0, e) += rate * rows.row(at.row[k]).dot(cols.row(at.col[k]));
      }
    });
    multiplied += static_cast<double>(product.x.rows() * out.size());
    signals += static_cast<double>(product.x.size() + product.d.size());
  }
  cost::Edge& edge = network_.edge();
  edge.multiplies(component_, multiplied, edge_bits);
  edge.adds(component_, multiplied + signals, edge_bits);
  edge.buffers(component_, signals, 0, edge_bits);
  return out;
}

void Centring::shift_biases(std::size_t coupling, const core::Matrix& change) {
  const CouplingPlan& plan = network_.plan().couplings[coupling];
  const core::Vector &of_rows = offsets_[plan.rows], &of_cols = offsets_[plan.cols];
  if (plan.crossings) {
    const crossbar::Crossings& at = *plan.crossings;
    for (core::Index e = 0; e < at.size(); ++e) {
      const auto k = static_cast<std::size_t>(e);
      network_.bias(plan.rows)[at.row[k]] -= change(0, e) * of_cols[at.col[k]];
      network_.bias(plan.cols)[at.col[k]] -= change(0, e) * of_rows[at.row[k]];
    }
  } else {
    const bool everywhere = plan.edges.size() == 0;
    const core::Matrix of_cells = everywhere ? change : change.cwiseProduct(plan.edges);
    network_.bias(plan.rows) -= of_cols * of_cells.transpose();
    network_.bias(plan.cols) -= of_rows * of_cells;
  }
  const auto registers = static_cast<double>(of_rows.size() + of_cols.size());
  const double numbers = weights_of(network_.plan(), plan);
  cost::Edge& edge = network_.edge();
  edge.multiplies(component_, 2 * numbers, edge_bits);
  edge.adds(component_, 2 * numbers + registers, edge_bits);
  edge.buffers(component_, 2 * registers, registers, edge_bits);
}

void Centring::state(core::Archive& archive) {
  archive.item("begun", begun_);
  for (std::size_t l = 0; l < offsets_.size(); ++l)
    archive.item(fmt::format("layer{}", l), offsets_[l]);
}

}  // namespace ohmlab::ebm
