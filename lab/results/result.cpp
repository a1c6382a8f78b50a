#include "result.hpp"

#include <algorithm>
#include <span>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "../../core/errors.hpp"
#include "../../io/hdf5.hpp"
#include "../../io/sandbox.hpp"
#include "per_sample.hpp"
#include "result_parts.hpp"
#include "storable.hpp"
#include "stored.hpp"
#include "warnings.hpp"

namespace ohmlab::results {
namespace {

/// Checks that a shape has one dimension.
io::Hdf5Shape list_shape(const io::Hdf5Reader& file, const std::string& path, io::Hdf5Shape shape) {
  if (shape.size() != 1)
    throw core::UserError(file.path(), "one dimension of " + path, std::to_string(shape.size()));
  return shape;
}

/// Reads columns of one group, all as long as its column of system names.
class Columns {
 public:
  Columns(const io::Hdf5Reader& file, std::string group, const char* system)
      : file_(file), group_(std::move(group)) {
    io::Hdf5Array<std::string> found = file_.read_strings(path(system));
    shape_ = list_shape(file_, path(system), std::move(found.shape));
    systems_ = std::move(found.values);
  }
  [[nodiscard]] std::size_t rows() const { return systems_.size(); }
  [[nodiscard]] const std::vector<std::string>& systems() const { return systems_; }
  [[nodiscard]] std::vector<std::string> strings(const char* name) const {
    return file_.read_strings(path(name), shape_).values;
  }
  /// A column of texts that is stored only if one of them is not empty.
  [[nodiscard]] std::vector<std::string> strings_if_any(const char* name) const {
    return file_.has(path(name)) ? strings(name) : std::vector<std::string>(rows());
  }
  /// A column of amounts: finite and not negative.
  [[nodiscard]] std::vector<double> amounts(const char* name) const {
    std::vector<double> values = doubles(name);
    for (const double value : values) {
      if (!is_amount(value)) {
        throw core::UserError(file_.path(), "finite numbers from 0 in " + group_ + "/" + name,
                              fmt::format("{}", value));
      }
    }
    return values;
  }
  [[nodiscard]] std::vector<double> doubles(const char* name) const {
    return file_.read_doubles(path(name), shape_).values;
  }
  [[nodiscard]] std::vector<std::int64_t> integers(const char* name) const {
    return file_.read_int64(path(name), shape_).values;
  }

 private:
  [[nodiscard]] std::string path(const char* name) const { return group_ + "/" + name; }
  const io::Hdf5Reader& file_;
  std::string group_;
  io::Hdf5Shape shape_;
  std::vector<std::string> systems_;
};

System& system_called(std::vector<System>& systems, const std::string& name,
                      const io::Hdf5Reader& file) {
  const auto found =
      std::find_if(systems.begin(), systems.end(), [&](const System& s) { return s.name == name; });
  if (found == systems.end())
    throw core::UserError(file.path(), "systems listed in /systems", "\"" + name + "\"");
  return *found;
}

/// Kinds of the machines. Files from before digital chips tell arrays from accelerators only.
std::vector<cost::Machine> machines_in(const Columns& heads, const io::Hdf5Reader& file) {
  std::vector<cost::Machine> out;
  if (!file.has("/systems/machine")) {
    for (const std::int64_t digital : heads.integers("digital"))
      out.push_back(digital != 0 ? cost::Machine::accelerator : cost::Machine::array);
    return out;
  }
  for (const std::string& given : heads.strings("machine")) {
    const auto known = enum_names(cost::Machine{});
    const auto found = std::find(known.begin(), known.end(), given);
    if (found == known.end())
      throw core::UserError(file.path(), "machines this version knows", "\"" + given + "\"");
    out.push_back(static_cast<cost::Machine>(found - known.begin()));
  }
  return out;
}

/// Algorithms of the systems. Files from before digital chips do not say it: all but the
/// transformer beside them did the training that ran.
std::vector<std::string> algorithms_in(const Columns& heads, const io::Hdf5Reader& file) {
  if (file.has("/systems/machine")) return heads.strings_if_any("algorithm");
  std::vector<std::string> out;
  for (const std::string& name : heads.systems())
    out.emplace_back(name == "transformer_digital" ? "transformer" : "training");
  return out;
}

std::vector<System> systems_in(const io::Hdf5Reader& file) {
  std::vector<System> systems;
  const Columns heads(file, "/systems", "name");
  const auto titles = heads.strings("title"), unpriced = heads.strings("unpriced");
  const auto machines = machines_in(heads, file);
  const auto algorithms = algorithms_in(heads, file);
  const auto parameters = heads.amounts("parameters"), examples = heads.amounts("examples"),
             tokens = heads.amounts("tokens");
  for (std::size_t i = 0; i < heads.rows(); ++i) {
    systems.push_back({heads.systems()[i],
                       titles[i],
                       unpriced[i],
                       machines[i],
                       parameters[i],
                       examples[i],
                       tokens[i],
                       {},
                       {},
                       algorithms[i]});
  }
  if (const Columns tally(file, "/tally", "system"); tally.rows() > 0) {
    const auto stages = tally.strings("stage"), components = tally.strings("component"),
               layers = tally.strings_if_any("layer"), actions = tally.strings("action");
    const auto parameter = tally.amounts("parameter"), counts = tally.amounts("count"),
               serials = tally.amounts("serial"), joules = tally.amounts("joules"),
               seconds = tally.amounts("duration");
    const auto overlapped = tally.integers("overlapped");
    for (std::size_t i = 0; i < tally.rows(); ++i) {
      const auto action = cost::find_action(actions[i]);
      if (!action)
        throw core::UserError(file.path(), "actions this version knows", "\"" + actions[i] + "\"");
      system_called(systems, tally.systems()[i], file)
          .tally.push_back({stages[i], components[i], *action, parameter[i], counts[i], serials[i],
                            joules[i], seconds[i], overlapped[i] != 0, layers[i]});
    }
  }
  if (const Columns held(file, "/holdings", "system"); held.rows() > 0) {
    const auto components = held.strings("component"), layers = held.strings_if_any("layer"),
               parts = held.strings("part");
    const auto parameter = held.amounts("parameter"), counts = held.amounts("count");
    for (std::size_t i = 0; i < held.rows(); ++i) {
      const auto part = cost::find_part(parts[i]);
      if (!part)
        throw core::UserError(file.path(), "parts this version knows", "\"" + parts[i] + "\"");
      system_called(systems, held.systems()[i], file)
          .holdings.push_back({components[i], *part, parameter[i], counts[i], layers[i]});
    }
  }
  return systems;
}

/// \throws core::UserError if the file is not a result, or one of another schema
void check_kind(const io::Hdf5Reader& file) {
  if (!file.has_attribute("/", "format") || file.attribute_text("/", "format") != format_name) {
    throw core::UserError(file.path(), "a result file of ohmlab", "an HDF5 file of another kind");
  }
  const std::int64_t found = file.attribute_int64("/", "schema");
  if (found != schema) {
    throw core::UserError(file.path(), fmt::format("schema {}", schema),
                          fmt::format("schema {}; run it again", found));
  }
}

/// Unit and meaning of a dataset.
std::pair<std::string, std::string> labels_of(const io::Hdf5Reader& file,
                                              const std::string& object) {
  return {file.attribute_text(object, "units"), file.attribute_text(object, "long_name")};
}

void read_metrics(const io::Hdf5Reader& file, Result& result) {
  const std::vector<std::string> metrics = file.names("/metrics");
  if (metrics.empty()) return;
  result.axis.name = file.attribute_text("/metrics", "axis");
  const std::string axis = "/metrics/" + result.axis.name;
  const io::Hdf5Shape shape = list_shape(file, axis, file.shape(axis));
  for (const std::string& name : metrics) {
    const auto [unit, meaning] = labels_of(file, "/metrics/" + name);
    Series series{name, file.read_doubles("/metrics/" + name, shape).values, unit, meaning};
    if (name == result.axis.name) {
      result.axis = std::move(series);
    } else {
      result.metrics.push_back(std::move(series));
    }
  }
}

void read_parameters(const io::Hdf5Reader& file, Result& result) {
  for (const std::string& name : file.names("/model")) {
    const std::string object = "/model/" + name;
    const io::Hdf5Shape shape = file.shape(object);
    if (shape.empty() || shape.size() > 2) {
      throw core::UserError(file.path(), "1 or 2 dimensions of " + object,
                            std::to_string(shape.size()));
    }
    std::vector<std::string> dims;
    for (unsigned dim = 0; dim < shape.size(); ++dim) {
      dims.push_back(std::filesystem::path(file.scale_name(object, dim)).filename().string());
    }
    if (dims[0].empty()) continue;  // a scale, no parameter
    const auto array = file.read_doubles(object);
    const auto cols = static_cast<core::Index>(shape.back());
    const auto rows = shape.size() == 2 ? static_cast<core::Index>(shape[0]) : core::Index{1};
    const auto [unit, meaning] = labels_of(file, object);
    result.parameters.push_back({name, dims,
                                 Eigen::Map<const core::MatrixD>(array.values.data(), rows, cols),
                                 unit, meaning});
  }
}

/// Reads the final figures that warnings and bills per sample depend on. A bill needs none of them:
/// an unreadable figure is skipped.
void read_warned(const io::Hdf5Reader& file, Result& result) {
  std::vector<std::string_view> names = warned_figures();
  names.insert(names.end(), sample_figures.begin(), sample_figures.end());
  for (const std::string_view name : names) {
    const std::string path = "/quality/" + std::string(name);
    try {
      if (file.has(path))
        result.quality.push_back({std::string(name), file.read_scalar(path), "", ""});
    } catch (const core::UserError&) {
      continue;
    }
  }
}

/// Id and final figures.
StoredResult quality_alone(const io::Hdf5Reader& file) {
  check_kind(file);
  StoredResult out;
  out.identity.id = file.attribute_text("/", "id");
  for (const std::string& name : file.names("/quality")) {
    const auto [unit, meaning] = labels_of(file, "/quality/" + name);
    out.result.quality.push_back({name, file.read_scalar("/quality/" + name), unit, meaning});
  }
  return out;
}

StoredResult everything(const io::Hdf5Reader& file) {
  StoredResult out = quality_alone(file);
  out.identity.config = file.read_text("/config");
  read_metrics(file, out.result);
  read_parameters(file, out.result);
  out.result.systems = systems_in(file);
  out.result.history = read_history(file, out.result);
  out.result.groups = read_labelled(file);
  out.facts = {
      file.attribute_text("/run", "version"),
      file.attribute_text("/run", "compiler"),
      file.attribute_text("/run", "started"),
      file.attribute_text("/run", "cpu"),
      file.attribute_int64("/run", "threads"),
      file.attribute_double("/run", "seconds"),
      file.has_attribute("/run", "commit") ? file.attribute_text("/run", "commit") : "unknown"};
  return out;
}

StoredResult billed(const io::Hdf5Reader& file) {
  check_kind(file);
  StoredResult out;
  out.result.systems = systems_in(file);
  read_warned(file, out.result);
  return out;
}

StoredResult trained(const io::Hdf5Reader& file) {
  check_kind(file);
  StoredResult out;
  read_metrics(file, out.result);
  out.result.systems = systems_in(file);
  out.result.history = read_history(file, out.result);
  read_warned(file, out.result);
  return out;
}

using Part = StoredResult (*)(const io::Hdf5Reader&);

/// Reads a changed file in a separate process, since HDF5 may crash on its bytes. That process
/// writes a copy of the parts it could read.
StoredResult read_changed(const std::filesystem::path& path, Part part) {
  std::vector<std::byte> found =
      io::in_sandbox(path, [&] { return to_bytes(part(io::Hdf5Reader(path, io::Trust::any))); });
  return part(io::Hdf5Reader(std::move(found), path));
}

StoredResult read(const std::filesystem::path& path, Changed changed, Part part) {
  try {
    return part(io::Hdf5Reader(path));
  } catch (const io::ChangedFile& error) {
    if (changed == Changed::refused) throw;
    StoredResult out = read_changed(path, part);
    out.changed = error.what();
    return out;
  }
}

}  // namespace

StoredResult write_and_read_back(const std::filesystem::path& path, const Identity& identity,
                                 const Result& result, const RunFacts& facts) {
  require_storable(path, result);
  io::Hdf5Writer file(path);
  write_parts(file, identity, result, facts);
  StoredResult out;
  file.commit([&](const io::Hdf5Reader& back) { out = everything(back); });
  return out;
}

void write_result(const std::filesystem::path& path, const Identity& identity, const Result& result,
                  const RunFacts& facts) {
  static_cast<void>(write_and_read_back(path, identity, result, facts));
}

std::vector<std::byte> to_bytes(const StoredResult& stored) {
  io::Hdf5Writer copy;
  write_parts(copy, stored.identity, stored.result, stored.facts);
  return copy.bytes();
}

StoredResult from_bytes(std::span<const std::byte> bytes) {
  return everything(io::Hdf5Reader({bytes.begin(), bytes.end()}, "bytes of a result"));
}

StoredResult read_result(const std::filesystem::path& path, Changed changed) {
  return read(path, changed, everything);
}

StoredResult read_quality(const std::filesystem::path& path) {
  return read(path, Changed::refused, quality_alone);
}

StoredResult read_billed(const std::filesystem::path& path, Changed changed) {
  return read(path, changed, billed);
}

StoredResult read_training(const std::filesystem::path& path, Changed changed) {
  return read(path, changed, trained);
}

}  // namespace ohmlab::results
