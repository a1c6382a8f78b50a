#include "crossings.hpp"

#include <algorithm>
#include <span>

namespace ohmlab::crossbar {
namespace {

using core::Index;

/// \param line   line of each crossing on the side that is read
/// \param input  line of each crossing on the driven side; ascending for each line read
Gather gather_of(Index outputs, std::span<const std::uint32_t> line,
                 std::span<const std::uint32_t> input) {
  Gather out{.outputs = outputs, .first = {0}, .inputs = {}, .edges = {}, .before = {}};
  out.before.assign(static_cast<std::size_t>(outputs) + 1, 0);
  for (const std::uint32_t j : line) ++out.before[j + 1];
  for (std::size_t j = 1; j < out.before.size(); ++j) out.before[j] += out.before[j - 1];
  for (Index begin = 0; begin < outputs; begin += Gather::lanes) {
    Index depth = 0;
    for (Index j = begin; j < std::min(begin + Gather::lanes, outputs); ++j) {
      const auto at = static_cast<std::size_t>(j);
      depth = std::max(depth, out.before[at + 1] - out.before[at]);
    }
    out.first.push_back(out.first.back() + depth * Gather::lanes);
  }
  out.inputs.assign(static_cast<std::size_t>(out.first.back()), 0);
  out.edges.assign(out.inputs.size(), Gather::none);
  std::vector<Index> used(static_cast<std::size_t>(outputs), 0);
  for (std::size_t e = 0; e < line.size(); ++e) {
    const auto j = static_cast<Index>(line[e]);
    const Index entry = out.first[static_cast<std::size_t>(j / Gather::lanes)] +
                        used[line[e]]++ * Gather::lanes + j % Gather::lanes;
    out.inputs[static_cast<std::size_t>(entry)] = input[e];
    out.edges[static_cast<std::size_t>(entry)] = static_cast<std::uint32_t>(e);
  }
  return out;
}

}  // namespace

Crossings Crossings::of(Index rows, Index cols, const std::vector<std::pair<Index, Index>>& at,
                        bool listed) {
  Crossings out;
  out.rows = rows;
  out.cols = cols;
  out.listed = listed;
  for (const auto& [i, j] : at) {
    out.row.push_back(static_cast<std::uint32_t>(i));
    out.col.push_back(static_cast<std::uint32_t>(j));
  }
  out.to_cols = gather_of(cols, out.col, out.row);
  out.to_rows = gather_of(rows, out.row, out.col);
  return out;
}

core::Matrix Crossings::dense() const {
  core::Matrix out = core::Matrix::Zero(rows, cols);
  for (std::size_t e = 0; e < row.size(); ++e) out(row[e], col[e]) = 1;
  return out;
}

}  // namespace ohmlab::crossbar
