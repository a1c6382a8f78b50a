#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "../core/fields.hpp"
#include "dataset.hpp"

namespace ohmlab::io {

/// Images in the four files of MNIST and its successors, made binary at a threshold or kept gray.
struct IdxImages {
  static constexpr std::string_view name = "idx";
  static constexpr std::string_view summary =
      "Images in the four IDX files of MNIST and its successors, black or white at a threshold, or "
      "gray.";
  static constexpr std::string_view equation =
      "v_i = [pixel_i >= threshold], times min(pixel_i/white, 1) if white is given";
  static constexpr std::string_view source =
      "LeCun, Cortes, Burges, The MNIST database of handwritten digits";

  core::DataPath folder;
  std::int64_t threshold = 128;
  std::optional<std::int64_t> white;
  std::int64_t train_examples = 0;
  std::int64_t test_examples = 0;
  static constexpr auto fields = core::Fields{
      core::field("folder", &IdxImages::folder,
                  "holds {train,t10k}-{images-idx3,labels-idx1}-ubyte, plain or .gz; relative to "
                  "the config that names it, else below $OHMLAB_DATA",
                  core::Need::required),
      core::field("threshold", &IdxImages::threshold, "", core::between(0, 256),
                  "smallest pixel value that counts as on"),
      core::field(
          "white", &IdxImages::white, "", core::between(1, 255),
          "pixel value that stands for 1, which keeps pixels gray; not given: pixels are 0 or 1"),
      core::field("train_examples", &IdxImages::train_examples, "", core::at_least(0),
                  "number of training examples, the first of the file; 0: all"),
      core::field("test_examples", &IdxImages::test_examples, "", core::at_least(0),
                  "number of test examples, the first of the file; 0: all"),
  };

  /// \throws core::UserError or core::WorldError naming the file
  [[nodiscard]] Dataset load() const;
};

}  // namespace ohmlab::io
