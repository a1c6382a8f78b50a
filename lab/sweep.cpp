#include "ohmlab/lab/sweep.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <fstream>
#include <limits>
#include <set>
#include <span>
#include <thread>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "ohmlab/core/errors.hpp"
#include "ohmlab/io/file_lock.hpp"
#include "ohmlab/io/hdf5.hpp"
#include "ohmlab/lab/checkpoint.hpp"

namespace ohmlab::lab {
namespace {

constexpr const char* index_format = "ohmlab sweep";
constexpr double none = std::numeric_limits<double>::quiet_NaN();

/// A path that cannot exist is reported when it is to be written.
bool there(const std::filesystem::path& file) {
  std::error_code ignored;
  return std::filesystem::exists(file, ignored);
}

/// The files of one point.
struct Files {
  std::filesystem::path result, error, lock, state;
  Files(const std::filesystem::path& out, const std::string& id)
      : result(out / (id + ".h5")),
        error(out / (id + ".error.txt")),
        lock(out / (id + ".lock")),
        state(out / (id + ".h5.state")) {}
  [[nodiscard]] bool done() const { return there(result); }
  [[nodiscard]] bool failed() const { return there(error); }
  [[nodiscard]] bool open() const { return !done() && !failed(); }
};

std::vector<const SweepPoint*> points_of(const SweepPlan& plan, const SweepOptions& options) {
  std::vector<const SweepPoint*> out;
  std::set<std::string> seen;  // points that are the same run
  for (std::size_t i = 0; i < plan.points.size(); ++i) {
    if (static_cast<std::int64_t>(i) % options.shards != options.shard - 1) continue;
    if (seen.insert(plan.points[i].id).second) out.push_back(&plan.points[i]);
  }
  return out;
}

void erase(const std::filesystem::path& file) {
  std::error_code ignored;
  std::filesystem::remove(file, ignored);
}

/// What a single run says goes to the log of the sweep; only its wish to stop is passed on.
class Quiet final : public Progress {
 public:
  explicit Quiet(Progress& outer) : outer_(outer) {}
  void say(const std::string& line) override { outer_.say(line); }
  [[nodiscard]] bool interrupted() override { return outer_.interrupted(); }

 private:
  Progress& outer_;
};

/// Runs one point that nobody else is at. False if somebody is.
bool try_point(const SweepPoint& point, const SweepOptions& options, Progress& progress) {
  const Files files(options.out, point.id);
  const io::FileLock lock(files.lock);
  if (!lock.held()) return false;
  if (!files.open()) {  // done between our look and our lock
    erase(files.lock);
    return true;
  }
  Quiet quiet(progress);
  try {
    static_cast<void>(run(point.plan,
                          {.out = files.result, .threads = options.threads, .checkpoint = options.checkpoint},
                          quiet));
  } catch (const Interrupted&) {
    erase(files.lock);
    throw;
  } catch (const std::exception& error) {
    io::PartFile part(files.error);
    const std::string text = fmt::format("{}\n\n{}", error.what(), point.plan.config);
    part.write(std::as_bytes(std::span(text)));
    part.commit();
    progress.say(fmt::format("{}: {}", files.error.string(), error.what()));
  }
  erase(files.lock);
  return true;
}

/// All quality figures of all points.
struct Figures {
  std::vector<Quantity> about;                        ///< name, unit and meaning, in order of appearance
  std::map<std::string, std::vector<double>> values;  ///< one for each point, NaN where there is none
};

Figures read_figures(const SweepPlan& plan, const std::filesystem::path& out) {
  Figures figures;
  for (std::size_t i = 0; i < plan.points.size(); ++i) {
    const Files files(out, plan.points[i].id);
    if (!files.done()) continue;
    for (const Quantity& q : read_result(files.result).result.quality) {
      const auto [place, fresh] = figures.values.try_emplace(q.name, plan.points.size(), none);
      if (fresh) figures.about.push_back(q);
      place->second[i] = q.value;
    }
  }
  return figures;
}

void write_dimensions(io::Hdf5Writer& file, const SweepPlan& plan) {
  for (const SweepDimension& dimension : plan.dimensions) {
    const std::string scale = "/" + dimension.name;
    for (std::size_t c = 0; c < dimension.coordinates.size(); ++c) {
      const SweepDimension::Coordinate& coordinate = dimension.coordinates[c];
      const io::Labels labels{"", coordinate.key.empty() ? dimension.name : coordinate.key};
      const io::Hdf5Values values =
          coordinate.numbers.empty() ? io::Hdf5Values(coordinate.labels) : io::Hdf5Values(coordinate.numbers);
      if (c == 0) {
        file.scale(scale, values, labels);
      } else {
        file.dataset("/" + coordinate.key, values, {dimension.size()}, labels);
        file.attach("/" + coordinate.key, 0, scale);
      }
    }
  }
}

void write_cube(io::Hdf5Writer& file, const SweepPlan& plan, const std::string& name,
                const io::Hdf5Values& values, const io::Labels& labels) {
  io::Hdf5Shape shape;
  for (const SweepDimension& dimension : plan.dimensions) shape.push_back(dimension.size());
  file.dataset("/" + name, values, shape, labels);
  for (unsigned d = 0; d < shape.size(); ++d) file.attach("/" + name, d, "/" + plan.dimensions[d].name);
}

void write_index(const SweepPlan& plan, const std::filesystem::path& path) {
  const Figures figures = read_figures(plan, path.parent_path());
  io::Hdf5Writer file(path);
  file.attribute("/", "format", std::string(index_format));
  file.attribute("/", "schema", schema);
  file.attribute("/", "id", plan.id);
  write_dimensions(file, plan);
  std::vector<std::string> ids;
  for (const SweepPoint& point : plan.points) ids.push_back(point.id);
  write_cube(file, plan, "id", ids, {"", "id of the run, and stem of its file"});
  for (const Quantity& q : figures.about) {
    const bool taken = std::any_of(plan.dimensions.begin(), plan.dimensions.end(),
                                   [&](const SweepDimension& d) { return d.name == q.name; });
    write_cube(file, plan, taken ? "quality_" + q.name : q.name, figures.values.at(q.name),
               {q.unit, q.meaning});
  }
  file.commit();
}

/// The id of the sweep that an index belongs to.
std::string index_id(const std::filesystem::path& path) try {
  const io::Hdf5Reader file(path);
  if (!file.has_attribute("/", "format") || file.attribute_text("/", "format") != index_format) {
    throw core::UserError(path, "the index of a sweep of ohmlab", "an HDF5 file of another kind");
  }
  return file.attribute_text("/", "id");
} catch (const ChangedFile& error) {
  throw core::UserError(fmt::format("{} (remove it to have it written again)", error.what()));
}

/// \throws core::UserError if a file under the name of a result is none
void require_readable(const std::filesystem::path& result) {
  try {
    static_cast<void>(read_result(result));
  } catch (const ChangedFile& error) {
    throw core::UserError(fmt::format("{} (remove it to run the point again)", error.what()));
  }
}

}  // namespace

void prepare_sweep(const SweepPlan& plan, const SweepOptions& options) {
  io::make_folders(options.out);
  if (const auto index = options.out / "index.h5"; there(index)) {
    if (const std::string found = index_id(index); found != plan.id) {
      throw core::UserError(index, "no index, or that of sweep " + plan.id,
                            "that of sweep " + found + "; choose another folder");
    }
  }
  for (const SweepPoint* point : points_of(plan, options)) {
    const Files files(options.out, point->id);
    erase(files.error);
    if (options.force) erase(files.result);
    if (!files.done()) continue;
    require_readable(files.result);  // a foreign file under this name is found before the work
    // What a kill between the end of the run and its cleaning up has left.
    for (const std::filesystem::path& file : {files.state, files.result}) erase(file.string() + ".part");
    erase(files.state);
    erase(files.lock);
  }
}

void work_on_sweep(const SweepPlan& plan, const SweepOptions& options, Progress& progress) {
  std::vector<const SweepPoint*> left = points_of(plan, options);
  const auto all = static_cast<std::int64_t>(left.size());
  progress.begin("sweep", all);
  while (!left.empty()) {
    const std::size_t before = left.size();
    for (auto point = left.begin(); point != left.end();) {
      const bool settled = !Files(options.out, (*point)->id).open() || try_point(**point, options, progress);
      point = settled ? left.erase(point) : std::next(point);
      progress.advance(all - static_cast<std::int64_t>(left.size()), "");
    }
    if (progress.interrupted()) throw Interrupted(options.out);
    if (left.size() == before) std::this_thread::sleep_for(std::chrono::milliseconds(200));
  }
  progress.end();
}

SweepStatus sweep_status(const SweepPlan& plan, const std::filesystem::path& out) {
  SweepStatus status;
  for (const SweepPoint& point : plan.points) {
    const Files files(out, point.id);
    ++(files.done() ? status.done : files.failed() ? status.failed : status.open);
  }
  return status;
}

SweepStatus finish_sweep(const SweepPlan& plan, const std::filesystem::path& out) {
  SweepStatus status = sweep_status(plan, out);
  if (status.open > 0) return status;
  const auto lock_file = out / "index.lock";
  const io::FileLock lock(lock_file, io::FileLock::Wait::yes);
  status.index = out / "index.h5";
  write_index(plan, status.index);
  erase(lock_file);
  return status;
}

SweepStatus sweep(const SweepPlan& plan, const SweepOptions& options, Progress& progress) {
  prepare_sweep(plan, options);
  work_on_sweep(plan, options, progress);
  return finish_sweep(plan, options.out);
}

SweepSummary summarise_sweep(const SweepPlan& plan, const std::filesystem::path& out) {
  const Figures figures = read_figures(plan, out);
  SweepSummary summary;
  summary.figures = plan.report;
  if (summary.figures.empty() && !figures.about.empty()) summary.figures = {figures.about.front().name};
  for (const std::string& name : summary.figures) {
    if (figures.values.contains(name) || figures.about.empty()) continue;
    std::vector<std::string> known;
    for (const Quantity& q : figures.about) known.push_back(q.name);
    throw core::UserError({}, "sweep.report", name,
                          fmt::format("no run has such a figure; there are: {}", fmt::join(known, ", ")));
  }
  const bool repeated = !plan.dimensions.empty() && plan.dimensions.back().name == "repeat";
  const std::size_t repeats = repeated ? plan.dimensions.back().size() : 1;
  const std::size_t shown = plan.dimensions.size() - (repeated ? 1 : 0);
  for (std::size_t d = 0; d < shown; ++d) summary.dimensions.push_back(plan.dimensions[d].name);
  for (std::size_t first = 0; first < plan.points.size(); first += repeats) {
    SweepRow row;
    for (std::size_t d = 0; d < shown; ++d) {
      row.labels.push_back(plan.dimensions[d].coordinates.front().labels[plan.points[first].at[d]]);
    }
    for (const std::string& name : summary.figures) {
      double sum = 0, squares = 0, n = 0;
      const auto values = figures.values.find(name);
      for (std::size_t i = first; values != figures.values.end() && i < first + repeats; ++i) {
        const double value = values->second[i];
        if (std::isnan(value)) continue;
        sum += value;
        ++n;
      }
      const double mean = n > 0 ? sum / n : none;
      for (std::size_t i = first; values != figures.values.end() && i < first + repeats; ++i) {
        if (!std::isnan(values->second[i])) squares += std::pow(values->second[i] - mean, 2);
      }
      row.means.push_back(mean);
      row.errors.push_back(n > 1 ? std::sqrt(squares / (n - 1) / n) : none);
    }
    summary.rows.push_back(std::move(row));
  }
  return summary;
}

}  // namespace ohmlab::lab
