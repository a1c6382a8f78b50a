#include "runs.hpp"

#include <map>
#include <span>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "../../core/errors.hpp"
#include "../../core/hash.hpp"
#include "../../core/input_file.hpp"
#include "../../io/idx.hpp"
#include "../../io/part_file.hpp"
#include "../results/to_quality.hpp"
#include "../sweep_jobs.hpp"

namespace ohmlab::verdict {
namespace {

/// The file of an IDX part, packed or not.
std::filesystem::path part_of(const std::filesystem::path& folder, const std::string& stem) {
  const auto packed = folder / (stem + ".gz");
  std::error_code ignored;
  return std::filesystem::exists(packed, ignored) ? packed : folder / stem;
}

/// Examples from `begin` to `end` of an array.
io::IdxArray examples(const io::IdxArray& all, std::size_t begin, std::size_t end) {
  const std::size_t size = all.values.size() / all.shape[0];
  io::IdxArray out{all.shape, {}};
  out.shape[0] = static_cast<std::uint32_t>(end - begin);
  out.values.assign(all.values.begin() + static_cast<std::ptrdiff_t>(begin * size),
                    all.values.begin() + static_cast<std::ptrdiff_t>(end * size));
  return out;
}

void write_text(const std::filesystem::path& file, const std::string& text) {
  io::PartFile part(file);
  part.write(std::as_bytes(std::span(text)));
  part.commit();
}

std::string read_text(const std::filesystem::path& file) {
  core::InputFile input(file);
  const std::vector<std::byte> bytes = input.read_rest();
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// First line of the message that a failed run has left; "" if there is none.
std::string reason_of(const std::filesystem::path& folder, const std::string& id) {
  for (const char* ending : {".refused.txt", ".error.txt"}) {
    const auto file = folder / (id + ending);
    std::error_code ignored;
    if (!std::filesystem::exists(file, ignored)) continue;
    const std::string text = read_text(file);
    return text.substr(0, text.find('\n'));
  }
  return "";
}

}  // namespace

lab::SweepPlan sweep_of(const std::vector<NamedRun>& runs) {
  lab::SweepPlan out;
  lab::DataDigests digests;
  core::Sha256 hash;
  std::map<std::string, int> seen;
  std::vector<std::string> labels;
  for (const NamedRun& run : runs) {
    lab::SweepPoint point;
    point.at = {out.points.size()};
    point.plan = run.plan;
    point.id = lab::id_of(run.plan, digests.of(run.plan));
    point.may_be_left_out = true;  // a training that diverges stops nothing else
    hash.add(point.id);
    out.points.push_back(std::move(point));
    const int before = seen[run.label]++;
    labels.push_back(before == 0 ? run.label : fmt::format("{} ({})", run.label, before + 1));
  }
  out.dimensions = {{"run", {{"", {}, labels}}}};
  out.id = hash.hex().substr(0, 16);
  return out;
}

std::vector<Outcome> run_all(const lab::SweepPlan& plan, const std::string& stage,
                             const RunOptions& options, results::Progress& progress) {
  const lab::SweepOptions sweeping{.out = options.out / stage, .threads = options.threads};
  if (options.jobs > 1) {
    lab::sweep_in_jobs(plan, sweeping, options.jobs, options.worker, progress);
  } else {
    lab::sweep(plan, sweeping, progress);
  }
  std::vector<Outcome> out;
  for (const lab::SweepPoint& point : plan.points) {
    Outcome& outcome = out.emplace_back();
    outcome.failed = reason_of(sweeping.out, point.id);
    if (outcome.failed.empty())
      outcome.result = results::read_training(sweeping.out / (point.id + ".h5")).result;
  }
  return out;
}

std::filesystem::path write_validation(const lab::Plan& plan, std::int64_t count,
                                       const std::filesystem::path& out) {
  const std::vector<std::filesystem::path> found = lab::found_paths(plan);
  if (found.empty())
    throw core::UserError({}, "data", "",
                          "expected images in IDX files, to keep some of them for "
                          "validation");
  const std::filesystem::path folder = std::filesystem::absolute(out / "validation");
  for (const std::string what : {"images-idx3-ubyte", "labels-idx1-ubyte"}) {
    const io::IdxArray all = io::read_idx(part_of(found.front(), "train-" + what));
    const std::size_t number = all.shape[0], kept = static_cast<std::size_t>(count);
    if (kept >= number)
      throw core::UserError({}, "verdict.validation", std::to_string(count),
                            fmt::format("expected fewer than the {} training images", number));
    for (const bool test : {false, true}) {
      const auto file = folder / fmt::format("{}-{}", test ? "t10k" : "train", what);
      std::error_code ignored;
      if (std::filesystem::exists(file, ignored)) continue;
      io::make_folders(folder);
      io::write_idx(file,
                    test ? examples(all, number - kept, number) : examples(all, 0, number - kept));
    }
  }
  return folder;
}

void claim_folder(const lab::SweepPlan& screen, const std::string& question,
                  const std::filesystem::path& out) {
  std::string text = question + "\n";
  for (std::size_t i = 0; i < screen.points.size(); ++i)
    text +=
        fmt::format("{}  {}\n", screen.points[i].id, screen.dimensions[0].coordinates[0].labels[i]);
  const std::filesystem::path file = out / "plan.txt";
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) {
    io::make_folders(out);
    write_text(file, text);
  } else if (read_text(file) != text) {
    throw core::UserError(file, "no plan, or that of this verdict",
                          "that of another one; choose another folder with --out");
  }
}

Curve curve_of(const results::Result& result, const std::string& metric) {
  return {result.axis.values, results::metric_of(result, metric).values};
}

}  // namespace ohmlab::verdict
