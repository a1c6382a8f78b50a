#include "task.hpp"

#include <algorithm>

namespace ohmlab::experiments {

ebm::Task task_of(const io::Dataset& data) {
  core::Index classes = 0;
  for (const std::vector<std::uint8_t>* labels : {&data.train_labels, &data.test_labels}) {
    if (!labels->empty())
      classes =
          std::max<core::Index>(classes, *std::max_element(labels->begin(), labels->end()) + 1);
  }
  if (data.train_labels.empty() || data.test_labels.empty()) classes = 0;
  return {data.train, data.test, data.train_labels, data.test_labels, classes, data.binary};
}

}  // namespace ohmlab::experiments
