#include "describe.hpp"

#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "../core/describe.hpp"
#include "../core/errors.hpp"
#include "../core/suggest.hpp"
#include "../cost/levers.hpp"
#include "catalogue.hpp"
#include "fitting/options.hpp"
#include "sweep_plan.hpp"

namespace ohmlab::lab {
namespace {

[[noreturn]] void unknown(const std::string& what, const std::string& given,
                          const std::vector<std::string>& known) {
  const std::vector<std::string_view> names(known.begin(), known.end());
  throw core::UserError({}, "", "",
                        fmt::format("no {} \"{}\"{}; there are: {}", what, given,
                                    core::did_you_mean(given, names), fmt::join(known, ", ")));
}

/// The levers as a catalogue: a config sets each of them and chooses none.
core::CatalogueInfo levers() {
  return {
      "lever",
      "What lowers the cost of training without another paradigm?",
      {core::describe_entry<cost::SupercomputingOptimisations>(),
       core::describe_entry<cost::DataReduction>(), core::describe_entry<cost::ModelPartitioning>(),
       core::describe_entry<cost::TrainingAlgorithms>(), core::describe_entry<cost::DataFormats>(),
       core::describe_entry<cost::EfficientHardware>(),
       core::describe_entry<cost::CompetitiveAccelerators>()},
      false};
}

}  // namespace

std::vector<RoomInfo> describe_rooms() {
  RoomInfo cost{"cost", "actions, prices and bills", core::describe_list<cost::Catalogues>()};
  cost.catalogues.push_back(levers());
  RoomInfo lab{"lab", "experiments", core::describe_list<Catalogues>()};
  lab.catalogues.push_back(
      {"sweep", "Which runs make a sweep?", {core::describe_entry<SweepTable>()}, false});
  lab.catalogues.push_back({"fit",
                            "How do measured pulses become a preset?",
                            {core::describe_entry<fitting::FitOptions>()},
                            false});
  return {std::move(cost),
          {"devices", "what one resistive cell does", core::describe_list<devices::Catalogues>()},
          {"crossbar", "arrays of cells and what reads and writes them",
           core::describe_list<crossbar::Catalogues>()},
          {"ebm", "energies, neurons, local rules and training",
           core::describe_list<ebm::Catalogues>()},
          {"backprop", "neurons of networks trained by backpropagation",
           core::describe_list<backprop::Catalogues>()},
          {"io", "data", core::describe_list<io::Catalogues>()},
          std::move(lab)};
}

std::vector<RoomInfo> describe_rooms(const std::string& asked_room, const std::string& asked_name) {
  std::vector<RoomInfo> rooms = describe_rooms();
  if (asked_room.empty()) return rooms;
  std::vector<std::string> known;
  std::vector<RoomInfo> out;
  for (RoomInfo& room : rooms) {
    known.push_back(room.name);
    if (room.name == asked_room) out.push_back(std::move(room));
  }
  if (out.empty()) unknown("room", asked_room, known);
  if (asked_name.empty()) return out;

  known.clear();
  std::vector<core::CatalogueInfo> kept;
  for (core::CatalogueInfo& catalogue : out[0].catalogues) {
    known.push_back(catalogue.name);
    const bool whole = catalogue.name == asked_name;
    std::vector<core::EntryInfo> entries;
    for (core::EntryInfo& entry : catalogue.entries) {
      known.push_back(entry.name);
      if (whole || entry.name == asked_name) entries.push_back(std::move(entry));
    }
    catalogue.entries = std::move(entries);
    if (!catalogue.entries.empty()) kept.push_back(std::move(catalogue));
  }
  if (kept.empty()) unknown("catalogue or entry", asked_name, known);
  out[0].catalogues = std::move(kept);
  return out;
}

}  // namespace ohmlab::lab
