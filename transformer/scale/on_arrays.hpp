#pragma once

#include "../../cost/array_work.hpp"
#include "../../cost/tally.hpp"
#include "weight_matrices.hpp"

/// A transformer whose weight matrices are kept and trained in resistive arrays: an analytic tally,
/// no simulation. No transformer has been trained in this way. The tally does not show that it
/// would learn.
///
/// One token: every matrix is read forward, read transposed with the gradient of its outputs, and
/// written by stochastic pulses. Their coincidences are the outer product (Gokmen & Vlasov, Front.
/// Neurosci. 10, 333 (2016)). Scores, norms, nonlinearities and the loss are digital, at the edge.
/// Pulses are the only optimizer: no momentum, no second moment.
namespace ohmlab::scale {

/// Parts of the arrays, and their average drive.
struct ArrayHardware {
  cost::ArrayParts parts;  ///< parts of one array; `lanes` are those of one tile
  /// Copies of every matrix, which divide the reads of a batch and get all updates.
  double copies = 1;
  double conductance = 0;  ///< mean conductance of a cell, S
  double heat = 0.1;       ///< heat of an input: Σ over the slices of ∫ v i/g dt, in full scale
  double swing = 0.1;      ///< Σ over the slices of an input's squared voltage steps
  double slots = 10;       ///< slots of the pulse trains of one update
  /// Shares of the slots in which a row, a column is pulsed.
  double row_share = 0.1, col_share = 0.1;
  double query_block = 64;  ///< queries that share one pass over keys and values
};

/// Posts one read of a matrix, exactly as `crossbar::AnalogArray` does for one vector with the
/// hardware's average heat and swing per input.
/// \param times   number of reads
/// \param serial  number of reads one after another
/// \param lanes   lanes of logic at the edge of this matrix
void post_matrix_read(const ArrayHardware& array, double inputs, double outputs, bool transposed,
                      double times, double serial, double lanes, cost::Tally::Component component,
                      cost::Tally& tally);
/// Posts one rank-one update in the same way; every copy of the matrix gets it.
void post_matrix_update(const ArrayHardware& array, double rows, double cols, double times,
                        double serial, double lanes, cost::Tally::Component component,
                        cost::Tally& tally);

/// Posts the training of a model on `tokens` tokens, in sequences of its length, and all parts that
/// it needs.
///
/// Time: matrices lie side by side and tokens follow one another through them. A token takes as
/// long as the slowest matrix needs to read forward, read back and be written. Digital layers are
/// overlapped: they hold enough lanes to finish in the steps that one lane of that matrix has.
/// Nothing within a matrix is pipelined. Copies of a matrix divide the tokens of a sequence among
/// them in reads; each is written with every token.
///
/// Tiles of all matrices lie on one mesh, those of a matrix in a square and each matrix beside the
/// one before. Its inputs travel half a side of that square and half of its own, while others are
/// read. Left out: the update of the input embedding, one row of h a token.
void post_training_on_arrays(const ModelShape& model, const ArrayHardware& array, double tokens,
                             cost::Tally& tally);

/// Mean number of pulses that a cell of the busiest matrices gets in training on `tokens` tokens.
[[nodiscard]] double pulses_per_cell(const ModelShape& model, const ArrayHardware& array,
                                     double tokens);

}  // namespace ohmlab::scale
