#pragma once

#include <cassert>
#include <concepts>
#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <Eigen/Core>

namespace ohmlab::core {

/// The state of a long job as named arrays, from which it resumes after it was killed.
///
/// Every class with a state has one function `state(Archive&)` that names each of its members. The
/// same function saves and restores. Values that follow from config and seed are not state.
///
///     void Clock::state(Archive& archive) { archive.item("now", now_); }
class Archive {
 public:
  using Values = std::variant<std::vector<float>, std::vector<double>, std::vector<std::uint64_t>,
                              std::vector<std::string>>;
  using Items = std::map<std::string, Values, std::less<>>;

  /// An archive that saves; see `items`.
  Archive() = default;
  /// An archive that restores the items of another archive or of a file.
  explicit Archive(Items items) : items_(std::move(items)), restores_(true) {}

  [[nodiscard]] bool restores() const noexcept { return restores_; }
  [[nodiscard]] const Items& items() const noexcept { return items_; }

  /// Prefixes the names of items with `name.` during its lifetime; parts nest.
  class Part {
   public:
    Part(Archive& archive, std::string_view name)
        : archive_(archive), before_(archive.prefix_.size()) {
      archive_.prefix_.append(name).append(".");
    }
    ~Part() { archive_.prefix_.resize(before_); }
    Part(const Part&) = delete;
    Part& operator=(const Part&) = delete;

   private:
    Archive& archive_;
    std::size_t before_;
  };

  /// Saves or restores one member.
  /// \throws std::runtime_error if the item to restore is missing or has another type or size
  void item(std::string_view name, double& value) { one<double>(name, value); }
  template <std::integral T>
  void item(std::string_view name, T& value) {
    one<std::uint64_t>(name, value);
  }
  void item(std::string_view name, std::string& value) { one<std::string>(name, value); }
  template <class T>
  void item(std::string_view name, std::vector<T>& values) {
    if constexpr (std::integral<T> && !std::same_as<T, std::uint64_t>) {
      std::vector<std::uint64_t> wide(values.begin(), values.end());
      whole(name, wide);
      values.clear();
      for (const std::uint64_t value : wide) values.push_back(static_cast<T>(value));
    } else {
      whole(name, values);
    }
  }
  /// A matrix must already have the size of the stored one.
  template <class Derived>
  void item(std::string_view name, Eigen::PlainObjectBase<Derived>& matrix) {
    using T = typename Derived::Scalar;
    using Stored = std::conditional_t<std::integral<T>, std::uint64_t, T>;
    std::vector<Stored> values(matrix.data(), matrix.data() + matrix.size());
    const std::size_t size = values.size();
    whole(name, values);
    if (values.size() != size) fail(name, "another size");
    for (std::size_t i = 0; i < size; ++i) matrix.data()[i] = static_cast<T>(values[i]);
  }

 private:
  template <class Stored, class T>
  void one(std::string_view name, T& value) {
    std::vector<Stored> values{static_cast<Stored>(value)};
    whole(name, values);
    if (values.size() != 1) fail(name, "another size");
    value = static_cast<T>(values[0]);
  }
  template <class T>
  void whole(std::string_view name, std::vector<T>& values) {
    const std::string path = prefix_ + std::string(name);
    if (!restores_) {
      const bool fresh = items_.emplace(path, values).second;
      assert(fresh);
      static_cast<void>(fresh);
      return;
    }
    const auto found = items_.find(path);
    if (found == items_.end()) fail(name, "nothing");
    const auto* stored = std::get_if<std::vector<T>>(&found->second);
    if (!stored) fail(name, "another type");
    values = *stored;
  }
  [[noreturn]] void fail(std::string_view name, std::string_view found) const {
    throw std::runtime_error("state \"" + prefix_ + std::string(name) + "\": found " +
                             std::string(found));
  }

  Items items_;
  std::string prefix_;
  bool restores_ = false;
};

}  // namespace ohmlab::core
