#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace ohmlab::io {
class Hdf5Reader;
class Hdf5Writer;
}  // namespace ohmlab::io

namespace ohmlab::results {

/// One dimension of a labelled group: numbers or names.
struct Axis {
  std::string name;
  std::vector<double> values;
  std::vector<std::string> labels;  ///< names, in place of values
  std::string unit, meaning;

  [[nodiscard]] std::size_t size() const noexcept {
    return labels.empty() ? values.size() : labels.size();
  }
};

/// Numbers or texts over axes of the group, last axis fastest.
struct Cube {
  std::string name;
  std::vector<std::string> dims;  ///< names of axes
  std::vector<double> values;
  std::vector<std::string> texts;  ///< texts, in place of values
  std::string unit, meaning;
  bool gaps = false;  ///< NaN marks a missing figure; this flag is not stored
};

/// Arrays on shared axes, with a text that reports them.
struct LabelledGroup {
  std::string name;
  std::vector<Axis> axes;
  std::vector<Cube> cubes;
  std::string report;

  /// \throws std::out_of_range if no axis or cube has this name
  [[nodiscard]] const Axis& axis(const std::string& called) const;
  [[nodiscard]] const Cube& cube(const std::string& called) const;
};

/// Writes a group below the root of a file, marked as a labelled group.
void write_labelled(io::Hdf5Writer& file, const LabelledGroup& group);

/// All labelled groups of a file.
/// \throws core::UserError if an array does not fit its axes
[[nodiscard]] std::vector<LabelledGroup> read_labelled(const io::Hdf5Reader& file);

}  // namespace ohmlab::results
