#include "setting_keys.hpp"

#include <algorithm>
#include <set>

#include "config_types.hpp"

namespace ohmlab::lab {
namespace {

using core::Node;
using core::Type;
using Kind = Type::Kind;

class Keys {
 public:
  [[nodiscard]] std::vector<SettingKey> take() { return std::move(found_); }

  /// Adds a value at a key, and all below it.
  void add(const Type& type, const Node* node, const std::string& key) {
    switch (type.kind) {
      case Kind::optional:
        add(*type.inner, node, key);
        return;
      case Kind::record:
        if (!key.empty()) put(key + ".base", {});
        add_fields(type, node, key);
        return;
      case Kind::catalogue:
        add_catalogue(type, node, key);
        return;
      case Kind::flag:
        put(key, {"true", "false"});
        return;
      default:
        put(key, {type.names.begin(), type.names.end()});
        return;
    }
  }

 private:
  static std::string joined(const std::string& key, std::string_view name) {
    return key.empty() ? std::string(name) : key + '.' + std::string(name);
  }
  void put(const std::string& key, std::vector<std::string> values) {
    if (known_.insert(key).second) found_.push_back({key, std::move(values)});
  }
  void add_fields(const Type& record, const Node* node, const std::string& key) {
    for (const core::TypedField& field : record.fields)
      add(*field.type, node ? node->find(field.name) : nullptr, joined(key, field.name));
  }
  /// Fields of the kind that the config has, else those of every kind.
  void add_catalogue(const Type& type, const Node* node, const std::string& key) {
    put(joined(key, "kind"), {type.names.begin(), type.names.end()});
    if (!key.empty()) put(key + ".base", {});
    const Node* kind = node && node->is_table() ? node->find("kind") : node;
    const auto* name = kind ? std::get_if<std::string>(&kind->value) : nullptr;
    for (std::size_t i = 0; i < type.names.size(); ++i) {
      if (!name || *name == type.names[i]) add_fields(*type.entries[i], node, key);
    }
  }

  std::vector<SettingKey> found_;
  std::set<std::string> known_;
};

}  // namespace

std::vector<SettingKey> setting_keys(const Node* config) {
  Keys keys;
  keys.add(*config_types().front().type, config, "");
  if (config == nullptr || config->find("sweep") != nullptr)
    keys.add(sweep_type(), nullptr, "sweep");
  return keys.take();
}

}  // namespace ohmlab::lab
