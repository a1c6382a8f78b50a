#include "labelled_group.hpp"

#include <algorithm>
#include <filesystem>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "../../core/errors.hpp"
#include "../../io/hdf5.hpp"

namespace ohmlab::results {
namespace {

/// CAUTION: `report` is the text of a group: no axis or cube may have this name.
constexpr const char* report_name = "report";
constexpr const char* group_mark = "labelled";

LabelledGroup read_group(const io::Hdf5Reader& file, const std::string& name) {
  LabelledGroup out;
  out.name = name;
  const std::string folder = "/" + name;
  for (const std::string& member : file.names(folder)) {
    const std::string path = folder + "/" + member;
    if (member == report_name) {
      out.report = file.read_text(path);
      continue;
    }
    const bool texts = file.attribute_int64(path, "texts") != 0;
    const std::string unit =
        file.has_attribute(path, "units") ? file.attribute_text(path, "units") : "";
    const std::string meaning = file.attribute_text(path, "long_name");
    std::vector<double> values;
    std::vector<std::string> words;
    if (texts) {
      words = file.read_strings(path).values;
    } else {
      values = file.read_doubles(path).values;
    }
    std::vector<std::string> dims;
    for (unsigned d = 0; d < file.shape(path).size(); ++d) {
      dims.push_back(std::filesystem::path(file.scale_name(path, d)).filename().string());
    }
    if (dims.size() == 1 && dims[0].empty()) {
      out.axes.push_back({member, std::move(values), std::move(words), unit, meaning});
    } else {
      out.cubes.push_back(
          {member, std::move(dims), std::move(values), std::move(words), unit, meaning});
    }
  }
  for (const Cube& cube : out.cubes) {
    io::Hdf5Shape expected;
    for (const std::string& dim : cube.dims) {
      const auto axis = std::find_if(out.axes.begin(), out.axes.end(),
                                     [&](const Axis& a) { return a.name == dim; });
      if (axis == out.axes.end())
        throw core::UserError(file.path(),
                              fmt::format("an axis for each dimension of {}/{}", folder, cube.name),
                              dim.empty() ? "none" : "\"" + dim + "\", which is not there");
      expected.push_back(axis->size());
    }
    if (const io::Hdf5Shape found = file.shape(folder + "/" + cube.name); found != expected)
      throw core::UserError(file.path(),
                            fmt::format("shape {} of {}/{}", expected, folder, cube.name),
                            fmt::format("{}", found));
  }
  return out;
}

/// Item of a list by name.
template <class T>
const T& called(const std::vector<T>& list, const std::string& group, const std::string& name) {
  const auto found =
      std::find_if(list.begin(), list.end(), [&](const T& item) { return item.name == name; });
  if (found == list.end()) throw std::out_of_range(group + "/" + name);
  return *found;
}

}  // namespace

const Axis& LabelledGroup::axis(const std::string& wanted) const {
  return called(axes, name, wanted);
}
const Cube& LabelledGroup::cube(const std::string& wanted) const {
  return called(cubes, name, wanted);
}

void write_labelled(io::Hdf5Writer& file, const LabelledGroup& group) {
  const std::string folder = "/" + group.name;
  file.group(folder);
  file.attribute(folder, group_mark, std::int64_t{1});
  for (const Axis& axis : group.axes) {
    const std::string path = folder + "/" + axis.name;
    if (axis.labels.empty()) {
      file.scale(path, axis.values, {axis.unit, axis.meaning});
    } else {
      file.scale(path, axis.labels, {axis.unit, axis.meaning});
    }
    file.attribute(path, "texts", std::int64_t{!axis.labels.empty()});
  }
  for (const Cube& cube : group.cubes) {
    const std::string path = folder + "/" + cube.name;
    io::Hdf5Shape shape;
    for (const std::string& dim : cube.dims) shape.push_back(group.axis(dim).size());
    const io::Labels labels{cube.unit, cube.meaning};
    if (cube.texts.empty()) {
      file.dataset(path, cube.values, shape, labels);
    } else {
      file.dataset(path, cube.texts, shape, labels);
    }
    for (std::size_t d = 0; d < cube.dims.size(); ++d) {
      file.attach(path, static_cast<unsigned>(d), folder + "/" + cube.dims[d]);
    }
    file.attribute(path, "texts", std::int64_t{!cube.texts.empty()});
  }
  file.text(folder + "/" + report_name, group.report);
}

std::vector<LabelledGroup> read_labelled(const io::Hdf5Reader& file) {
  std::vector<LabelledGroup> out;
  for (const std::string& name : file.names("/")) {
    if (file.has_attribute("/" + name, group_mark)) out.push_back(read_group(file, name));
  }
  return out;
}

}  // namespace ohmlab::results
