#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "../core/matrix.hpp"

namespace ohmlab::crossbar {

/// Weights that feed each line of one side, in blocks of 16 lines. Entry (k, lane) of a block is
/// weight number k of one line; a block is as deep as its line with the most weights (sliced
/// ELLPACK: Monakov, Lokhmotov & Avetisyan, HiPEAC 2010, LNCS 5952, 111).
struct Gather {
  static constexpr core::Index lanes = 16;
  static constexpr std::uint32_t none = ~std::uint32_t{0};

  core::Index outputs = 0;
  std::vector<core::Index> first;     ///< first entry of each block, and the end of the last one
  std::vector<std::uint32_t> inputs;  ///< line that an entry takes its number from; padding: 0
  std::vector<std::uint32_t> edges;   ///< number of the weight of an entry; padding: none
  std::vector<core::Index> before;    ///< weights of all lines before each line, and of all lines
};

/// Crossings of a matrix that have a weight, if most have none. They are numbered row after row.
/// Memory is in proportion to their number and to the lines, never to their product.
struct Crossings {
  core::Index rows = 0, cols = 0;
  std::vector<std::uint32_t> row, col;  ///< of each crossing, in ascending order
  Gather to_cols, to_rows;              ///< inputs of a line in ascending order
  /// True if places follow from no rule: digital machines read them from a list.
  bool listed = true;

  /// \param at  row and column of each crossing, each pair once, in ascending order
  /// \pre fewer than 2^32 crossings and lines
  [[nodiscard]] static Crossings of(core::Index rows, core::Index cols,
                                    const std::vector<std::pair<core::Index, core::Index>>& at,
                                    bool listed);

  [[nodiscard]] core::Index size() const noexcept { return static_cast<core::Index>(row.size()); }
  /// 1 at the crossings, 0 elsewhere.
  [[nodiscard]] core::Matrix dense() const;
};

}  // namespace ohmlab::crossbar
