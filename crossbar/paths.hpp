#pragma once

#include <concepts>
#include <memory>
#include <string_view>
#include <vector>

#include "../core/archive.hpp"
#include "../core/fields.hpp"
#include "cell_groups.hpp"
#include "figure.hpp"
#include "path/agad.hpp"
#include "path/carry.hpp"
#include "path/chopped.hpp"
#include "path/direct.hpp"
#include "path/low_rank.hpp"
#include "path/mixed_precision.hpp"
#include "path/probabilistic.hpp"
#include "path/residual.hpp"
#include "path/sign.hpp"
#include "path/tiki_taka.hpp"
#include "path/tiki_taka_2.hpp"
#include "path/verify.hpp"

namespace ohmlab::crossbar {

/// The way of a change of weights into cells: the groups of cells that it needs, what it keeps in
/// digital memory, what it reads and writes.
template <class T>
concept PathEntry =
    core::Described<T> &&
    requires(const T& t, CellGroups& cells, const Change& change, typename T::Memory& memory,
             const core::Matrix& programmed, core::Archive& archive) {
      // the gain of each group of cells in the weight
      { t.gains() } -> std::same_as<std::vector<double>>;
      // the group that weights are programmed into; the others are programmed to rest, w = 0
      { t.home() } -> std::same_as<std::size_t>;
      { T::reads_rows } -> std::convertible_to<bool>;  // true if it reads rows of a group alone
      // state between changes; made anew from the states that weights were programmed to
      { t.start(programmed) } -> std::same_as<typename T::Memory>;
      { memory.state(archive) } -> std::same_as<void>;
      // digital memory that it holds, bits
      { t.memory_bits(1.0, 1.0) } -> std::same_as<double>;
      { t.write(change, cells, memory) } -> std::same_as<void>;
    };

/// An update path at work on one array.
class UpdatePath {
 public:
  virtual ~UpdatePath() = default;
  virtual void write(const Change& change, CellGroups& cells) = 0;
  /// Starts anew from the states of its home group that were just programmed.
  virtual void restart(const core::Matrix& programmed) = 0;
  virtual void state(core::Archive& archive) = 0;
  /// Figures of what it did.
  [[nodiscard]] virtual std::vector<Figure> figures() const = 0;
};

struct Path : core::OneOf<DirectPath,  //
                          TikiTakaPath, TikiTaka2Path, ChoppedPath, AgadPath, ResidualPath,
                          MixedPrecisionPath, CarryPath, ProbabilisticPath, SignPath, VerifyPath,
                          LowRankPath> {
  static constexpr std::string_view name = "path";
  static constexpr std::string_view question = "By which way does a change of weights reach cells?";
  static_assert(each_is([]<class Entry>() { return PathEntry<Entry>; }));

  [[nodiscard]] std::vector<double> gains() const {
    return visit([](const auto& path) { return path.gains(); });
  }
  [[nodiscard]] std::size_t home() const {
    return visit([](const auto& path) { return path.home(); });
  }
  [[nodiscard]] bool reads_rows() const {
    return visit([](const auto& path) { return std::remove_cvref_t<decltype(path)>::reads_rows; });
  }
  [[nodiscard]] double memory_bits(double rows, double cols) const {
    return visit([&](const auto& path) { return path.memory_bits(rows, cols); });
  }
  [[nodiscard]] std::unique_ptr<UpdatePath> make(Index rows, Index cols) const;
};

namespace detail {

template <class Entry>
class PathOf final : public UpdatePath {
 public:
  PathOf(const Entry& entry, Index rows, Index cols)
      : entry_(entry), memory_(entry_.start(core::Matrix::Zero(rows, cols))) {}
  void write(const Change& change, CellGroups& cells) override {
    entry_.write(change, cells, memory_);
  }
  void restart(const core::Matrix& programmed) override { memory_ = entry_.start(programmed); }
  void state(core::Archive& archive) override { memory_.state(archive); }
  [[nodiscard]] std::vector<Figure> figures() const override {
    if constexpr (requires { memory_.figures(); }) {
      return memory_.figures();
    } else {
      return {};
    }
  }

 private:
  Entry entry_;
  typename Entry::Memory memory_;
};

}  // namespace detail

inline std::unique_ptr<UpdatePath> Path::make(Index rows, Index cols) const {
  return visit([&]<class Entry>(const Entry& entry) -> std::unique_ptr<UpdatePath> {
    return std::make_unique<detail::PathOf<Entry>>(entry, rows, cols);
  });
}

}  // namespace ohmlab::crossbar
