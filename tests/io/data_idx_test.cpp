#include "ohmlab/io/data_idx.hpp"

#include "ohmlab/io/idx.hpp"

#include "tests/catch.hpp"
#include "tests/temp_folder.hpp"

using namespace ohmlab;

namespace {

/// Three training and two test images of 1 × 2 pixels with their labels, in four files.
struct Images {
  std::vector<std::uint8_t> train{127, 128, 0, 255, 128, 1}, train_labels{7, 8, 9},
      test{255, 0, 0, 129}, test_labels{1, 2};

  [[nodiscard]] io::IdxImages in(const TempFolder& folder) const {
    io::write_idx(folder / "train-images-idx3-ubyte", {{3, 1, 2}, train});
    io::write_idx(folder / "train-labels-idx1-ubyte", {{3}, train_labels});
    io::write_idx(folder / "t10k-images-idx3-ubyte", {{2, 1, 2}, test});
    io::write_idx(folder / "t10k-labels-idx1-ubyte", {{2}, test_labels});
    io::IdxImages out;
    out.folder.resolved = folder.path();
    return out;
  }
};

}  // namespace

TEST_CASE("a pixel is on from the threshold upwards") {
  const TempFolder folder;
  const io::Dataset data = Images{}.in(folder).load();
  core::Matrix train(3, 2), test(2, 2);
  train << 0, 1, 0, 1, 1, 0;
  test << 1, 0, 0, 1;
  CHECK(data.train == train);
  CHECK(data.test == test);
  CHECK(data.train_labels == std::vector<std::uint8_t>{7, 8, 9});
  CHECK(data.test_labels == std::vector<std::uint8_t>{1, 2});
}

TEST_CASE("training and test examples are limited each by their own number") {
  const TempFolder folder;
  io::IdxImages images = Images{}.in(folder);
  images.train_examples = 2;
  images.test_examples = 1;
  const io::Dataset data = images.load();
  CHECK(data.train.rows() == 2);
  CHECK(data.train_labels.size() == 2);
  CHECK(data.test.rows() == 1);
  CHECK(data.test_labels.size() == 1);
  images.train_examples = 100;
  CHECK(images.load().train.rows() == 3);
}

TEST_CASE("the digest follows every pixel and every label") {
  const auto digest = [](const Images& images) {
    const TempFolder folder;
    return images.in(folder).load().digest;
  };
  const Images plain;
  CHECK(digest(plain) == digest(plain));
  for (auto member : {&Images::train, &Images::train_labels, &Images::test, &Images::test_labels}) {
    Images other = plain;
    ++(other.*member).back();
    CHECK(digest(other) != digest(plain));
  }
}
