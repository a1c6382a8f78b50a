#include "../lab/describe.hpp"

#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "../core/describe.hpp"
#include "../core/errors.hpp"
#include "../lab/memory.hpp"
#include "../lab/search.hpp"
#include "../lab/support.hpp"
#include "commands.hpp"
#include "schema.hpp"

namespace ohmlab::cli {
namespace {

using core::CatalogueInfo;
using core::EntryInfo;
using core::FieldInfo;
using lab::RoomInfo;

struct DescribeArguments {
  std::string room, name, word, schema;
  bool json = false, markdown = false, support = false, search = false;
};

// --- text

std::string traits(const FieldInfo& field) {
  std::string out = field.type;
  if (!field.unit.empty()) out += " in " + field.unit;
  if (!field.range.empty()) out += ", " + field.range;
  if (!field.plausible.empty()) out += ", usually " + field.plausible;
  if (field.required) out += ", required";
  if (!field.standard.empty()) out += ", default " + field.standard;
  return out;
}

void print_fields(const std::vector<FieldInfo>& fields, const std::string& indent) {
  for (const FieldInfo& field : fields) {
    fmt::print("{}{:<18} {} ({})\n", indent, field.name, field.meaning, traits(field));
    print_fields(field.fields, indent + "  ");
  }
}

void print_overview(const std::vector<RoomInfo>& rooms) {
  for (const RoomInfo& room : rooms) {
    fmt::print("{}: {}\n", room.name, room.holds);
    for (const CatalogueInfo& catalogue : room.catalogues) {
      fmt::print("  {:<12} {}\n", catalogue.name, catalogue.question);
      for (const EntryInfo& entry : catalogue.entries)
        fmt::print("    {:<18} {}\n", entry.name, entry.summary);
    }
  }
  fmt::print("\nohmlab describe ROOM [NAME] tells all that can be set.\n");
}

void print_details(const std::vector<RoomInfo>& rooms) {
  for (const RoomInfo& room : rooms) {
    for (const CatalogueInfo& catalogue : room.catalogues) {
      fmt::print("{}: {}\n", catalogue.name, catalogue.question);
      for (const EntryInfo& entry : catalogue.entries) {
        fmt::print(
            "\n  {}\n    {}\n",
            catalogue.by_kind ? fmt::format("kind = \"{}\"", entry.name) : "[" + entry.name + "]",
            entry.summary);
        if (!entry.equation.empty()) fmt::print("    {}\n", entry.equation);
        if (!entry.source.empty()) fmt::print("    source: {}\n", entry.source);
        print_fields(entry.fields, "      ");
      }
      fmt::print("\n");
    }
  }
}

/// Allowed range and usual range.
std::string allowed(const FieldInfo& field) {
  if (field.plausible.empty()) return field.range;
  return fmt::format("{}{}usually {}", field.range, field.range.empty() ? "" : "; ",
                     field.plausible);
}

void markdown_rows(const std::vector<FieldInfo>& fields, const std::string& prefix) {
  for (const FieldInfo& field : fields) {
    fmt::print("| `{}{}` | {} | {} | {} | {} | {} |\n", prefix, field.name, field.type, field.unit,
               allowed(field), field.required ? "required" : field.standard, field.meaning);
    markdown_rows(field.fields, prefix + field.name + ".");
  }
}

void print_markdown(const std::vector<RoomInfo>& rooms) {
  fmt::print("<!-- made by: ohmlab describe --markdown -->\n# Everything that can be set\n");
  for (const RoomInfo& room : rooms) {
    fmt::print("\n## {}: {}\n", room.name, room.holds);
    for (const CatalogueInfo& catalogue : room.catalogues) {
      fmt::print("\n### {}\n\n{}\n", catalogue.name, catalogue.question);
      for (const EntryInfo& entry : catalogue.entries) {
        fmt::print("\n#### `{}`\n\n{}\n", entry.name, entry.summary);
        if (!entry.equation.empty()) fmt::print("\n    {}\n", entry.equation);
        if (!entry.source.empty()) fmt::print("\nSource: {}\n", entry.source);
        if (entry.fields.empty()) continue;
        fmt::print(
            "\n| key | type | unit | allowed | default | meaning |\n|---|---|---|---|---|---|\n");
        markdown_rows(entry.fields, "");
      }
    }
  }
}

void print_support() {
  const lab::SupportMatrix matrix = lab::support_matrix();
  fmt::print(
      "<!-- made by: ohmlab describe --support -->\n# What acts where\n\n"
      "Found by running: a small array with and without an effect does the same work. \"acts\": "
      "results differ. A number: the combination is refused, for the reason of this number. The "
      "columns after `decide` are changes of weights by the update path of this name, seen in the "
      "conductances of cells. Other choices are those of ideal parts.\n\n| effect | {} |\n|{}\n",
      fmt::join(matrix.operations, " | "),
      fmt::join(std::vector<std::string>(matrix.operations.size() + 1, "---|"), ""));
  for (const lab::SupportMatrix::Row& row : matrix.rows)
    fmt::print("| {} | {} |\n", row.effect, fmt::join(row.cells, " | "));
  fmt::print("\n");
  for (std::size_t k = 0; k < matrix.reasons.size(); ++k)
    fmt::print("{}. {}\n", k + 1, matrix.reasons[k]);
}

void print_memory() {
  const lab::MemoryTable table = lab::memory_table();
  fmt::print(
      "\n# Memory of a simulation\n\nFound by making a plane of 64 x 64 cells. A quantity of a "
      "cell takes four bytes: state, state that reads see, place of the time of its last write, "
      "counter "
      "of pulses, normal of its drift, and each parameter of its pulse response. A path keeps its "
      "groups of cells, each as large as the cells of the mapping, and digital numbers.\n\n"
      "| pulse response | bytes of a cell |\n|---|---|\n");
  for (const lab::MemoryRow& row : table.pulses)
    fmt::print("| {} | {:.0f} |\n", row.name, row.bytes);
  fmt::print("\n| effect | bytes that it adds to a cell |\n|---|---|\n");
  for (const lab::MemoryRow& row : table.effects)
    fmt::print("| {} | {:.0f} |\n", row.name, row.bytes);
  fmt::print(
      "\n| update path, defaults | groups of cells | bytes of a weight beside them, 64 x 64 "
      "|\n|---|---|---|\n");
  for (const lab::MemoryRow& row : table.paths)
    fmt::print("| {} | {} | {:.3g} |\n", row.name, row.groups, row.bytes);
}

void print_found(const std::vector<lab::Found>& found) {
  for (const lab::Found& place : found) {
    const bool elsewhere = place.in == "equation" || place.in == "source" || place.in == "allowed";
    fmt::print("{}{}\n    {}\n", place.path, elsewhere ? fmt::format(" ({})", place.in) : "",
               place.text);
  }
}

// --- JSON

using Json = nlohmann::ordered_json;

Json to_json(const FieldInfo& field) {
  Json out{{"name", field.name},      {"type", field.type},        {"unit", field.unit},
           {"allowed", field.range},  {"default", field.standard}, {"required", field.required},
           {"meaning", field.meaning}};
  if (!field.plausible.empty()) out["usual"] = field.plausible;
  if (!field.catalogue.empty()) out["catalogue"] = field.catalogue;
  for (const FieldInfo& inner : field.fields) out["fields"].push_back(to_json(inner));
  return out;
}

Json to_json(const RoomInfo& room) {
  Json out{{"name", room.name}, {"holds", room.holds}, {"catalogues", Json::array()}};
  for (const CatalogueInfo& catalogue : room.catalogues) {
    Json entries = Json::array();
    for (const EntryInfo& entry : catalogue.entries) {
      Json fields = Json::array();
      for (const FieldInfo& field : entry.fields) fields.push_back(to_json(field));
      entries.push_back({{"name", entry.name},
                         {"summary", entry.summary},
                         {"equation", entry.equation},
                         {"source", entry.source},
                         {"fields", std::move(fields)}});
    }
    out["catalogues"].push_back({{"name", catalogue.name},
                                 {"question", catalogue.question},
                                 {"by_kind", catalogue.by_kind},
                                 {"entries", std::move(entries)}});
  }
  return out;
}

void print_search(const DescribeArguments& arguments) {
  const std::vector<lab::Found> found = lab::search(arguments.word);
  if (!arguments.json) return print_found(found);
  Json out = Json::array();
  for (const lab::Found& place : found)
    out.push_back({{"path", place.path}, {"text", place.text}, {"in", place.in}});
  fmt::print("{}\n", out.dump(2));
}

void describe(const DescribeArguments& arguments) {
  if (arguments.search) return print_search(arguments);
  if (!arguments.schema.empty()) {
    fmt::print("{}\n", config_schema(arguments.schema).dump(2));
    return;
  }
  if (arguments.support) {
    print_support();
    return print_memory();
  }
  const std::vector<RoomInfo> rooms = lab::describe_rooms(arguments.room, arguments.name);
  if (arguments.json) {
    Json out = Json::array();
    for (const RoomInfo& room : rooms) out.push_back(to_json(room));
    fmt::print("{}\n", out.dump(2));
  } else if (arguments.markdown) {
    print_markdown(rooms);
  } else if (arguments.room.empty()) {
    print_overview(rooms);
  } else {
    print_details(rooms);
  }
}

}  // namespace

void add_describe(CLI::App& app) {
  CLI::App* command = app.add_subcommand("describe", "Say what there is to choose and to set");
  const auto arguments = std::make_shared<DescribeArguments>();
  command->add_option("room", arguments->room, "e.g. devices");
  command->add_option("name", arguments->name,
                      "a catalogue or an entry of the room, e.g. soft_bounds");
  command->add_flag("--json", arguments->json, "as JSON");
  command->add_flag("--markdown", arguments->markdown, "as Markdown")->excludes("--json");
  command
      ->add_flag(
          "--support", arguments->support,
          "which effect acts in which operation of an array, and the memory of a cell, found by "
          "running")
      ->excludes("--json")
      ->excludes("--markdown")
      ->excludes("room");
  CLI::Option* search = command->add_option(
      "--search", arguments->word,
      "everything whose name, summary, equation, source or meaning contains this word");
  search->type_name("WORD")->excludes("--markdown")->excludes("--support")->excludes("room");
  command
      ->add_option("--schema", arguments->schema,
                   "JSON Schema of a config file, by default of an experiment or a sweep")
      ->expected(0, 1)
      ->type_name("KIND")
      ->excludes("room")
      ->excludes("--search")
      ->excludes("--markdown")
      ->excludes("--support")
      ->excludes("--json");
  command->callback([arguments, command, search] {
    arguments->search = search->count() > 0;
    if (command->count("--schema") > 0 && arguments->schema.empty())
      arguments->schema = "experiment";
    describe(*arguments);
  });
}

}  // namespace ohmlab::cli
