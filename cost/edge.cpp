#include "edge.hpp"

namespace ohmlab::cost {

void Edge::post(Tally::Component component, Action at_array, double count, double bits,
                double flops_each) {
  if (own_logic()) {
    tally_->post(component, at_array,
                 {.count = count, .serial = count / lanes_, .parameter = bits});
  } else {
    const double flops = count * flops_each;
    tally_->post(component, Action::flop_fp32, {.count = flops, .serial = flops});
  }
}

void Edge::sigmoids(Tally::Component component, double count) {
  post(component, Action::edge_sigmoid, count, 0, flops_per_sigmoid);
}

void Edge::random_words(Tally::Component component, double count, double bits) {
  post(component, Action::edge_random_word, count, bits, flops_per_random_word);
}

void Edge::adds(Tally::Component component, double count, double bits) {
  post(component, Action::edge_add, count, bits, 1);
}

void Edge::multiplies(Tally::Component component, double count, double bits) {
  post(component, Action::edge_multiply, count, bits, 1);
}

void Edge::fetches(Tally::Component component, double bits) {
  if (own_logic()) tally_->post(component, Action::memory_read, {.count = bits / 8});
}

void Edge::buffers(Tally::Component component, double words_read, double words_written,
                   double bits) {
  const bool own = own_logic();
  const double unit =
      own ? bits : bits / 8;  // a buffer is priced by the bit, an accelerator's memory by the byte
  const double overlap = own ? lanes_ * bits : 1;
  const double read = words_read * unit, written = words_written * unit;
  if (read > 0) {
    tally_->post(component, own ? Action::buffer_read : Action::memory_read,
                 {.count = read, .serial = read / overlap});
  }
  if (written > 0) {
    tally_->post(component, own ? Action::buffer_write : Action::memory_write,
                 {.count = written, .serial = written / overlap});
  }
}

void Edge::launches(Tally::Component component) {
  if (!own_logic()) tally_->post(component, Action::kernel_launch, {.count = 1, .serial = 1});
}

void Edge::holds(Tally::Component component, double bits) {
  if (bits <= 0) return;
  if (own_logic()) {
    tally_->hold(component, Part::buffer_bit, bits);
  } else {
    tally_->hold(component, Part::memory_byte, bits / 8);
  }
}

}  // namespace ohmlab::cost
