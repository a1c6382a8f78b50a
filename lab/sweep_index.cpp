#include "sweep_index.hpp"

#include <fmt/format.h>

#include "../core/errors.hpp"
#include "../io/hdf5.hpp"

namespace ohmlab::lab {

bool is_sweep_index(const std::filesystem::path& file) {
  if (file.filename() != index_file) return false;
  try {
    const io::Hdf5Reader reader(file);
    return reader.has_attribute("/", "format") &&
           reader.attribute_text("/", "format") == index_format;
  } catch (const std::runtime_error&) {  // reported when the file is read as a result
    return false;
  }
}

namespace {

/// Values of a dimension as text, whichever type they have.
std::vector<std::string> labels_in(const io::Hdf5Reader& file, const std::string& scale) {
  std::vector<std::string> out;
  try {
    for (const std::int64_t value : file.read_int64(scale).values)
      out.push_back(fmt::format("{}", value));
    return out;
  } catch (const core::UserError&) {  // no whole numbers
  }
  try {
    for (const double value : file.read_doubles(scale).values)
      out.push_back(fmt::format("{}", value));
    return out;
  } catch (const core::UserError&) {  // no numbers
  }
  return file.read_strings(scale).values;
}

}  // namespace

std::vector<std::string> SweepIndex::labels_of(std::size_t point) const {
  std::vector<std::string> out(labels.size());
  for (std::size_t d = labels.size(); d-- > 0; point /= labels[d].size())
    out[d] = labels[d][point % labels[d].size()];
  return out;
}

SweepIndex read_sweep_index(const std::filesystem::path& path) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored))
    throw core::UserError(path, "the index of a finished sweep", "no file");
  const io::Hdf5Reader file(path);
  if (!file.has_attribute("/", "format") || file.attribute_text("/", "format") != index_format)
    throw core::UserError(path, "the index of a sweep of ohmlab", "an HDF5 file of another kind");
  SweepIndex out;
  out.ids = file.read_strings("/id").values;
  const std::size_t dimensions = file.shape("/id").size();
  for (unsigned d = 0; d < dimensions; ++d) {
    const std::string scale = file.scale_name("/id", d);
    out.dimensions.push_back(std::filesystem::path(scale).filename().string());
    out.labels.push_back(labels_in(file, scale));
  }
  return out;
}

}  // namespace ohmlab::lab
