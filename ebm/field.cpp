#include "field.hpp"

namespace ohmlab::ebm {

void read_feed(const Feed& feed, cost::Edge& edge, cost::Tally::Component component,
               core::Matrix& y) {
  const auto scale = static_cast<float>(feed.full_scale);
  // Digital machines have no drivers to scale for.
  if (scale == 1 || feed.array.edge().machine() != cost::Machine::array) {
    feed.array.read(feed.direction, feed.inputs, y);
  } else {
    const core::Matrix scaled = feed.inputs / scale;
    feed.array.read(feed.direction, scaled, y);
    y *= scale;
    edge.multiplies(component, static_cast<double>(y.size()), edge_bits);
  }
  if (feed.offset == 0) return;
  y.colwise() += static_cast<float>(feed.offset) * feed.inputs.rowwise().sum();
  edge.adds(component, static_cast<double>(feed.inputs.size() + y.size()), edge_bits);
  edge.multiplies(component, static_cast<double>(y.rows()), edge_bits);
}

void read_feeds(const Field& field, core::Matrix& y) {
  y.resize(field.batch(), field.units());
  if (field.held) y = *field.held;
  for (std::size_t f = 0; f < field.feeds.size(); ++f) {
    if (f == 0 && !field.held) {
      read_feed(field.feeds[f], field.edge, field.component, y);
      continue;
    }
    core::Matrix more(y.rows(), y.cols());
    read_feed(field.feeds[f], field.edge, field.component, more);
    y += more;
    field.edge.adds(field.component, static_cast<double>(y.size()), edge_bits);
  }
}

}  // namespace ohmlab::ebm
