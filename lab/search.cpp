#include "search.hpp"

#include <algorithm>
#include <cctype>
#include <initializer_list>
#include <utility>

#include <fmt/format.h>

#include "../core/errors.hpp"
#include "describe.hpp"

namespace ohmlab::lab {
namespace {

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

class Search {
 public:
  explicit Search(const std::string& word) : word_(lower(word)) {}

  /// Adds a place if one of its texts, given with their names, contains the word.
  void look(const std::string& path, const std::string& what,
            std::initializer_list<std::pair<const char*, const std::string&>> texts) {
    for (const auto& [name, text] : texts) {
      if (lower(text).find(word_) == std::string::npos) continue;
      found_.push_back({path, what, name});
      return;
    }
  }
  void look_at_fields(const std::string& path, const std::vector<core::FieldInfo>& fields) {
    for (const core::FieldInfo& field : fields) {
      const std::string own = path + '.' + field.name;
      look(own, field.meaning,
           {{"name", field.name}, {"meaning", field.meaning}, {"allowed", field.range}});
      look_at_fields(own, field.fields);
    }
  }
  [[nodiscard]] std::vector<Found> take() { return std::move(found_); }

 private:
  std::string word_;
  std::vector<Found> found_;
};

}  // namespace

std::vector<Found> search(const std::string& word) {
  if (word.find_first_not_of(" \t\n") == std::string::npos)
    throw core::UserError({"--search", 0}, "", "\"" + word + "\"", "expected a word");
  Search search(word);
  for (const RoomInfo& room : describe_rooms()) {
    search.look(room.name, room.holds, {{"name", room.name}, {"summary", room.holds}});
    for (const core::CatalogueInfo& catalogue : room.catalogues) {
      const std::string path = room.name + '.' + catalogue.name;
      search.look(path, catalogue.question,
                  {{"name", catalogue.name}, {"question", catalogue.question}});
      for (const core::EntryInfo& entry : catalogue.entries) {
        const std::string own = path + '.' + entry.name;
        search.look(own, entry.summary,
                    {{"name", entry.name},
                     {"summary", entry.summary},
                     {"equation", entry.equation},
                     {"source", entry.source}});
        search.look_at_fields(own, entry.fields);
      }
    }
  }
  std::vector<Found> out = search.take();
  if (out.empty())
    throw core::UserError({"--search", 0}, "", "\"" + word + "\"",
                          "nothing that can be set contains it");
  return out;
}

}  // namespace ohmlab::lab
