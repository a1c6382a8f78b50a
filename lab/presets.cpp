#include "presets.hpp"

#include <algorithm>
#include <cctype>
#include <map>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "../core/config.hpp"
#include "../core/errors.hpp"
#include "../core/field_values.hpp"
#include "../core/input_file.hpp"
#include "../core/paths.hpp"
#include "../core/suggest.hpp"
#include "../cost/prices.hpp"
#include "../crossbar/catalogue.hpp"
#include "../devices/device.hpp"
#include "plan.hpp"

namespace ohmlab::lab {
namespace {

/// Names of price lists and verdicts stand for themselves in --prices and --task.
std::string name_of(const std::string& kind, const std::string& stem) {
  return kind == "prices" || kind == "verdicts" ? stem : kind + '/' + stem;
}

/// Files by kind and name, e.g. "devices" and "devices/pcm". The first folder of the search has
/// precedence.
using Files = std::map<std::pair<std::string, std::string>, std::filesystem::path>;

/// Files in the folders of one kind, or in all such folders for "".
Files preset_files(const std::string& kind) {
  Files out;
  std::vector<std::filesystem::path> roots = core::config_roots();
  roots.insert(roots.begin(), ".");
  for (const std::filesystem::path& root : roots) {
    std::error_code ignored;
    for (const auto& folder : std::filesystem::directory_iterator(root, ignored)) {
      const std::string own = folder.path().filename().string();
      if (own.starts_with('.') || (!kind.empty() && own != kind)) continue;
      if (root == "." && own == "prices") continue;  // no command finds a price list there by name
      for (const auto& file : std::filesystem::directory_iterator(folder.path(), ignored)) {
        if (file.path().extension() == ".toml")
          out.emplace(std::pair(own, name_of(own, file.path().stem().string())),
                      file.path().lexically_normal());
      }
    }
  }
  return out;
}

/// First sentence of the comment at the head of a TOML file, or "".
std::string head_of(const std::filesystem::path& file) {
  const std::vector<std::byte> bytes = core::InputFile(file, "cannot read this preset").read_rest();
  std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  std::string out;
  while (text.starts_with('#')) {
    std::string_view line = text.substr(1, text.find('\n') - 1);
    text.remove_prefix(std::min(text.size(), line.size() + 2));
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
    if (line.empty()) break;
    out += (out.empty() ? "" : " ") + std::string(line);
  }
  return out;
}

std::string first_sentence(const std::string& text) {
  for (std::size_t dot = text.find(". "); dot != std::string::npos;
       dot = text.find(". ", dot + 1)) {
    const bool initial = dot > 0 && dot < text.size() && std::isupper(text[dot - 1]) != 0;
    const bool capital = dot + 2 < text.size() && std::islower(text[dot + 2]) == 0;
    if (capital && !initial) return text.substr(0, dot + 1);
  }
  return text;
}

std::string text_at(const core::Node& tree, std::string_view key) {
  const core::Node* found = tree.find(key);
  const auto* text = found ? std::get_if<std::string>(&found->value) : nullptr;
  return text ? *text : "";
}

/// Adds all that bills of the arrays and devices in a resolved tree lack.
void add_missing(const core::Node& node, std::vector<std::string>& out) {
  if (const auto* list = std::get_if<core::Node::List>(&node.value)) {
    for (const core::Node& item : *list) add_missing(item, out);
  }
  if (!node.is_table()) return;
  for (const auto& [key, child] : node.table()) {
    std::string missing;
    if (key == "array" && child.is_table()) {
      core::read<crossbar::ArrayModel>(child).visit([&](const auto& model) {
        if constexpr (requires { model.unpriced(); }) missing = model.unpriced();
      });
    } else if (key == "device" && child.is_table()) {
      missing = fmt::format("{}", fmt::join(core::read<devices::Device>(child).uncited(), ", "));
    } else {
      add_missing(child, out);
    }
    if (!missing.empty() && std::find(out.begin(), out.end(), missing) == out.end())
      out.push_back(missing);
  }
}

void look_into(PresetInfo& info) {
  if (info.kind == "prices") {
    const cost::Prices prices = cost::load_prices(info.file);
    const auto array = prices.places.find("array");
    if (array != prices.places.end()) info.node = array->second.node;
    return;
  }
  const core::Node tree = core::load_config(info.file);
  if (info.kind == "devices") {
    for (const std::string_view name : core::read<devices::Device>(tree).uncited())
      info.missing.emplace_back(name);
    info.billable = info.missing.empty();
  } else if (info.kind == "experiments") {
    add_missing(tree_of(plan(tree)), info.missing);
    info.billable = info.missing.empty();
  }
}

PresetInfo info_of(const std::string& kind, const std::string& name,
                   const std::filesystem::path& file) {
  PresetInfo out;
  out.kind = kind;
  out.name = name;
  out.file = file;
  try {
    const core::Node written = core::read_toml(file);
    out.source = text_at(written, "source");
    out.summary = first_sentence(head_of(file));
    if (out.summary.empty()) out.summary = text_at(written, "title");
    if (out.summary.empty()) out.summary = out.source;
    look_into(out);
  } catch (const std::runtime_error& error) {
    out.broken = error.what();
  }
  return out;
}

}  // namespace

std::vector<std::string> preset_kinds() {
  std::vector<std::string> out;
  for (const auto& [name, file] : preset_files("")) out.push_back(name.first);
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

std::vector<std::string> preset_names(const std::string& kind) {
  std::vector<std::string> out;
  for (const auto& [name, file] : preset_files(kind)) out.push_back(name.second);
  return out;
}

std::vector<PresetInfo> presets(const std::string& kind) {
  const std::vector<std::string> kinds = preset_kinds();
  if (!kind.empty() && std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) {
    const std::vector<std::string_view> known(kinds.begin(), kinds.end());
    throw core::UserError({}, "", "",
                          fmt::format("no presets \"{}\"{}; there are: {}", kind,
                                      core::did_you_mean(kind, known), fmt::join(kinds, ", ")));
  }
  std::vector<PresetInfo> out;
  for (const auto& [name, file] : preset_files(kind))
    out.push_back(info_of(name.first, name.second, file));
  return out;
}

}  // namespace ohmlab::lab
