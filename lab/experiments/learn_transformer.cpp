#include "learn_transformer.hpp"

namespace ohmlab::experiments {

std::vector<results::Parameter> stored_tensors(const transformer::Layout& layout,
                                               const transformer::RowOf<float>& parameters) {
  std::vector<results::Parameter> out;
  for (const transformer::Tensor& tensor : layout.tensors()) {
    std::vector<std::string> dims{tensor.col_name};
    if (!tensor.row_name.empty()) dims.insert(dims.begin(), tensor.row_name);
    out.push_back({tensor.name, dims, transformer::view(parameters.data(), tensor).cast<double>(),
                   "1", "learned tensor " + tensor.name});
  }
  return out;
}

results::System trained_system(const std::string& title, const transformer::Layout& layout,
                               double examples, double tokens, const cost::Tally& tally) {
  return {trained_name,
          title,
          "",
          cost::Machine::accelerator,
          static_cast<double>(layout.count()),
          examples,
          tokens,
          tally.entries(),
          tally.holdings(),
          "transformer"};
}

}  // namespace ohmlab::experiments
