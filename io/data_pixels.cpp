#include "data_pixels.hpp"

#include <fmt/format.h>

#include "../core/errors.hpp"

namespace ohmlab::io {
namespace {

std::vector<std::int32_t> pixels_of(const core::ConstRows& images) {
  std::vector<std::int32_t> out;
  out.reserve(static_cast<std::size_t>(images.size()));
  for (core::Index i = 0; i < images.rows(); ++i) {
    for (core::Index j = 0; j < images.cols(); ++j) out.push_back(images(i, j) > 0.5F ? 1 : 0);
  }
  return out;
}

}  // namespace

SequenceSet PixelSequences::load() const {
  const Dataset data = images.load();
  const core::Index left = data.train.rows() - validation;
  if (left < 1) {
    throw core::UserError(
        {}, "data.validation", std::to_string(validation),
        fmt::format("expected less than the {} training images", data.train.rows()));
  }
  return {3,
          data.train.cols(),
          pixels_of(data.train.topRows(left)),
          pixels_of(data.train.bottomRows(validation)),
          pixels_of(data.test),
          data.digest};
}

}  // namespace ohmlab::io
