#include "checkpoint.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "../../core/errors.hpp"
#include "../../io/hdf5.hpp"
#include "build.hpp"
#include "result.hpp"

namespace ohmlab::results {
namespace {

constexpr const char* format_name = "ohmlab state";

core::Archive::Items read_items(const io::Hdf5Reader& file) {
  core::Archive::Items items;
  for (const std::string& name : file.names("/float32")) {
    items.emplace(name, file.read_floats("/float32/" + name).values);
  }
  for (const std::string& name : file.names("/float64")) {
    items.emplace(name, file.read_doubles("/float64/" + name).values);
  }
  for (const std::string& name : file.names("/uint64")) {
    items.emplace(name, file.read_uint64("/uint64/" + name).values);
  }
  for (const std::string& name : file.names("/text")) {
    items.emplace(name, file.read_strings("/text/" + name).values);
  }
  return items;
}

struct Folder {
  const char* operator()(const std::vector<float>&) const { return "/float32/"; }
  const char* operator()(const std::vector<double>&) const { return "/float64/"; }
  const char* operator()(const std::vector<std::uint64_t>&) const { return "/uint64/"; }
  const char* operator()(const std::vector<std::string>&) const { return "/text/"; }
};

/// \throws core::UserError if the file is no state of a run
void require_state(const io::Hdf5Reader& file) {
  if (file.has_attribute("/", "format") && file.attribute_text("/", "format") == format_name)
    return;
  throw core::UserError(file.path(), "the state of a run of ohmlab",
                        "an HDF5 file of another kind");
}

}  // namespace

Interrupted::Interrupted() : text_("stopped; nothing is stored, the same command begins again") {}

Interrupted::Interrupted(const std::filesystem::path& file)
    : text_("stopped; the same command goes on from " + file.string()) {}

Checkpoint::Checkpoint(std::filesystem::path result, std::string id, double every,
                       Progress& progress)
    : file_(std::move(result)),
      id_(std::move(id)),
      every_(every),
      pause_(every),
      progress_(&progress) {
  file_ += ".state";
}

bool Checkpoint::resume(const State& state) {
  std::error_code ignored;  // an impossible path is reported when it is written
  if (!progress_ || !std::filesystem::exists(file_, ignored)) return false;
  try {
    const io::Hdf5Reader file(file_);
    require_state(file);
    if (file.attribute_text("/", "id") != id_) return false;
    if (const std::string found = file.attribute_text("/", "build"); found != build()) {
      progress_->say(
          fmt::format("{}: state of another build ({}); starting again", file_.string(), found));
      return false;
    }
    core::Archive archive(read_items(file));
    state(archive);
  } catch (const core::UserError& error) {
    throw core::UserError(fmt::format("{} (remove the file to start again)", error.what()));
  } catch (const core::WorldError&) {
    throw;
  } catch (const std::exception& error) {  // also std::bad_alloc
    throw core::UserError(file_, "the state of this run (remove the file to start again)",
                          error.what());
  }
  stored_ = true;
  return true;
}

void Checkpoint::reached(const State& state) {
  if (!progress_) return;
  const bool stop = progress_->interrupted();
  if (!stop && std::chrono::steady_clock::now() - last_ < pause_) return;
  const std::string failure = try_to_store(state);
  if (stop && !failure.empty() && !stored_) throw core::WorldError(failure);
  if (stop) throw Interrupted(file_);
}

void Checkpoint::pass() const {
  if (progress_ && progress_->interrupted()) throw Interrupted();
}

void Checkpoint::store(const State& state) {
  if (progress_) static_cast<void>(try_to_store(state));
}

std::string Checkpoint::try_to_store(const State& state) {
  const auto begun = std::chrono::steady_clock::now();
  std::string failure;
  try {
    write(state);
    stored_ = true;
  } catch (const core::WorldError& error) {
    failure = error.what();
    progress_->say(fmt::format("{}; the run goes on, {}", failure,
                               stored_ ? "and its last state is kept" : "without a stored state"));
  }
  // After a failure too: a full disk is not tried again at once.
  last_ = std::chrono::steady_clock::now();
  if (every_.count() > 0) pause_ = std::max<Seconds>(every_, last_ - begun);
  return failure;
}

void Checkpoint::write(const State& state) const {
  core::Archive archive;
  state(archive);
  io::Hdf5Writer file(file_);
  file.attribute("/", "format", std::string(format_name));
  file.attribute("/", "schema", schema);
  file.attribute("/", "id", id_);
  file.attribute("/", "build", build());
  for (const char* group : {"/float32", "/float64", "/uint64", "/text"}) file.group(group);
  for (const auto& [name, values] : archive.items()) {
    const std::string path = std::visit(Folder{}, values) + name;
    std::visit([&](const auto& v) { file.dataset(path, v, {v.size()}, {}); }, values);
  }
  file.commit();
}

void Checkpoint::discard() const {
  if (!progress_) return;
  std::error_code ignored;
  std::filesystem::remove(file_, ignored);
  std::filesystem::remove(file_.string() + ".part", ignored);  // of a killed process
}

std::string id_of_state(const std::filesystem::path& result) {
  std::filesystem::path state = result;
  state += ".state";
  std::error_code ignored;  // an impossible path is reported when it is written
  if (!std::filesystem::exists(state, ignored)) return "";
  try {
    const io::Hdf5Reader file(state);
    require_state(file);
    return file.attribute_text("/", "id");
  } catch (const core::UserError& error) {
    throw core::UserError(fmt::format("{} (remove the file to start again)", error.what()));
  }
}

}  // namespace ohmlab::results
