#include "difference.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "../core/parallel.hpp"
#include "states.hpp"

namespace ohmlab::ebm {
namespace {

constexpr core::Index row_slice = 64;  // fixed: results do not depend on the number of threads
constexpr double sum_bits = 24;        // holds a sum of 256 numbers of edge_bits bits

float share_of(double scale, core::Index examples) {
  return static_cast<float>(scale) / static_cast<float>(examples);
}

}  // namespace

Difference::Difference(cost::Edge& edge, const NetworkPlan& plan, double momentum)
    : edge_(edge), component_(edge.tally().component("difference")), momentum_(momentum) {
  double numbers = 0, widest = 0;
  for (const CouplingPlan& coupling : plan.couplings) {
    const core::Index rows = plan.layers[coupling.rows].units,
                      cols = plan.layers[coupling.cols].units;
    crossings_.push_back(coupling.crossings);
    if (coupling.crossings) {
      const std::vector<core::Index>& before = coupling.crossings->to_rows.before;
      weights_.push_back(core::Matrix::Zero(1, coupling.crossings->size()));
      for (std::size_t row = 1; row < before.size(); ++row)
        widest = std::max(widest, static_cast<double>(before[row] - before[row - 1]));
    } else {
      weights_.push_back(core::Matrix::Zero(rows, cols));
      widest = std::max(widest, static_cast<double>(cols));
    }
    numbers += static_cast<double>(weights_.back().size());
  }
  for (const LayerPlan& layer : plan.layers) {
    biases_.push_back(core::Vector::Zero(layer.units));
    numbers += static_cast<double>(layer.units);
  }
  edge_.holds(component_, momentum > 0 ? numbers * edge_bits : widest * sum_bits);
}

/// Where one side is 1 throughout, the signals of the other are summed before they are spread.
Difference::Stacked Difference::stacked(const std::vector<Product>& products) {
  core::Index factors = 0;
  for (const Product& product : products)
    factors += product.all_rows || product.all_cols ? 1 : product.rows.rows();
  Stacked out{core::Matrix(factors, products[0].rows.cols()),
              core::Matrix(factors, products[0].cols.cols())};
  core::Index at = 0;
  for (const Product& product : products) {
    const float share = share_of(product.scale, product.rows.rows());
    if (product.all_rows || product.all_cols) {
      out.rows.row(at) = product.rows.colwise().sum();
      out.cols.row(at) = share * product.cols.colwise().sum();
      // The side that is 1 throughout was summed too.
      out.cols.row(at++) /= static_cast<float>(product.rows.rows());
    } else {
      out.rows.middleRows(at, product.rows.rows()) = product.rows;
      out.cols.middleRows(at, product.rows.rows()) = share * product.cols;
      at += product.rows.rows();
    }
  }
  return out;
}

void Difference::form(const std::vector<std::vector<Product>>& products,
                      const std::vector<std::vector<Sum>>& sums) {
  const auto keep = static_cast<float>(momentum_);
  double numbers = 0, registers = 0;
  for (std::size_t c = 0; c < weights_.size(); ++c) {
    core::Matrix& weights = weights_[c];
    numbers += static_cast<double>(weights.size());
    if (crossings_[c]) {
      form_along_edges(c, products[c]);
      continue;
    }
    const auto work = static_cast<double>(products[c][0].cols.size());
    const bool many = products[c].size() > 2;
    const Stacked all = many ? stacked(products[c]) : Stacked{};
    core::for_slices(weights.rows(), row_slice, work,
                     [&](core::Index begin, core::Index end) noexcept {
      auto rows = weights.middleRows(begin, end - begin);
      rows *= keep;
      if (many) {
        rows.noalias() += all.rows.middleCols(begin, end - begin).transpose() * all.cols;
        return;
      }
      for (const Product& product : products[c]) {
        rows.noalias() += share_of(product.scale, product.rows.rows()) *
                          product.rows.middleCols(begin, end - begin).transpose() * product.cols;
      }
    });
  }
  for (std::size_t l = 0; l < biases_.size(); ++l) {
    biases_[l] *= keep;
    for (const Sum& sum : sums[l]) {
      if (sum.units)
        biases_[l] += share_of(sum.scale, sum.units->rows()) * sum.units->colwise().sum();
    }
    registers += static_cast<double>(biases_[l].size());
  }
  numbers += registers;

  const std::size_t pieces = sums[0].size();
  for (std::size_t piece = 0; piece < pieces; ++piece) post(piece, products, sums);
  if (pieces > 1)  // sum of the phases' means
    edge_.adds(component_, static_cast<double>(pieces - 1) * numbers, sum_bits);
  edge_.multiplies(component_, numbers, edge_bits);  // product with the rate
  edge_.buffers(component_, registers, registers, edge_bits);
  if (momentum_ > 0) {
    edge_.multiplies(component_, numbers, edge_bits);
    edge_.adds(component_, numbers, edge_bits);
    edge_.buffers(component_, numbers, numbers, edge_bits);
  }
}

/// The same sums at the crossings alone, of all products as one.
void Difference::form_along_edges(std::size_t coupling, const std::vector<Product>& products) {
  const Stacked all = stacked(products);
  // A line's numbers one after the other.
  const core::Matrix rows = all.rows.transpose(), cols = all.cols.transpose();
  const auto keep = static_cast<float>(momentum_);
  const crossbar::Crossings& at = *crossings_[coupling];
  core::Matrix& weights = weights_[coupling];
  core::for_slices(weights.cols(), row_slice, static_cast<double>(rows.cols()),
                   [&](core::Index begin, core::Index end) noexcept {
    for (core::Index e = begin; e < end; ++e) {
      const auto k = static_cast<std::size_t>(e);
      weights(0, e) = keep * weights(0, e) + rows.row(at.row[k]).dot(cols.row(at.col[k]));
    }
  });
}

const core::Matrix& Difference::scaled(std::size_t coupling, double rate) {
  const core::Matrix& weights = weights_[coupling];
  scaled_.resize(weights.rows(), weights.cols());
  core::for_slices(weights.rows(), row_slice, static_cast<double>(weights.cols()),
                   [&](core::Index begin, core::Index end) noexcept {
    scaled_.middleRows(begin, end - begin) =
        static_cast<float>(rate) * weights.middleRows(begin, end - begin);
  });
  return scaled_;
}

void Difference::state(core::Archive& archive) {
  if (momentum_ == 0) return;
  for (std::size_t c = 0; c < weights_.size(); ++c)
    archive.item(fmt::format("weights{}", c), weights_[c]);
  for (std::size_t l = 0; l < biases_.size(); ++l)
    archive.item(fmt::format("bias{}", l), biases_[l]);
}

/// Numbers that are added up where row signals are 0 or 1: one for each weight of a row that is 1.
double Difference::sums_where_on(std::size_t coupling, const Product& product) const {
  if (!crossings_[coupling])
    return static_cast<double>(product.rows.sum()) * static_cast<double>(product.cols.cols());
  const core::Vector on = product.rows.colwise().sum();
  const std::vector<core::Index>& before = crossings_[coupling]->to_rows.before;
  double sum = 0;
  for (core::Index row = 0; row < on.size(); ++row) {
    const auto r = static_cast<std::size_t>(row);
    sum += static_cast<double>(on[row]) * static_cast<double>(before[r + 1] - before[r]);
  }
  return sum;
}

/// Posts the sums over one piece. If row signals are 0 or 1, edge logic adds the column signals
/// where they are 1, each read from its buffer. Otherwise it multiplies first. An accelerator
/// multiplies matrices.
void Difference::post(std::size_t piece, const std::vector<std::vector<Product>>& products,
                      const std::vector<std::vector<Sum>>& sums) {
  double biases = 0;
  for (const std::vector<Sum>& of_layer : sums) {
    if (of_layer[piece].units) biases += static_cast<double>(of_layer[piece].units->size());
  }
  double added = 0, multiplied = 0, written = 0;
  for (std::size_t c = 0; c < products.size(); ++c) {
    const Product& product = products[c][piece];
    const auto cells = static_cast<double>(weights_[c].size());
    const double all = static_cast<double>(product.rows.rows()) * cells;
    written += cells;
    if (product.all_rows || product.all_cols) {
      added +=
          static_cast<double>(product.all_rows ? product.cols.size() : product.rows.size()) + cells;
      continue;
    }
    const bool skips = edge_.own_logic() && product.binary_rows;
    added += skips ? sums_where_on(c, product) : all;
    multiplied += skips ? 0 : all;
  }
  if (edge_.own_logic()) {
    if (multiplied > 0) edge_.multiplies(component_, multiplied, edge_bits);
    edge_.adds(component_, added + biases, sum_bits);
    edge_.buffers(component_, added + biases, 0, edge_bits);
  } else {
    edge_.multiplies(component_, multiplied, edge_bits);
    edge_.adds(component_, added + biases, edge_bits);
    edge_.buffers(component_, biases, written, 32);
  }
}

}  // namespace ohmlab::ebm
