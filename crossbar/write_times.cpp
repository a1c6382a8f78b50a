#include "write_times.hpp"

#include <algorithm>
#include <limits>
#include <unordered_map>

namespace ohmlab::crossbar {
namespace {

/// An update adds one time and tidying visits every cell: once for so many updates, its cost is
/// small beside theirs.
std::size_t room(core::Index cells, std::size_t used) {
  return std::max<std::size_t>({64, static_cast<std::size_t>(cells / 16), 2 * used});
}

}  // namespace

WriteTimes::WriteTimes(core::Index rows, core::Index cols)
    : places_(CellNumbers::Zero(rows, cols)), times_{0}, most_(room(rows * cols, 1)) {}

std::uint32_t WriteTimes::places_of(const std::vector<double>& times) {
  if (times_.size() + times.size() > most_) tidy();
  const auto first = static_cast<std::uint32_t>(times_.size());
  times_.insert(times_.end(), times.begin(), times.end());
  return first;
}

void WriteTimes::tidy() {
  constexpr std::uint32_t unused = std::numeric_limits<std::uint32_t>::max();
  std::vector<std::uint32_t> moved(times_.size(), unused);
  std::vector<double> kept;
  for (std::uint32_t& place : places_.reshaped<Eigen::RowMajor>()) {
    std::uint32_t& to = moved[place];
    if (to == unused) {
      to = static_cast<std::uint32_t>(kept.size());
      kept.push_back(times_[place]);
    }
    place = to;
  }
  times_ = std::move(kept);
  most_ = room(places_.size(), times_.size());
}

void WriteTimes::state(core::Archive& archive) {
  core::MatrixD written = places_.unaryExpr([&](std::uint32_t place) { return times_[place]; });
  archive.item("written", written);
  if (!archive.restores()) return;
  std::unordered_map<double, std::uint32_t> found;
  times_.clear();
  for (core::Index k = 0; k < written.size(); ++k) {
    const auto next = static_cast<std::uint32_t>(times_.size());
    const auto [entry, fresh] = found.emplace(written.data()[k], next);
    if (fresh) times_.push_back(written.data()[k]);
    places_.data()[k] = entry->second;
  }
  most_ = room(places_.size(), times_.size());
}

double WriteTimes::bytes() const noexcept {
  return static_cast<double>(places_.size()) * sizeof(std::uint32_t) +
         static_cast<double>(times_.size()) * sizeof(double);
}

}  // namespace ohmlab::crossbar
