#pragma once

#include "machine.hpp"
#include "tally.hpp"

namespace ohmlab::cost {

/// The digital logic beside the weights: sigmoids, random numbers, additions, registers.
///
/// An array or a digital chip has its own logic, `lanes` wide, which posts `edge_*` and `buffer_*`
/// actions. For weights in a digital accelerator the same work runs there and posts float
/// operations and bytes.
class Edge {
 public:
  /// Float operations that stand for one logistic function and one random word on an accelerator.
  /// Philox4x32-10 takes about 100 integer operations for four words (Salmon et al., SC'11), at
  /// half the float rate. An exponential and a division take a few operations of a special unit, at
  /// a quarter of the float rate.
  static constexpr double flops_per_sigmoid = 10, flops_per_random_word = 50;

  Edge(Tally& tally, Machine machine, double lanes)
      : tally_(&tally), machine_(machine), lanes_(lanes) {}

  void sigmoids(Tally::Component component, double count);
  void random_words(Tally::Component component, double count, double bits);
  void adds(Tally::Component component, double count, double bits);
  void multiplies(Tally::Component component, double count, double bits);
  /// Bits brought to a chip from main memory while it works on earlier ones. At an accelerator
  /// they are among the inputs of its products.
  void fetches(Tally::Component component, double bits);
  /// Words of `bits` bits read from and written to registers or buffers.
  void buffers(Tally::Component component, double words_read, double words_written, double bits);

  /// Starts one product or update on an accelerator. Work on its results is started with it, and
  /// the control of a chip starts nothing.
  void launches(Tally::Component component);

  /// Declares bits that the component keeps, in buffers or in the memory of an accelerator.
  void holds(Tally::Component component, double bits);

  [[nodiscard]] Tally& tally() const noexcept { return *tally_; }
  [[nodiscard]] Machine machine() const noexcept { return machine_; }
  /// True if the logic stands beside the weights; false if an accelerator does its work.
  [[nodiscard]] bool own_logic() const noexcept { return machine_ != Machine::accelerator; }

 private:
  void post(Tally::Component component, Action at_array, double count, double bits,
            double flops_each);

  Tally* tally_;
  Machine machine_;
  double lanes_;
};

}  // namespace ohmlab::cost
