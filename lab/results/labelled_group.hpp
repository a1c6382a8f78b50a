#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace ohmlab::io {
class Hdf5Reader;
class Hdf5Writer;
}  // namespace ohmlab::io

namespace ohmlab::results {

/// One dimension of a labelled group: numbers, or names.
struct Axis {
  std::string name;
  std::vector<double> values;
  std::vector<std::string> labels;  ///< instead of values
  std::string unit, meaning;

  [[nodiscard]] std::size_t size() const noexcept {
    return labels.empty() ? values.size() : labels.size();
  }
};

/// Numbers, or texts, over axes of its group, the last of them fastest.
struct Cube {
  std::string name;
  std::vector<std::string> dims;  ///< names of axes
  std::vector<double> values;
  std::vector<std::string> texts;  ///< instead of values
  std::string unit, meaning;
  bool gaps = false;  ///< NaN stands where there is no such figure; not stored
};

/// Arrays that share their axes, and the text that says them to a person.
struct LabelledGroup {
  std::string name;
  std::vector<Axis> axes;
  std::vector<Cube> cubes;
  std::string report;

  /// \throws std::out_of_range if there is none of this name
  [[nodiscard]] const Axis& axis(const std::string& called) const;
  [[nodiscard]] const Cube& cube(const std::string& called) const;
};

/// Writes a group below the root of a file, marked as one that describes itself.
void write_labelled(io::Hdf5Writer& file, const LabelledGroup& group);

/// All groups of a file that are so marked.
/// \throws core::UserError if an array does not fit the axes it names
[[nodiscard]] std::vector<LabelledGroup> read_labelled(const io::Hdf5Reader& file);

}  // namespace ohmlab::results
