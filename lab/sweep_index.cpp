#include "sweep_index.hpp"

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

}  // namespace ohmlab::lab
