#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "array.hpp"

namespace ohmlab::crossbar {

/// One change of all weights, in states: outer products, or a whole matrix to be written row by
/// row.
struct Change {
  std::span<const OuterProduct> products;  ///< empty if there is a matrix
  const ConstRows* matrix = nullptr;       ///< rows × cols
  double rate = 1;                         ///< factor of the matrix
};

/// The groups of cells of an array, in the hands of its update path (`paths.hpp`). All values are
/// states, in units of w. Whatever is done here takes time and is posted.
class CellGroups {
 public:
  CellGroups() = default;
  CellGroups(const CellGroups&) = delete;
  CellGroups& operator=(const CellGroups&) = delete;
  virtual ~CellGroups() = default;

  [[nodiscard]] virtual Index rows() const noexcept = 0;
  [[nodiscard]] virtual Index cols() const noexcept = 0;
  /// Mean change of the matrix by one pulse, which steps and thresholds count in.
  [[nodiscard]] virtual double granularity() const noexcept = 0;

  /// Group += factor · change, by the array's pulser, row i times its sign.
  /// \param signs  +1 or -1 for each row; empty: all +1
  virtual void pulse(std::size_t group, const Change& change, double factor,
                     const core::Vector& signs = {}) = 0;
  /// One row of a group += values, by the array's pulser.
  virtual void pulse_row(std::size_t group, Index row, const core::Vector& values) = 0;
  /// Applies whole pulses to some rows, one row after another: |steps| of the sign of steps on each
  /// cell. They are counted, and take no random bits.
  /// \param steps  rows from `first` on × cols, whole numbers
  virtual void step_rows(std::size_t group, Index first, const core::Matrix& steps) = 0;
  /// One pulse on every cell of a group, all at the same time.
  virtual void pulse_all(std::size_t group, bool up) = 0;
  /// Writes the states that count as zero into the fixed cells of a group. No error is left where
  /// all are zero, where they are at first.
  virtual void set_reference(std::size_t group, const core::Matrix& states) = 0;
  /// Reads one row of a group alone, through drivers, cells, noise and converters.
  [[nodiscard]] virtual core::Vector read_row(std::size_t group, Index row) = 0;
  /// into += change, by digital multiplications and additions.
  virtual void add(const Change& change, core::Matrix& into) = 0;
  /// Random numbers, uniform in [0, 1), of digital generators.
  virtual void draw(std::span<float> numbers) = 0;

  /// Digital work on numbers of the path, each once: n numbers multiplied, added, read and written.
  struct Work {
    double multiplied = 0, added = 0, read = 0, written = 0;
  };
  virtual void post(const Work& work) = 0;
};

/// Bits of a number that a path keeps in digital memory, as simulated.
constexpr double path_bits = 32;

/// A path whose pulses go to the cells that reads see: one group.
struct OneGroup {
  [[nodiscard]] static std::vector<double> gains() { return {1}; }
  [[nodiscard]] static std::size_t home() { return 0; }
};

/// A path that keeps nothing from one change to the next.
struct NoMemory {
  struct Memory {
    void state(core::Archive&) {}
  };
  [[nodiscard]] static Memory start(const core::Matrix&) { return {}; }
};

}  // namespace ohmlab::crossbar
