#include "ohmlab/core/config.hpp"

#include <fstream>

#include "ohmlab/core/hash.hpp"
#include "ohmlab/core/paths.hpp"

#include "tests/catch.hpp"
#include "tests/temp_folder.hpp"

using namespace ohmlab::core;

namespace {

void write(const std::filesystem::path& file, const std::string& text) {
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file) << text;
}

std::string error_of(const auto& action) {
  try {
    action();
  } catch (const std::exception& error) {
    return error.what();
  }
  return "no error";
}

/// The folders in which a base is sought by a config in `folder`, as messages list them.
std::string searched(const std::filesystem::path& folder) {
  std::string out =
      folder.string() + ", " + folder.parent_path().string() + "/, the current folder";
  for (const auto& root : config_roots()) out += ", " + root.string();
  return out;
}

/// Works in a folder, and goes back.
class WorkIn {
 public:
  explicit WorkIn(const std::filesystem::path& folder) : before_(std::filesystem::current_path()) {
    std::filesystem::current_path(folder);
  }
  WorkIn(const WorkIn&) = delete;
  WorkIn& operator=(const WorkIn&) = delete;
  ~WorkIn() { std::filesystem::current_path(before_); }

 private:
  std::filesystem::path before_;
};

}  // namespace

TEST_CASE("canonical text is sorted, dotted and reads back as itself") {
  const Node tree = parse_config(
      "b = 1\n[t]\ny = 1e-9\nx = \"a\\\"b\\n\"\nl = [1, 2.5, \"c\"]\n\"odd key\" = true", "x");
  const std::string text = canonical_text(tree);
  CHECK(text ==
        "b = 1\nt.l = [1, 2.5, \"c\"]\nt.\"odd key\" = true\nt.x = \"a\\\"b\\n\"\nt.y = 1e-09\n");
  CHECK(canonical_text(parse_config(text, "y")) == text);
}

TEST_CASE("a base lies under the keys of the table that names it") {
  const TempFolder folder;
  write(folder.path() / "devices/soft.toml",
        "g_max = 1e-6\n[pulse]\nkind = 'soft'\ndw_min = 0.1\nspread = 0.3\n");
  write(folder.path() / "experiments/e.toml",
        "[device]\nbase = 'devices/soft'\n[device.pulse]\ndw_min = 0.2\n[device.drift]\nnu = 1\n");
  const auto file = folder.path() / "experiments/e.toml";

  SECTION("keys merge, deepest first") {
    CHECK(canonical_text(load_config(file)) ==
          "device.drift.nu = 1\ndevice.g_max = 1e-06\ndevice.pulse.dw_min = 0.2\ndevice.pulse.kind "
          "= \"soft\"\n"
          "device.pulse.spread = 0.3\n");
  }
  SECTION("a set beats both, and another kind drops the base's parameters") {
    const std::string sets[] = {"device.pulse.kind=ideal", "device.g_max=\"2 uS\""};
    CHECK(canonical_text(load_config(file, sets)) ==
          "device.drift.nu = 1\ndevice.g_max = \"2 uS\"\ndevice.pulse.kind = \"ideal\"\n");
  }
  SECTION(
      "a kind set together with the base or the parameters of its table keeps them, in any order") {
    write(folder.path() / "f.toml", "[array]\nkind = 'ideal'\nrows = 3\n");
    const std::string expected =
        "array.device.g_max = 1e-06\narray.device.pulse.dw_min = 0.1\narray.device.pulse.kind = "
        "\"soft\"\n"
        "array.device.pulse.spread = 0.3\narray.kind = \"analog\"\narray.scale = 4\n";
    const std::string one[] = {"array.kind=analog", "array.device.base=devices/soft",
                               "array.scale=4"};
    const std::string two[] = {"array.scale=4", "array.device.base=devices/soft",
                               "array.kind=analog"};
    CHECK(canonical_text(load_config(folder.path() / "f.toml", one)) == expected);
    CHECK(canonical_text(load_config(folder.path() / "f.toml", two)) == expected);
  }
  SECTION("a base below a table that an earlier set replaces lies under the new table") {
    write(folder.path() / "f.toml", "[array]\nkind = 'ideal'\nrows = 3\n");
    for (const char* set : {"array=analog", "array={kind='analog'}"}) {
      const std::string sets[] = {set, "array.device.base=devices/soft", "array.scale=4"};
      CHECK(
          canonical_text(load_config(folder.path() / "f.toml", sets)) ==
          "array.device.g_max = 1e-06\narray.device.pulse.dw_min = 0.1\narray.device.pulse.kind = "
          "\"soft\"\narray.device.pulse.spread = 0.3\narray.kind = \"analog\"\narray.scale = "
          "4\n");
    }
  }
  SECTION("values keep the line they were written at") {
    const Node tree = load_config(file);
    CHECK(tree.find("device")->find("pulse")->find("dw_min")->where.line == 4);
    const Location spread = tree.find("device")->find("pulse")->find("spread")->where;
    CHECK(spread.line == 5);
    CHECK(std::filesystem::path(spread.source).filename() == "soft.toml");
  }
}

TEST_CASE("a set on a base's short form keeps its kind") {
  Node tree = parse_config("pulse = 'soft'", "x");
  set_key(tree, "pulse.dw_min", Node{0.5, {}});
  CHECK(canonical_text(tree) == "pulse.dw_min = 0.5\npulse.kind = \"soft\"\n");
}

TEST_CASE("bases that cannot be are refused with file and line") {
  const TempFolder folder;
  write(folder.path() / "a.toml", "x = 1\nbase = 'b'\n");
  write(folder.path() / "b.toml", "\nbase = 'a'\n");
  write(folder.path() / "c.toml", "[t]\nbase = 'c'\n");
  write(folder.path() / "d.toml", "base = 'gone'\n");
  write(folder.path() / "e.toml", "base = 3\n");
  const auto error = [&](const char* name) {
    return error_of([&] { (void)load_config(folder.path() / name); });
  };
  const std::string at = folder.path().string() + "/";
  CHECK(error("a.toml") == at + "a.toml:2: base = \"b\": this base leads back to itself");
  CHECK(error("c.toml").find(at + "c.toml:2: base = \"c\": this base leads back to itself") == 0);
  CHECK(error("d.toml") ==
        at + "d.toml:1: base = \"gone\": no such config in " + searched(folder.path()));
  CHECK(error("e.toml") == at + "e.toml:1: base = 3: expected the name of a config, in quotes");
  CHECK(error("gone.toml") ==
        at + "gone.toml: cannot read this config file: No such file or directory");
}

TEST_CASE("a base may have a base, and files are told from each other however they are named") {
  const TempFolder folder;
  write(folder.path() / "one.toml", "a = 1\nb = 1\nc = 1\n");
  write(folder.path() / "two.toml", "base = 'one'\nb = 2\nc = 2\n");
  write(folder.path() / "three.toml", "base = 'two'\nc = 3\n");
  CHECK(canonical_text(load_config(folder.path() / "three.toml")) == "a = 1\nb = 2\nc = 3\n");
  std::filesystem::create_directory_symlink(folder.path(), folder.path() / "link");
  write(folder.path() / "round.toml", "base = 'link/round'\n");
  CHECK(error_of([&] {
    (void)load_config(folder.path() / "round.toml");
  }).find("leads back to itself") != std::string::npos);
}

TEST_CASE(
    "bases are sought in the current folder too, and a config may be named without its ending") {
  const TempFolder folder;
  write(folder.path() / "here/mine.toml", "x = 1\n");
  write(folder.path() / "far/away/e.toml", "base = 'mine'\n");
  write(folder.path() / "far/away/f.toml", "base = './mine.toml'\n");
  const WorkIn here(folder.path() / "here");
  CHECK(canonical_text(load_config(folder.path() / "far/away/e.toml")) == "x = 1\n");
  CHECK(canonical_text(load_config(folder.path() / "far/away/f.toml")) == "x = 1\n");
  CHECK(canonical_text(load_config("mine")) == "x = 1\n");
  CHECK(error_of([] {
    (void)load_config("mien");
  }).find("mien: no such config in the current folder") == 0);
  CHECK(error_of([] { (void)load_config("mien"); }).find(", did you mean \"mine\"?") !=
        std::string::npos);
  CHECK(
      error_of([] { (void)load_config("mien.toml"); }) ==
      "mien.toml: cannot read this config file: No such file or directory, did you mean \"mine\"?");
}

TEST_CASE(
    "a table that is set goes over what is there key by key, unless it is a choice or empty") {
  const TempFolder folder;
  write(folder.path() / "d.toml", "g = 7\n");
  const auto set = [&](const std::string& key, const std::string& value) {
    const std::string sets[] = {key + "=" + value};
    return canonical_text(parse_config("[a]\nx = 1\ny = 2\n[a.c]\nkind = 'k'\nz = 3\n", "f.toml",
                                       folder.path(), sets));
  };
  CHECK(set("a", "{x = 5, c = {z = 4}}") == "a.c.kind = \"k\"\na.c.z = 4\na.x = 5\na.y = 2\n");
  CHECK(set("a.c", "{kind = 'k', n = 1}") == "a.c.kind = \"k\"\na.c.n = 1\na.x = 1\na.y = 2\n");
  CHECK(set("a", "{c = {base = 'd'}}") ==
        "a.c.g = 7\na.c.kind = \"k\"\na.c.z = 3\na.x = 1\na.y = 2\n");
  CHECK(set("a.c", "{kind = 'm', d = {base = 'd'}}") ==
        "a.c.d.g = 7\na.c.kind = \"m\"\na.x = 1\na.y = 2\n");
  CHECK(set("a.c", "{}") == "a.x = 1\na.y = 2\n");
}

TEST_CASE("a key of too many parts is refused before it makes so many tables") {
  std::string key = "a";
  for (int i = 0; i < 100'000; ++i) key += ".a";
  Node tree;
  CHECK(error_of([&] { set_key(tree, key, Node{true, {"argument set", 0}}); }) ==
        "argument set: expected at most 256 dots in a key");
}

TEST_CASE("a table knows the order in which it was written") {
  const auto order = [](const std::string& text) {
    std::string out;
    for (const auto* child : parse_config(text, "x").written()) out += child->first;
    return out;
  };
  CHECK(order("b = 1\nc = 2\na = 3") == "bca");
  const Node tree = parse_config("t = {z = [1], b = [2], y = 3}", "x");
  std::string keys;
  for (const auto* child : tree.find("t")->written()) keys += child->first;
  CHECK(keys == "zby");
}

TEST_CASE("broken TOML, dates and malformed sets name their place") {
  CHECK(error_of([] {
    (void)parse_config("a = 1\nb = ", "f.toml");
  }).rfind("f.toml:2: not valid TOML", 0) == 0);
  CHECK(error_of([] { (void)parse_config("a = 1979-05-27", "f.toml"); }) ==
        "f.toml:1: expected a number, text, flag, list or table; dates have no meaning here");
  const std::string malformed[] = {"seed"};
  CHECK(error_of([&] { (void)parse_config("", "f.toml", {}, malformed); }) ==
        "--set: seed: expected key=value");
}

TEST_CASE("a set value is a TOML value if it can be one, else text") {
  const std::string sets[] = {"a=3",    "b=3.0",   "c=true",   "d=[1, 2]",
                              "e=2 uS", "f=\"x\"", "g={h = 1}"};
  CHECK(canonical_text(parse_config("", "x", {}, sets)) ==
        "a = 3\nb = 3.0\nc = true\nd = [1, 2]\ne = \"2 uS\"\nf = \"x\"\ng.h = 1\n");
}

TEST_CASE("SHA-256 gives the standard's test vectors") {  // FIPS 180-4 examples
  CHECK(Sha256().add("abc").hex() ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(Sha256().hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(Sha256().add("a").add("bc").hex() == Sha256().add("abc").hex());
}

TEST_CASE(
    "a base in a nested table takes the place of a deeper one: one device is not laid under "
    "another") {
  const TempFolder folder;
  write(folder.path() / "one.toml", "g_max = 1\nnoise = 2\n");
  write(folder.path() / "two.toml", "g_max = 3\n");
  write(folder.path() / "e.toml",
        "[device]\nbase = 'one'\nendurance = 7\n[training]\nepochs = 2\n");
  write(folder.path() / "f.toml", "base = 'e'\n[device]\nbase = 'two'\n");
  CHECK(canonical_text(load_config(folder.path() / "f.toml")) ==
        "device.endurance = 7\ndevice.g_max = 3\ntraining.epochs = 2\n");
  // A base that only one of them names stays below, whatever its depth.
  write(folder.path() / "h.toml", "base = 'one'\n[training]\nbase = 'two'\n");
  write(folder.path() / "i.toml", "base = 'h'\n[training]\nepochs = 3\n");
  write(folder.path() / "j.toml", "base = 'i'\n[training]\nbase = 'one'\n");
  CHECK(canonical_text(load_config(folder.path() / "j.toml")) ==
        "g_max = 1\nnoise = 2\ntraining.epochs = 3\ntraining.g_max = 1\ntraining.noise = 2\n");
  // Keys of the same file stay, and a table without a base still goes over its parent's.
  const std::string sets[] = {"device.base=two"};
  CHECK(canonical_text(load_config(folder.path() / "e.toml", sets)) ==
        "device.endurance = 7\ndevice.g_max = 3\ntraining.epochs = 2\n");
  write(folder.path() / "g.toml", "base = 'e'\n[device]\ng_max = 5\n");
  CHECK(canonical_text(load_config(folder.path() / "g.toml")) ==
        "device.endurance = 7\ndevice.g_max = 5\ndevice.noise = 2\ntraining.epochs = 2\n");
}
