#include "data_idx.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "../core/errors.hpp"
#include "../core/hash.hpp"
#include "idx.hpp"

namespace ohmlab::io {
namespace {

std::string shape_text(const std::vector<std::uint32_t>& shape) {
  return fmt::format("{}", fmt::join(shape, " x "));
}

std::filesystem::path file_of(const core::DataPath& folder, const std::string& stem) {
  if (folder.resolved.empty()) {
    throw core::UserError(folder.where, folder.key, "\"" + folder.text + "\"",
                          "no such folder beside the config that names it, nor below $OHMLAB_DATA");
  }
  const auto packed = folder.resolved / (stem + ".gz");
  std::error_code ignored;  // opening the file reports the reason
  return std::filesystem::exists(packed, ignored) ? packed : folder.resolved / stem;
}

struct Part {
  core::Matrix examples;
  std::vector<std::uint8_t> labels;
  std::uint32_t height = 0, width = 0;
};

Part load_part(const IdxImages& data, const std::string& stem, std::int64_t limit,
               core::Sha256& digest) {
  const auto image_file = file_of(data.folder, stem + "-images-idx3-ubyte");
  const auto label_file = file_of(data.folder, stem + "-labels-idx1-ubyte");
  const IdxArray images = read_idx(image_file);
  const IdxArray labels = read_idx(label_file);
  if (images.shape.size() != 3 || images.values.empty()) {
    throw core::UserError(image_file, "images in three dimensions (count x height x width)",
                          "shape " + shape_text(images.shape));
  }
  if (labels.shape.size() != 1 || labels.shape[0] != images.shape[0]) {
    throw core::UserError(label_file, fmt::format("{} labels, one for each image", images.shape[0]),
                          "shape " + shape_text(labels.shape));
  }
  digest.add(std::as_bytes(std::span(images.values))).add(std::as_bytes(std::span(labels.values)));

  const std::int64_t all = images.shape[0], count = limit > 0 ? std::min(limit, all) : all;
  Part part{core::Matrix(count, core::Index{images.shape[1]} * images.shape[2]),
            {labels.values.begin(), labels.values.begin() + count},
            images.shape[1],
            images.shape[2]};
  std::transform(images.values.begin(), images.values.begin() + part.examples.size(),
                 part.examples.data(), [&](std::uint8_t pixel) {
    if (pixel < data.threshold) return 0.0F;
    return data.white ? std::min(1.0F, static_cast<float>(pixel) / static_cast<float>(*data.white))
                      : 1.0F;
  });
  return part;
}

}  // namespace

Dataset IdxImages::load() const {
  core::Sha256 digest;
  Part train = load_part(*this, "train", train_examples, digest);
  Part test = load_part(*this, "t10k", test_examples, digest);
  if (train.height != test.height || train.width != test.width) {
    throw core::UserError(
        folder.resolved,
        fmt::format("test images of {} x {} pixels, as in training", train.height, train.width),
        fmt::format("{} x {}", test.height, test.width));
  }
  return {std::move(train.examples),
          std::move(test.examples),
          std::move(train.labels),
          std::move(test.labels),
          train.height,
          train.width,
          digest.hex(),
          !white};
}

}  // namespace ohmlab::io
