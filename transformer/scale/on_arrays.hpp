#pragma once

#include "../../cost/array_work.hpp"
#include "../../cost/tally.hpp"
#include "weight_matrices.hpp"

/// A transformer whose weight matrices rest in resistive arrays and are trained there: an analytic
/// tally, no simulation. Nobody has trained one so; whether it would learn is not asked here.
///
/// One token: every matrix is read forward, read transposed with the gradient of its outputs, and
/// written by stochastic pulses whose coincidences are the outer product (Gokmen & Vlasov, Front.
/// Neurosci. 10, 333 (2016)). Scores, norms, nonlinearities and the loss are digital, at the edge.
/// There is no optimizer beside the pulses: no momentum, no second moment.
namespace ohmlab::scale {

/// The parts of the arrays, and how hard they are driven on average.
struct ArrayHardware {
  cost::ArrayParts parts;  ///< of one; `lanes` are those of one tile
  double copies = 1;  ///< of every matrix, which divide the reads of a batch and get all updates
  double conductance = 0;  ///< S, mean of a cell
  double heat = 0.1;       ///< Σ over the slices of ∫ v i/g dt of an input, in full scale
  double swing = 0.1;      ///< Σ over the slices of an input's squared steps of voltage
  double slots = 10;       ///< of the pulse trains of one update
  double row_share = 0.1, col_share = 0.1;  ///< of the slots in which a row, a column is pulsed
  double query_block = 64;                  ///< queries that share one pass over keys and values
};

/// What reading one matrix once posts, forward: exactly what `crossbar::AnalogArray` posts for one
/// vector whose inputs heat and swing as the hardware's do on average.
/// \param times   how often it happens
/// \param serial  how often one after another
/// \param lanes   of logic at the edge of this matrix
void post_matrix_read(const ArrayHardware& array, double inputs, double outputs, bool transposed,
                      double times, double serial, double lanes, cost::Tally::Component component,
                      cost::Tally& tally);
/// The same for one rank-one update, which every copy of the matrix gets.
void post_matrix_update(const ArrayHardware& array, double rows, double cols, double times,
                        double serial, double lanes, cost::Tally::Component component,
                        cost::Tally& tally);

/// Posts the training of a model on so many tokens, in sequences of its length, with everything it
/// is made of.
///
/// Time: matrices lie side by side and tokens follow one another through them, so that a token
/// takes as long as the slowest matrix needs to read forward, read back and be written. Digital
/// layers are overlapped: they hold as many lanes as it takes to do their operations in the steps
/// that one lane of that matrix has. Nothing within a matrix is pipelined. Copies of a matrix
/// divide the tokens of a sequence among them when they are read; each is written with every token.
/// Tiles of all matrices lie on one mesh, those of a matrix in a square and each matrix beside the
/// one before: its inputs come from half a side away and half its own side on, and travel while
/// others are read. Left out: the update of the input embedding, one row of h a token.
void post_training_on_arrays(const ModelShape& model, const ArrayHardware& array, double tokens,
                             cost::Tally& tally);

/// Pulses that a cell of the busiest matrices gets in training on so many tokens, on average.
[[nodiscard]] double pulses_per_cell(const ModelShape& model, const ArrayHardware& array,
                                     double tokens);

}  // namespace ohmlab::scale
