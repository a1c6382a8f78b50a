#include "prices.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "../core/config.hpp"
#include "../core/errors.hpp"
#include "../core/field_values.hpp"
#include "../core/paths.hpp"
#include "../core/suggest.hpp"
#include "actions.hpp"
#include "prices_tree.hpp"

namespace ohmlab::cost {
namespace {

constexpr std::array action_tables{"energy", "latency"}, part_tables{"power", "area"};

template <class Infos>
std::vector<std::string_view> names_of(const Infos& infos) {
  std::vector<std::string_view> names;
  for (const auto& info : infos) names.push_back(info.name);
  return names;
}

void check_names(const core::Node* table, const std::string& key, const char* what,
                 const std::vector<std::string_view>& names) {
  if (!table || !table->is_table()) return;
  for (const auto& [name, value] : table->table()) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    throw core::UserError(value.where, key + "." + name, "",
                          std::string("no such ") + what + core::did_you_mean(name, names));
  }
}

/// Refuses what has a price and is also included in another.
void refuse_twice(const core::Node& place, const std::string& key) {
  const core::Node* included = place.find("included");
  if (!included || !included->is_table()) return;
  for (const auto& [table, reasons] : included->table()) {
    const core::Node* prices = place.find(table);
    if (!prices || !prices->is_table() || !reasons.is_table()) continue;
    for (const auto& [name, reason] : reasons.table()) {
      if (prices->find(name))
        throw core::UserError(reason.where, key + ".included." + table + "." + name, "",
                              "it has a price as well: expected one of both, or it would be paid "
                              "twice");
    }
  }
}

/// Checks that prices and inclusions name known actions and parts.
void check_place(const core::Node& place, const std::string& key) {
  const auto action_names = names_of(actions());
  std::vector<std::string_view> part_names;
  for (const PartInfo& part : parts())
    if (!part.counted) part_names.push_back(part.name);
  const core::Node* included = place.find("included");
  const core::Node* around = place.find("around");
  refuse_twice(place, key);
  for (const char* table : action_tables) {
    check_names(place.find(table), key + "." + table, "action", action_names);
    if (included)
      check_names(included->find(table), key + ".included." + table, "action", action_names);
  }
  for (const char* table : part_tables) {
    check_names(place.find(table), key + "." + table, "part", part_names);
    if (included)
      check_names(included->find(table), key + ".included." + table, "part", part_names);
  }
  if (around) check_names(around->find("parts"), key + ".around.parts", "part", part_names);
  check_names(place.find("on_chip"), key + ".on_chip", "access of main memory",
              {name(Action::memory_read), name(Action::memory_write)});
}

/// The node of a dotted key, or the last one found on the way to it.
const core::Node& at(const core::Node& tree, std::initializer_list<std::string_view> path) {
  const core::Node* node = &tree;
  for (const std::string_view step : path) {
    const core::Node* next = node->is_table() ? node->find(step) : nullptr;
    if (!next) break;
    node = next;
  }
  return *node;
}

/// Carries the prices of one list to its places, and refuses those that cannot be carried.
class Carrier {
 public:
  explicit Carrier(const core::Node& tree) : tree_(&tree) {}

  void carry(Prices& prices) const {
    for (auto& [name, rates] : prices.places) carry(name, rates);
    if (!prices.facility) return;
    Facility& facility = *prices.facility;
    const auto of_facility = [&](auto& price, std::string_view key) {
      carry(price, {}, {"facility", key}, true);
    };
    of_facility(facility.pue, "pue");
    of_facility(facility.electricity, "electricity");
    of_facility(facility.carbon, "carbon");
  }

 private:
  void carry(const std::string& place, Rates& rates) const {
    const Technology here{rates.node, rates.voltage};
    const auto of_actions = [&](auto& prices, const char* table) {
      for (auto& [name, price] : prices)
        carry(price, here, {"places", place, table, name}, info(*find_action(name)).digital());
    };
    const auto of_parts = [&](auto& prices, const char* table) {
      for (auto& [name, price] : prices)
        carry(price, here, {"places", place, table, name}, info(*find_part(name)).digital);
    };
    of_actions(rates.energy, "energy");
    of_actions(rates.latency, "latency");
    of_parts(rates.power, "power");
    of_parts(rates.area, "area");
    for (auto& [name, price] : rates.background)
      carry(price, here, {"places", place, "background", name}, true);
    for (auto& [name, price] : rates.on_chip)
      carry(price, here, {"places", place, "on_chip", name}, true);
    if (rates.times.t_read)
      carry(*rates.times.t_read, {}, {"places", place, "times", "t_read"}, false);
    if (rates.times.t_pulse)
      carry(*rates.times.t_pulse, {}, {"places", place, "times", "t_pulse"}, false);
    if (rates.design)
      carry(rates.design->factor, here, {"places", place, "design", "factor"}, false);
    if (rates.supply) carry(*rates.supply, here, {"places", place, "supply"}, false);
    if (!rates.around) return;
    carry(rates.around->overhead, here, {"places", place, "around", "overhead"}, false);
    if (rates.around->host)
      carry(*rates.around->host, here, {"places", place, "around", "host"}, true);
    if (rates.around->silicon) {
      carry(*rates.around->silicon, here, {"places", place, "around", "silicon"}, false);
    }
    if (rates.around->host_price) {
      carry(*rates.around->host_price, here, {"places", place, "around", "host_price"}, false);
    }
    for (auto& [name, price] : rates.around->parts) {
      carry(price, here, {"places", place, "around", "parts", name}, false);
    }
  }

  using Path = std::initializer_list<std::string_view>;

  template <class P>
  void carry(P& price, const Technology& here, Path path, bool digital) const {
    const bool logic = price.scaling.visit([](const auto& rule) { return rule.digital; });
    if (logic && !digital) {
      refuse(path, "scaling \"" + std::string(price.scaling.kind()) +
                       "\" is a rule of digital logic: expected another, or none, for what is "
                       "limited by noise, matching, wires or the voltage of the cells");
    }
    refuse_ignored(price, path);
    const std::string own = price.scaling.visit(
        [&](const auto& rule) { return node_problem(rule, price.technology()); });
    if (!own.empty()) refuse(path, own + " at which it stands");
    const std::string there =
        price.scaling.visit([&](const auto& rule) { return node_problem(rule, here); });
    if (!there.empty()) refuse_place(path, there + " of the place");
    const std::string missing = price.carry(here);
    if (!missing.empty()) refuse(path, missing);
  }

  /// Refuses a scope and a unit of work where nothing reads them.
  template <class P>
  void refuse_ignored(const P& price, Path path) const {
    const std::string_view table = path.size() == 4 ? *(path.begin() + 2) : "";
    if (price.per == Per::cell && table != "energy")
      refuse(path, R"(per = "cell" is for joules of a line's action alone)");
    if (price.scope == Scope::macro && table != "energy" && table != "power")
      refuse(path, R"(scope = "macro" is for joules of actions and watts of parts alone)");
  }

  /// Nodes outside a rule's table have no price: the nearest one is another technology.
  template <class Rule>
  static std::string node_problem(const Rule& rule, const Technology& technology) {
    if constexpr (requires { Rule::smallest; }) {
      if (technology.node && !rule.covers(*technology.node)) {
        return fmt::format(
            R"(scaling "{}" is known from {:g} to {:g} nm: expected a node in this range, or another rule; found the {:g} nm)",
            Rule::name, Rule::smallest * 1e9, Rule::largest * 1e9, *technology.node * 1e9);
      }
    }
    return "";
  }

  [[noreturn]] void refuse(Path path, const std::string& message) const {
    throw core::UserError(core::blamed(at(*tree_, path)), fmt::format("{}", fmt::join(path, ".")),
                          "", message);
  }
  /// Refuses a price because of the node of its place.
  [[noreturn]] void refuse_place(Path path, const std::string& message) const {
    const core::Node& node = at(*tree_, {*path.begin(), *(path.begin() + 1), "node"});
    throw core::UserError(node.where, fmt::format("{}", fmt::join(path, ".")), "", message);
  }

  const core::Node* tree_;
};

/// Refuses a digital machine without a memory, and keys that its kind of machine does not have.
void check_machine(const std::string& name, const Rates& rates, const core::Node& place) {
  const auto refuse = [&](const char* key, const char* message) {
    const core::Node* found = place.find(key);
    throw core::UserError(core::blamed(found ? *found : place),
                          fmt::format("places.{}.{}", name, key), "", message);
  };
  const bool array = machine_of(name, rates) == Machine::array;
  if (!array && !rates.memory) {
    refuse("memory",
           "expected the bytes that this digital machine keeps on its chip, e.g. \"50 MB\": they "
           "decide what comes from main memory");
  }
  if (array && rates.memory)
    refuse("memory", "expected none: only digital machines choose between chip and main memory");
  if (array && !rates.on_chip.empty())
    refuse("on_chip", "expected none: only digital machines choose between chip and main memory");
  if (!array && (rates.times.t_read || rates.times.t_pulse))
    refuse("times", "expected none: only arrays have times of reads and pulses");
}

Prices read_prices(const core::Node& tree) {
  const core::Node* places = tree.find("places");
  if (places && places->is_table()) {
    for (const auto& [name, place] : places->table()) check_place(place, "places." + name);
  }
  auto prices = core::read<Prices>(tree);
  for (const auto& [name, rates] : prices.places)
    check_machine(name, rates, at(tree, {"places", name}));
  Carrier(tree).carry(prices);
  prices.warnings = core::doubts_of(prices, tree);
  return prices;
}

/// True if a dotted key names a whole price, not a field of one.
bool names_a_price(const std::string& key) {
  std::vector<std::string> steps;
  for (std::size_t begin = 0; begin <= key.size();) {
    const std::size_t end = std::min(key.find('.', begin), key.size());
    steps.push_back(key.substr(begin, end - begin));
    begin = end + 1;
  }
  const auto any_of = [](const std::string& step, std::initializer_list<std::string_view> names) {
    return std::find(names.begin(), names.end(), step) != names.end();
  };
  if (steps.size() == 2) {
    return steps[0] == "facility" && any_of(steps[1], {"pue", "electricity", "carbon"});
  }
  if (steps.size() < 3 || steps[0] != "places") return false;
  if (steps[2] == "supply") return steps.size() == 3;
  if (steps[2] == "around") {
    return steps.size() == 5 ? steps[3] == "parts"
                             : steps.size() == 4 &&
                                   any_of(steps[3], {"overhead", "host", "silicon", "host_price"});
  }
  if (steps[2] == "design") return steps.size() == 4 && steps[3] == "factor";
  return steps.size() == 4 &&
         any_of(steps[2], {"energy", "latency", "power", "area", "background", "on_chip", "times"});
}

/// Expands a price set to one value into an exact price.
std::vector<core::Setting> expanded(std::span<const core::Setting> settings) {
  std::vector<core::Setting> out;
  for (const core::Setting& setting : core::leaves_of(settings)) {
    if (!names_a_price(setting.key) || setting.value.is_table()) {
      out.push_back(setting);
      continue;
    }
    const auto add = [&](const char* field, const core::Node& value) {
      out.push_back({setting.key + field, value});
    };
    for (const char* figure : {".median", ".p05", ".p95"}) add(figure, setting.value);
    const core::Location& where = setting.value.where;
    add(".source", {"assumed by the user", where});
    add(".evidence", {"derived", where});
    add(".scaling", {"none", where});
    if (setting.key.find(".energy.") != std::string::npos) add(".per", {"action", where});
  }
  return out;
}

}  // namespace

double bytes_kept(const std::vector<Holding>& holdings) noexcept {
  double sum = 0;
  for (const Holding& held : holdings) sum += held.count * info(held.part).bytes;
  return sum;
}

std::string misfit(std::string_view place, const Rates& rates,
                   const std::vector<Holding>& holdings) {
  const double kept = bytes_kept(holdings);
  if (machine_of(place, rates) != Machine::chip || kept <= rates.memory.value_or(kept)) return "";
  return fmt::format("room: {:.3g} MB to keep, the chip has {:.3g} MB", 1e-6 * kept,
                     1e-6 * *rates.memory);
}

Machine machine_of(std::string_view place, const Rates& rates) noexcept {
  return rates.machine.value_or(place == "array" ? Machine::array : Machine::accelerator);
}

std::string Rates::problem() const {
  if (around && around->host && boundary == Boundary::node)
    return "around.host: is inside prices that cover the node; expected none, or boundary \"core\"";
  if (around && around->chips_per_host != 1 && !around->host && !around->host_price)
    return "around.chips_per_host: expected 1 where there is no host";
  if (boundary == Boundary::facility)
    return R"(boundary: expected "core" or "node"; facilities are one for all places)";
  return design_problem(*this);
}

Prices prices_of(const core::Node& tree) { return read_prices(tree); }

Prices load_prices(const std::filesystem::path& file, std::span<const std::string> sets,
                   const std::string& option) {
  const auto settings = expanded(core::parse_settings(sets, option));
  Prices out =
      read_prices(core::resolve_config(core::read_toml(file), file.parent_path(), settings));
  out.file = file.string();
  return out;
}

Prices default_prices(std::span<const std::string> sets, const std::string& option) {
  return named_prices("default", sets, option);
}

Prices named_prices(const std::string& name, std::span<const std::string> sets,
                    const std::string& option) {
  const bool is_file = name.ends_with(".toml") || name.find('/') != std::string::npos;
  std::error_code ignored;  // a path that cannot exist names no file
  if (is_file || std::filesystem::is_regular_file(name, ignored))
    return load_prices(name, sets, option);
  std::vector<std::string> known;
  for (const auto& root : core::config_roots()) {
    const auto file = root / "prices" / (name + ".toml");
    if (std::filesystem::is_regular_file(file, ignored)) return load_prices(file, sets, option);
    for (const auto& entry : std::filesystem::directory_iterator(root / "prices", ignored)) {
      if (entry.path().extension() == ".toml") known.push_back(entry.path().stem().string());
    }
  }
  std::sort(known.begin(), known.end());
  throw core::UserError(
      {}, "prices", name,
      known.empty()
          ? "no such file, and no price lists are installed"
          : fmt::format("expected a file, or one of the lists that come with the program: {}",
                        fmt::join(known, ", ")));
}

}  // namespace ohmlab::cost
