// Every entry of every catalogue keeps the promises of core/fields.hpp; a new entry is tested
// before its author writes a test.
#include "ohmlab/core/describe.hpp"
#include "ohmlab/core/field_values.hpp"
#include "ohmlab/lab/catalogue.hpp"
#include "ohmlab/lab/describe.hpp"

#include "tests/catch.hpp"

using namespace ohmlab;

namespace {

/// Calls check(catalogue name, entry type tag) for all entries of a catalogue that default to
/// something complete.
template <class C>
void check_catalogue() {
  C::each([]<class Entry>() {
    CAPTURE(C::name, Entry::name);
    const core::Node chosen = core::to_node([] {
      C value;
      if constexpr (requires { Entry::example(); }) {
        value.choice = Entry::example();  // one whose parts have no default
      } else {
        value.choice = Entry{};
      }
      return value;
    }());

    SECTION(std::string(C::name) + "." + std::string(Entry::name)) {
      // the resolved form reads back as itself
      const C again = core::read<C>(chosen);
      CHECK(again.kind() == Entry::name);
      CHECK(core::canonical_text(core::to_node(again)) == core::canonical_text(chosen));

      // an unknown key is refused, not ignored
      core::Node wrong = chosen;
      core::set_key(wrong, "no_such_parameter", core::Node{1.0, {}});
      CHECK_THROWS_AS(core::read<C>(wrong), core::UserError);

      // a number out of its range is refused
      Entry::fields.each([&](const auto& field) {
        if (std::isfinite(field.range.low)) {
          core::Node out = chosen;
          const bool whole = std::holds_alternative<std::int64_t>(
              out.find(field.name) ? out.find(field.name)->value : core::Node{0.0, {}}.value);
          const double below = field.range.low - 1;
          core::set_key(
              out, field.name,
              whole ? core::Node{static_cast<std::int64_t>(below), {}} : core::Node{below, {}});
          CAPTURE(field.name);
          CHECK_THROWS_AS(core::read<C>(out), core::UserError);
        }
      });
    }
  });
}

}  // namespace

TEST_CASE("catalogue entries read, resolve and refuse") {
  lab::each_catalogue([]<class Catalogue>() { check_catalogue<Catalogue>(); });
}

TEST_CASE("everything that can be chosen or set says what it means") {
  for (const lab::RoomInfo& room : lab::describe_rooms()) {
    CHECK_FALSE(room.holds.empty());
    CHECK_FALSE(room.catalogues.empty());
    for (const core::CatalogueInfo& catalogue : room.catalogues) {
      CHECK(catalogue.question.ends_with("?"));
      for (const core::EntryInfo& entry : catalogue.entries) {
        CAPTURE(catalogue.name, entry.name);
        CHECK(entry.summary.ends_with("."));
        for (const core::FieldInfo& field : entry.fields) {
          CAPTURE(field.name);
          CHECK_FALSE(field.meaning.empty());
          CHECK_FALSE(field.type.empty());
        }
      }
    }
  }
}
