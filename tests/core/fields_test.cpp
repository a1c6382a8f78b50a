#include "ohmlab/core/describe.hpp"
#include "ohmlab/core/field_values.hpp"

#include "tests/catch.hpp"

using namespace ohmlab::core;

namespace {

enum class Mode { fast, exact };
constexpr std::array<std::string_view, 2> enum_names(Mode) { return {"fast", "exact"}; }

struct None {
  static constexpr std::string_view name = "none";
  static constexpr std::string_view summary = "Nothing happens.";
  static constexpr Fields<> fields{};
};

struct PowerLaw {
  static constexpr std::string_view name = "power_law";
  static constexpr std::string_view summary = "Falls as a power of time.";
  double nu = 0.05;
  double t0 = 1.0;
  static constexpr auto fields = Fields{
      field("nu", &PowerLaw::nu, "", at_least(0), "exponent"),
      field("t0", &PowerLaw::t0, "s", above(0), "first read"),
  };
  [[nodiscard]] std::string problem() const {
    return nu > 1 && t0 > 1 ? "nu and t0 may not both exceed 1" : "";
  }
};

struct Drift : OneOf<None, PowerLaw> {
  static constexpr std::string_view name = "drift";
  static constexpr std::string_view question = "What does time do?";
};

struct Part {
  double size = 1.5;
  static constexpr auto fields = Fields{field("size", &Part::size, "m", between(0, 2), "its size")};
};

struct Whole {
  std::int64_t count = 3;
  bool on = true;
  Mode mode = Mode::exact;
  std::string label = "x";
  std::vector<double> ages = {1.0, 3600.0};
  std::optional<double> g_max;
  Part part;
  Drift drift;
  std::map<std::string, double> costs;
  double need = 0;
  static constexpr auto fields = Fields{
      field("count", &Whole::count, "", between(1, 9), "how many"),
      field("on", &Whole::on, "whether"),
      field("mode", &Whole::mode, "how"),
      field("label", &Whole::label, "its name"),
      field("ages", &Whole::ages, "s", above(0), "when"),
      field("g_max", &Whole::g_max, "S", above(0), "largest conductance"),
      field("part", &Whole::part, "a nested table"),
      field("drift", &Whole::drift, "what time does"),
      field("costs", &Whole::costs, "J", at_least(0), "any names"),
      field("need", &Whole::need, "V", any, "a voltage nobody can guess", Need::required),
  };
};

struct Leaf {
  DataPath folder;
  static constexpr auto fields = Fields{field("folder", &Leaf::folder, "data")};
};
struct Top {
  Leaf leaf;
  DataPath own;
  std::vector<Leaf> list;
  std::map<std::string, DataPath> table;
  std::optional<DataPath> last;
  static constexpr auto fields = Fields{
      field("leaf", &Top::leaf, "a"), field("own", &Top::own, "b"), field("list", &Top::list, "c"),
      field("table", &Top::table, "d"), field("last", &Top::last, "e")};
};

std::string error_of(const std::string& text) {
  try {
    (void)read<Whole>(parse_config(text, "x.toml"));
  } catch (const UserError& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("defaults fill what a config leaves out, and the resolved text reads back as itself") {
  const auto whole = read<Whole>(parse_config("need = '3 mV'", "x"));
  CHECK(whole.need == 3e-3);
  CHECK(whole.drift.is<None>());
  const std::string text = canonical_text(to_node(whole));
  CHECK(text ==
        "ages = [1.0, 3600.0]\ncount = 3\ndrift.kind = \"none\"\nlabel = \"x\"\nmode = "
        "\"exact\"\nneed = 0.003\n"
        "on = true\npart.size = 1.5\n");
  CHECK(canonical_text(to_node(read<Whole>(parse_config(text, "y")))) == text);
}

TEST_CASE("every kind of field is read") {
  const auto whole = read<Whole>(parse_config(
      "need = 1\ncount = 9\non = false\nmode = 'fast'\nlabel = 'é'\nages = ['1 h', 2]\ng_max = '25 "
      "uS'\n"
      "part = {size = '3 mm'}\ndrift = {kind = 'power_law', nu = 0.1}\ncosts = {adc = '2 pJ'}",
      "x"));
  CHECK(whole.count == 9);
  CHECK_FALSE(whole.on);
  CHECK(whole.mode == Mode::fast);
  CHECK(whole.ages == std::vector<double>{3600, 2});
  CHECK(whole.g_max == 25e-6);
  CHECK(whole.part.size == 3e-3);
  CHECK(std::get<PowerLaw>(whole.drift.choice).nu == 0.1);
  CHECK(whole.costs.at("adc") == 2e-12);
  CHECK(read<Whole>(parse_config("need = 1\ndrift = 'power_law'", "x")).drift.is<PowerLaw>());
}

TEST_CASE("each mistake is told with file, line, key, value and what was expected") {
  CHECK(error_of("") == "x.toml:1: need: is missing: a voltage nobody can guess");
  CHECK(error_of("need = 1\ncuont = 3") == "x.toml:2: cuont: unknown key, did you mean \"count\"?");
  CHECK(error_of("need = 1\ncount = 10") ==
        "x.toml:2: count = 10: expected a whole number from 1 to 9");
  CHECK(error_of("need = 1\ncount = 2.0") == "x.toml:2: count = 2.0: expected a whole number");
  CHECK(error_of("need = 1\non = 1") == "x.toml:2: on = 1: expected true or false");
  CHECK(error_of("need = 1\nmode = 'exat'") ==
        "x.toml:2: mode = \"exat\": expected one of \"fast\", \"exact\", did you mean \"exact\"?");
  CHECK(error_of("need = 1\nlabel = 1") == "x.toml:2: label = 1: expected text in quotes");
  CHECK(error_of("need = 1\nages = 3") == "x.toml:2: ages = 3: expected a list in square brackets");
  CHECK(error_of("need = 1\nages = [1,\n 0]") == "x.toml:3: ages = 0: expected a number above 0");
  CHECK(error_of("need = 1\ng_max = '25 uV'") ==
        "x.toml:2: g_max = \"25 uV\": expected a number in S, or text such as \"1 S\" or \"1 mS\"");
  CHECK(error_of("need = nan") ==
        "x.toml:1: need = nan: expected a number in V, or text such as \"1 V\" or \"1 mV\"");
  CHECK(error_of("need = 1\npart = 3") == "x.toml:2: part = 3: expected a table");
  CHECK(error_of("need = 1\n[part]\nsiez = 1") ==
        "x.toml:3: part.siez: unknown key, did you mean \"size\"?");
  CHECK(error_of("need = 1\ndrift = 'powerlaw'") ==
        "x.toml:2: drift = \"powerlaw\": expected one of \"none\", \"power_law\", did you mean "
        "\"power_law\"?");
  CHECK(error_of("need = 1\n[drift]\nkind = 'none'\nnu = 1") ==
        "x.toml:4: drift.nu: unknown key; nothing is set here");
  CHECK(error_of("need = 1\n[drift]\nkind = 'power_law'\nnu = 2\nt0 = 2") ==
        "x.toml:2: drift: nu and t0 may not both exceed 1");
  CHECK(error_of("need = 1\n[costs]\nadc = -1") ==
        "x.toml:3: costs.adc = -1: expected a number at least 0");
}

TEST_CASE("a field table describes itself") {
  const auto fields = describe_fields<Whole>();
  REQUIRE(fields.size() == 10);
  CHECK(fields[0].type == "integer");
  CHECK(fields[0].range == "from 1 to 9");
  CHECK(fields[0].standard == "3");
  CHECK(fields[2].range == "\"fast\", \"exact\"");
  CHECK(fields[4].type == "list of numbers");
  CHECK(fields[5].standard.empty());
  CHECK(fields[6].fields.at(0).name == "size");
  CHECK(fields[7].catalogue == "drift");
  CHECK(fields[7].standard == "\"none\"");
  CHECK(fields[9].required);

  const CatalogueInfo info = describe_catalogue<Drift>();
  CHECK(info.question == "What does time do?");
  REQUIRE(info.entries.size() == 2);
  CHECK(info.entries[1].fields.at(1).unit == "s");
}

TEST_CASE("data paths are found wherever they lie in a value") {
  auto top = read<Top>(
      parse_config("own = 'x'\nleaf = {folder = 'y'}\nlist = [{folder = '1'}, {folder = '2'}]\n"
                   "table = {b = 'q', a = 'p'}\nlast = 'z'",
                   "f"));
  std::string seen;
  each_path(top, [&](DataPath& path) { seen += path.text; });
  CHECK(seen == "yx12pqz");
}

namespace {
struct Cell {
  double g = 1e-6, v = 1;
  std::vector<double> times;
  Ordered<std::vector<double>> walks;
  static constexpr auto fields = Fields{
      field("g", &Cell::g, "S", above(0), "conductance").usually(1e-9, 1e-2),
      field("v", &Cell::v, "V", above(0), "voltage"),
      field("times", &Cell::times, "s", at_least(0), "when").usually(1, 10),
      field("walks", &Cell::walks, "", any, "lists in order"),
  };
  [[nodiscard]] std::string problem() const { return g > v ? "expected g below v" : ""; }
};
struct Holder {
  Cell cell;
  Drift drift;
  static constexpr auto fields =
      Fields{field("cell", &Holder::cell, "a cell"), field("drift", &Holder::drift, "its drift")};
};
}  // namespace

TEST_CASE("a bare number beyond what is plausible is doubted; with its unit it is meant") {
  const auto doubts = [](const std::string& text) {
    const Node tree = parse_config(text, "x.toml");
    return doubts_of(read<Holder>(tree), tree);
  };
  CHECK(doubts("cell = {g = 1.6, v = 1e6}\ndrift = 'power_law'") ==
        std::vector<std::string>{"x.toml:1: cell.g = 1.6: a number without unit is in S, usual are "
                                 "1e-09 to 0.01; write \"1.6 S\" if it is meant"});
  CHECK(doubts("cell = {g = '1.6 S', v = 1e6}").empty());
  CHECK(doubts("cell = {g = 1e-2}\n").empty());
  CHECK(doubts("").empty());
  CHECK(doubts("[cell]\ntimes = [0, 5, 20, '1 h']").size() == 1);
  CHECK(describe_fields<Cell>()[0].plausible == "from 1e-09 to 0.01");
  CHECK(describe_fields<Cell>()[1].plausible.empty());
}

TEST_CASE(
    "parts that do not go together are blamed on what was set from outside of the file, beside the "
    "file") {
  const auto error = [](const std::vector<std::string>& sets) {
    try {
      (void)read<Holder>(parse_config("a = 1\n", "x.toml", {}, sets));
    } catch (const UserError& problem) {
      return std::string(problem.what());
    }
    return std::string();
  };
  CHECK(error({"cell.g=2"}).find("x.toml:1: a: unknown key") == 0);
  const auto crooked = [](const std::vector<std::string>& sets) {
    try {
      (void)read<Holder>(parse_config("\n[cell]\nv = 1\n", "x.toml", {}, sets));
    } catch (const UserError& problem) {
      return std::string(problem.what());
    }
    return std::string();
  };
  CHECK(crooked({"cell.g=2"}) == "--set and x.toml:2: cell: expected g below v");
}

TEST_CASE("an ordered table is read in the order written, and described as one") {
  const auto cell = read<Cell>(parse_config("walks = {b = [1, 2], a = [3]}", "x"));
  REQUIRE(cell.walks.items.size() == 2);
  CHECK(cell.walks.items[0].first == "b");
  CHECK(cell.walks.items[1].second == std::vector<double>{3});
  const Node node = to_node(cell);
  CHECK(node.find("walks")->written()[0]->first == "b");
  CHECK(describe_fields<Cell>()[3].type == "table of lists of numbers");
}
