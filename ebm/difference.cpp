#include "ohmlab/ebm/difference.hpp"

#include "ohmlab/core/parallel.hpp"
#include "ohmlab/ebm/reading.hpp"

namespace ohmlab::ebm {
namespace {

constexpr core::Index row_slice = 64;  // fixed: results do not depend on the number of threads
constexpr double sum_bits = 24;        // holds a sum of 256 numbers of edge_bits bits

}  // namespace

Difference::Difference(cost::Edge& edge, core::Index visible, core::Index hidden, double momentum)
    : edge_(edge),
      component_(edge.tally().component("difference")),
      momentum_(momentum),
      weights_(core::Matrix::Zero(visible, hidden)),
      visible_(core::Vector::Zero(visible)),
      hidden_(core::Vector::Zero(hidden)) {
  const auto numbers = static_cast<double>(visible * hidden + visible + hidden);
  edge_.holds(component_, momentum > 0 ? numbers * edge_bits : static_cast<double>(hidden) * sum_bits);
}

void Difference::form(const Phase& data, const Phase& model) {
  const auto keep = static_cast<float>(momentum_);
  const float of_data = 1.0F / static_cast<float>(data.visible.rows()),
              of_model = 1.0F / static_cast<float>(model.visible.rows());
  core::for_slices(weights_.rows(), row_slice, static_cast<double>(data.hidden.size()),
                   [&](core::Index begin, core::Index end) noexcept {
    auto rows = weights_.middleRows(begin, end - begin);
    rows *= keep;
    rows.noalias() += of_data * data.visible.middleCols(begin, end - begin).transpose() * data.hidden;
    rows.noalias() -= of_model * model.visible.middleCols(begin, end - begin).transpose() * model.hidden;
  });
  visible_ =
      keep * visible_ + of_data * data.visible.colwise().sum() - of_model * model.visible.colwise().sum();
  hidden_ = keep * hidden_ + of_data * data.hidden.colwise().sum() - of_model * model.hidden.colwise().sum();

  post(data);
  post(model);
  const auto numbers = static_cast<double>(weights_.size() + visible_.size() + hidden_.size());
  edge_.adds(component_, numbers, sum_bits);         // one phase's mean from the other's
  edge_.multiplies(component_, numbers, edge_bits);  // by the rate
  const auto registers = static_cast<double>(visible_.size() + hidden_.size());
  edge_.buffers(component_, registers, registers, edge_bits);
  if (momentum_ > 0) {
    edge_.multiplies(component_, numbers, edge_bits);
    edge_.adds(component_, numbers, edge_bits);
    edge_.buffers(component_, numbers, numbers, edge_bits);
  }
}

void Difference::state(core::Archive& archive) {
  if (momentum_ == 0) return;
  archive.item("weights", weights_);
  archive.item("visible", visible_);
  archive.item("hidden", hidden_);
}

/// The sums over one phase. Visible states are 0 or 1: logic of its own adds the hidden activities where they
/// are 1, each read from its buffer; an accelerator multiplies matrices.
void Difference::post(const Phase& phase) {
  const auto hidden = static_cast<double>(phase.hidden.cols());
  const auto biases = static_cast<double>(phase.visible.size() + phase.hidden.size());
  if (edge_.place() == cost::Edge::Place::array) {
    const double sums = static_cast<double>(phase.visible.sum()) * hidden;
    edge_.adds(component_, sums + biases, sum_bits);
    edge_.buffers(component_, sums + biases, 0, edge_bits);
  } else {
    const auto products = static_cast<double>(phase.visible.size()) * hidden;
    edge_.multiplies(component_, products, edge_bits);
    edge_.adds(component_, products + biases, edge_bits);
    edge_.buffers(component_, biases, static_cast<double>(weights_.size()), 32);
  }
}

}  // namespace ohmlab::ebm
