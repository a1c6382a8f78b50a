#include "tests/fuzz/targets.hpp"

#include <array>
#include <new>
#include <stdexcept>

#include "ohmlab/core/config.hpp"
#include "ohmlab/core/errors.hpp"
#include "ohmlab/cost/prices.hpp"
#include "ohmlab/io/gzip.hpp"
#include "ohmlab/io/idx.hpp"
#include "ohmlab/lab/results/checkpoint.hpp"
#include "ohmlab/lab/run.hpp"

#include "tests/temp_folder.hpp"

using namespace ohmlab;

namespace fuzz {
namespace {

const std::filesystem::path configs = OHMLAB_CONFIG_FOLDER;

std::vector<std::string> files_in(const std::filesystem::path& folder) {
  std::vector<std::string> out;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".toml") out.push_back(bytes_of(entry.path()));
  }
  return out;
}

/// Stops at the first question.
class Impatient final : public results::Progress {
 public:
  [[nodiscard]] bool interrupted() override { return true; }
};

lab::Plan small_plan() {
  return lab::plan(core::parse_config(
      "kind = 'train'\nmodel = {hidden = 3}\ndata = {kind = 'bars_and_stripes', size = 3}\n"
      "rule = {kind = 'pcd', chains = 4}\ntraining = {epochs = 2, batch = 4}",
      "small.toml"));
}

std::vector<std::string> config_seeds() { return files_in(configs / "experiments"); }
void read_config(const std::string& input) {
  static_cast<void>(lab::plan(core::parse_config(input, "fuzz.toml", configs / "experiments")));
}

std::vector<std::string> price_seeds() { return files_in(configs / "prices"); }
void read_prices(const std::string& input) {
  const TempFolder folder;  // with all that a list may name beside itself
  for (const auto& entry : std::filesystem::directory_iterator(configs / "prices"))
    std::filesystem::create_symlink(entry.path(), folder.path() / entry.path().filename());
  write_bytes(folder / "fuzz.toml", input);
  static_cast<void>(cost::load_prices(folder / "fuzz.toml"));
}

std::vector<std::string> idx_seeds() {
  using namespace std::string_literals;
  const std::string plain = "\0\0\x08\x03\0\0\0\x02\0\0\0\x02\0\0\0\x03"s + "abcdefghijkl";
  const TempFolder folder;
  io::write_file(folder / "x.gz", std::as_bytes(std::span(plain)));
  return {plain, "\0\0\x08\x01\0\0\0\x04"s + "wxyz", bytes_of(folder / "x.gz")};
}
void read_idx(const std::string& input) {
  const TempFolder folder;
  write_bytes(folder / "x", input);
  static_cast<void>(io::read_idx(folder / "x"));
}

std::vector<std::string> result_seeds() {
  const TempFolder folder;
  results::Progress silent;
  static_cast<void>(lab::run(small_plan(), {.out = folder / "x.h5"}, silent));
  return {bytes_of(folder / "x.h5")};
}
/// Read with its digest compared, it is the whole file or refused; on request it is read or
/// refused.
void read_result(const std::string& input) {
  static const std::string whole = result_seeds()[0];
  const TempFolder folder;
  const auto file = folder / "x.h5";
  write_bytes(file, input);
  bool refused = false;
  try {
    static_cast<void>(results::read_result(file));
  } catch (const core::UserError&) {
    refused = true;
  }
  if (!refused && input.size() != whole.size()) throw std::logic_error("a damaged result was read");
  static_cast<void>(results::read_result(file, results::Changed::read));
}

std::vector<std::string> state_seeds() {
  const TempFolder folder;
  Impatient stop;
  try {
    static_cast<void>(lab::run(small_plan(), {.out = folder / "x.h5"}, stop));
  } catch (const results::Interrupted&) {
    return {bytes_of(folder / "x.h5.state")};
  }
  throw std::logic_error("the run did not stop");
}
/// A state that is not as it was written is refused: a run that ends goes on from the whole state.
void read_state(const std::string& input) {
  static const std::string whole = state_seeds()[0];
  const TempFolder folder;
  write_bytes(folder / "x.h5.state", input);
  results::Progress silent;
  static_cast<void>(lab::run(small_plan(), {.out = folder / "x.h5"}, silent));
  if (input != whole) throw std::logic_error("a damaged state was resumed");
}

constexpr std::array all{
    Target{"config", config_seeds, read_config}, Target{"prices", price_seeds, read_prices},
    Target{"idx", idx_seeds, read_idx}, Target{"result", result_seeds, read_result},
    Target{"state", state_seeds, read_state}};

}  // namespace

std::span<const Target> targets() { return all; }

const Target& target(const std::string& name) {
  for (const Target& found : all) {
    if (found.name == name) return found;
  }
  throw std::invalid_argument("no fuzz target " + name);
}

void read(const Target& target, const std::string& input) {
  try {
    target.read(input);
  } catch (const core::UserError&) {
  } catch (const core::WorldError&) {
  } catch (const std::bad_alloc&) {
  }
}

}  // namespace fuzz
