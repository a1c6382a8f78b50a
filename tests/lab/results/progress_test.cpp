#include "ohmlab/lab/results/progress.hpp"

#include <string>
#include <vector>

#include "ohmlab/lab/run.hpp"

#include "tests/catch.hpp"
#include "tests/temp_folder.hpp"

using namespace ohmlab;

namespace {

class Notes final : public results::Progress {
 public:
  void advance(std::int64_t, const std::string& note) override { notes.push_back(note); }
  std::vector<std::string> notes;
};

std::vector<std::string> notes_of(const std::string& config) {
  const TempFolder folder;
  Notes heard;
  static_cast<void>(
      lab::run(lab::plan(core::parse_config(config, "x.toml")), {.out = folder / "x.h5"}, heard));
  return heard.notes;
}

}  // namespace

TEST_CASE("a figure that progress shows again names the epoch that it is of") {
  const auto notes = notes_of(
      "kind = 'train'\ndata = {kind = 'bars_and_stripes', size = 3}\nmodel = {hidden = 4}\n"
      "training = {epochs = 5, batch = 4}\nevaluation = {every = 2}");
  REQUIRE(notes.size() == 5);
  for (const std::string& note : notes) CHECK(note.starts_with("test_log_likelihood -"));
  CHECK(notes[0].ends_with(" nat at epoch 0"));
  CHECK(notes[1].ends_with(" nat"));
  CHECK(notes[2] == notes[1] + " at epoch 2");
  CHECK(notes[3].ends_with(" nat"));
  CHECK(notes[4].ends_with(" nat"));
}

TEST_CASE("a loss of a transformer that progress shows again names the update that it is of") {
  const auto notes = notes_of(
      "kind = 'train_decoder'\nmodel = {layers = 1, width = 8, heads = 2}\n"
      "data = {kind = 'pixels', images = {kind = 'bars_and_stripes', size = 3}, validation = 5}\n"
      "training = {updates = 4, batch = 4, every = 2}");
  REQUIRE(notes.size() == 4);
  CHECK(notes[0].ends_with(" nat at update 0"));
  CHECK(notes[1].ends_with(" nat"));
  CHECK(notes[2] == notes[1] + " at update 2");
  CHECK(notes[3].ends_with(" nat"));
}
