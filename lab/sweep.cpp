#include "sweep.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <new>
#include <set>
#include <span>
#include <stdexcept>
#include <thread>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "../core/errors.hpp"
#include "../core/input_file.hpp"
#include "../io/file_lock.hpp"
#include "../io/hdf5.hpp"
#include "results/checkpoint.hpp"
#include "results/result_claim.hpp"
#include "results/stored.hpp"
#include "run.hpp"
#include "sweep_index.hpp"

namespace ohmlab::lab {
namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

/// True if a file exists. An impossible path is reported when it is written.
bool there(const std::filesystem::path& file) {
  std::error_code ignored;
  return std::filesystem::exists(file, ignored);
}

/// The files of one point.
struct Files {
  std::filesystem::path result, error, refusal;
  Files(const std::filesystem::path& out, const std::string& id)
      : result(out / (id + ".h5")),
        error(out / (id + ".error.txt")),
        refusal(out / (id + ".refused.txt")) {}
  [[nodiscard]] bool done() const { return there(result); }
  [[nodiscard]] bool failed() const { return there(error); }
  [[nodiscard]] bool refused() const { return there(refusal); }
  [[nodiscard]] bool open() const { return !done() && !failed() && !refused(); }
};

std::vector<const SweepPoint*> points_of(const SweepPlan& plan, const SweepOptions& options) {
  std::vector<const SweepPoint*> out;
  std::set<std::string> seen;  // ids of the runs listed so far
  for (std::size_t i = 0; i < plan.points.size(); ++i) {
    if (static_cast<std::int64_t>(i) % options.shards != options.shard - 1) continue;
    if (plan.points[i].refused.empty() && seen.insert(plan.points[i].id).second)
      out.push_back(&plan.points[i]);
  }
  return out;
}

void erase(const std::filesystem::path& file) {
  std::error_code ignored;
  std::filesystem::remove(file, ignored);
}

/// Progress of a single run in a sweep: passes on messages and the request to stop, drops steps.
class Quiet final : public results::Progress {
 public:
  explicit Quiet(results::Progress& outer) : outer_(outer) {}
  void say(const std::string& line) override { outer_.say(line); }
  [[nodiscard]] bool interrupted() override { return outer_.interrupted(); }

 private:
  results::Progress& outer_;
};

/// Reason of a failure, readable without context.
std::string reason_of(const std::exception& error) {
  if (dynamic_cast<const std::bad_alloc*>(&error) || dynamic_cast<const std::length_error*>(&error))
    return out_of_memory;
  return error.what();
}

/// Runs one point if no other process is at work on it; else returns false.
bool try_point(const SweepPoint& point, const SweepOptions& options, results::Progress& progress) {
  const Files files(options.out, point.id);
  const results::ResultClaim claim(files.result, point.id);
  if (!claim.held()) return false;
  if (!files.open()) return true;  // done by another process before this claim
  Quiet quiet(progress);
  try {
    static_cast<void>(run(point.plan,
                          {.out = files.result,
                           .threads = options.threads,
                           .checkpoint = options.checkpoint,
                           .id = point.id,
                           .claimed = true},
                          quiet));
  } catch (const results::Interrupted&) {
    throw;
  } catch (const std::exception& error) {
    const std::string reason = reason_of(error);
    const bool refused = point.may_be_left_out && dynamic_cast<const core::UserError*>(&error);
    const std::filesystem::path& file = refused ? files.refusal : files.error;
    io::PartFile part(file);
    const std::string text = fmt::format("{}\n\n{}", reason, point.plan.config);
    part.write(std::as_bytes(std::span(text)));
    part.commit();
    if (!refused) progress.say(fmt::format("{}: {}", file.string(), reason));
  }
  return true;
}

/// Id and figures of a point. \throws core::UserError if the file holds another run
results::StoredResult read_point(const std::filesystem::path& file, const std::string& id) {
  results::StoredResult found = [&] {
    try {
      return results::read_quality(file);
    } catch (const results::ChangedFile& error) {
      throw core::UserError(fmt::format("{} (remove it to run the point again)", error.what()));
    }
  }();
  if (found.identity.id == id) return found;
  throw core::UserError(file, "run " + id,
                        "run " + found.identity.id + " (remove the file to run this point)");
}

/// Why a point is left out, by its plan or by its run; "" if it is not.
std::string refusal_of(const SweepPoint& point, const std::filesystem::path& out) {
  const Files files(out, point.id);
  if (!point.refused.empty() || !files.refused()) return point.refused;
  const std::vector<std::byte> bytes = core::InputFile(files.refusal).read_rest();
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  return std::string(text.substr(0, text.find("\n\n")));
}

/// All quality figures of all points.
struct Figures {
  std::vector<results::Quantity> about;  ///< name, unit and meaning, in order of appearance
  /// Values by figure name: one for each point, NaN if it has none
  std::map<std::string, std::vector<double>> values;
};

Figures read_figures(const SweepPlan& plan, const std::filesystem::path& out) {
  Figures figures;
  for (std::size_t i = 0; i < plan.points.size(); ++i) {
    const Files files(out, plan.points[i].id);
    if (!plan.points[i].refused.empty() || !files.done()) continue;
    for (const results::Quantity& q : read_point(files.result, plan.points[i].id).result.quality) {
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
      std::vector<std::int64_t> integers;
      if (coordinate.whole)
        for (const double number : coordinate.numbers)
          integers.push_back(static_cast<std::int64_t>(number));
      const io::Hdf5Values values = coordinate.numbers.empty() ? io::Hdf5Values(coordinate.labels)
                                    : coordinate.whole         ? io::Hdf5Values(integers)
                                                               : io::Hdf5Values(coordinate.numbers);
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
  for (unsigned d = 0; d < shape.size(); ++d)
    file.attach("/" + name, d, "/" + plan.dimensions[d].name);
}

void write_index(const SweepPlan& plan, const std::filesystem::path& path) {
  const Figures figures = read_figures(plan, path.parent_path());
  io::Hdf5Writer file(path);
  file.attribute("/", "format", std::string(index_format));
  file.attribute("/", "schema", results::schema);
  file.attribute("/", "id", plan.id);
  write_dimensions(file, plan);
  std::vector<std::string> ids, refusals;
  bool any_refused = false;
  for (const SweepPoint& point : plan.points) {
    ids.push_back(point.id);
    refusals.push_back(refusal_of(point, path.parent_path()));
    any_refused |= !refusals.back().empty();
  }
  write_cube(file, plan, "id", ids, {"", "id of the run, and stem of its file"});
  if (any_refused)
    write_cube(file, plan, "refused", refusals,
               {"", "why a point is left out; empty if it is run"});
  for (const results::Quantity& q : figures.about) {
    write_cube(file, plan, index_name(plan, q.name), figures.values.at(q.name),
               {q.unit, q.meaning});
  }
  file.commit();
}

/// Id of the sweep that wrote an index.
std::string index_id(const std::filesystem::path& path) try {
  const io::Hdf5Reader file(path);
  if (!file.has_attribute("/", "format") || file.attribute_text("/", "format") != index_format) {
    throw core::UserError(path, "the index of a sweep of ohmlab", "an HDF5 file of another kind");
  }
  return file.attribute_text("/", "id");
} catch (const results::ChangedFile& error) {
  throw core::UserError(fmt::format("{} (remove it to have it written again)", error.what()));
}

}  // namespace

void prepare_sweep(const SweepPlan& plan, const SweepOptions& options) {
  io::make_folders(options.out);
  if (const auto index = options.out / index_file; there(index)) {
    if (const std::string found = index_id(index); found != plan.id) {
      throw core::UserError(index, "no index, or that of sweep " + plan.id,
                            "that of sweep " + found + "; choose another folder");
    }
  }
  for (const SweepPoint* point : points_of(plan, options)) {
    const Files files(options.out, point->id);
    results::require_regular(files.result);
    erase(files.error);
    erase(files.refusal);
    if (options.force) erase(files.result);
    if (!files.done()) continue;
    static_cast<void>(read_point(files.result, point->id));  // refuses a foreign file
    results::tidy_result(files.result, point->id);
  }
}

bool is_open(const SweepPoint& point, const std::filesystem::path& out) {
  return Files(out, point.id).open();
}

std::vector<const SweepPoint*> open_points(const SweepPlan& plan, const SweepOptions& options) {
  std::vector<const SweepPoint*> points = points_of(plan, options);
  std::erase_if(points, [&](const SweepPoint* point) { return !is_open(*point, options.out); });
  return points;
}

void work_on_points(std::vector<const SweepPoint*> left, const SweepOptions& options,
                    results::Progress& progress) {
  const auto all = static_cast<std::int64_t>(left.size());
  progress.begin("sweep", all);
  while (!left.empty()) {
    const std::size_t before = left.size();
    for (auto point = left.begin(); point != left.end();) {
      const bool settled = !is_open(**point, options.out) || try_point(**point, options, progress);
      point = settled ? left.erase(point) : std::next(point);
      progress.advance(all - static_cast<std::int64_t>(left.size()), "");
    }
    if (progress.interrupted()) throw results::Interrupted(options.out);
    if (left.size() == before) std::this_thread::sleep_for(std::chrono::milliseconds(200));
  }
  progress.end();
}

SweepStatus sweep_status(const SweepPlan& plan, const std::filesystem::path& out) {
  SweepStatus status;
  for (const SweepPoint& point : plan.points) {
    const Files files(out, point.id);
    if (!point.refused.empty() || files.refused()) {
      ++status.refused;
    } else {
      ++(files.done() ? status.done : files.failed() ? status.failed : status.open);
    }
  }
  return status;
}

SweepStatus finish_sweep(const SweepPlan& plan, const std::filesystem::path& out) {
  SweepStatus status = sweep_status(plan, out);
  if (status.open > 0) return status;
  const io::FileLock lock(out / "index.lock", io::FileLock::Wait::yes);
  status.index = out / index_file;
  write_index(plan, status.index);
  return status;
}

SweepStatus sweep(const SweepPlan& plan, const SweepOptions& options, results::Progress& progress) {
  prepare_sweep(plan, options);
  work_on_points(open_points(plan, options), options, progress);
  return finish_sweep(plan, options.out);
}

SweepSummary summarise_sweep(const SweepPlan& plan, const std::filesystem::path& out) {
  const Figures figures = read_figures(plan, out);
  SweepSummary summary;
  summary.figures = plan.report;
  if (summary.figures.empty() && !figures.about.empty()) {
    std::vector<std::string> names;
    for (const results::Quantity& q : figures.about) names.push_back(q.name);
    summary.figures = {headline(names)};
  }
  for (const std::string& name : summary.figures) {
    if (figures.values.contains(name) || figures.about.empty()) continue;
    std::vector<std::string> known;
    for (const results::Quantity& q : figures.about) known.push_back(q.name);
    throw core::UserError(
        {}, "sweep.report", name,
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
