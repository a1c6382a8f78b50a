#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "../core/archive.hpp"
#include "actions.hpp"

namespace ohmlab::cost {

/// Work of one component in one stage of the schedule.
struct Entry {
  std::string stage;      ///< "train/data phase", …; stages follow one another in time
  std::string component;  ///< "weights", "hidden neurons", …
  Action action{};
  double parameter = 0;     ///< e.g. bits of a converter; part of the identity of the entry
  double count = 0;         ///< number of times; energy is count × price
  double serial = 0;        ///< number of times on the critical path; time is serial × latency
  double joules = 0;        ///< dissipation in the array; physics, without a price
  double seconds = 0;       ///< time of physics: integration of a read, width of a pulse
  bool overlapped = false;  ///< part of a pipeline, in which only the slowest action of a stage and
                            ///< component takes time; part of the identity of the entry
  std::string layer;  ///< layer of the model, e.g. "block 2"; "" if none, or if there is only one
};

/// Name of a component, with its layer if it has one.
[[nodiscard]] inline std::string labelled(const std::string& component, const std::string& layer) {
  return layer.empty() ? component : component + ", " + layer;
}

/// Parts of a component. They take area and idle power, busy or idle.
struct Holding {
  std::string component;
  Part part{};
  double parameter = 0;  ///< e.g. bits of a converter
  double count = 0;
  std::string layer;  ///< layer, as in an entry
};

/// Reason why the work of a component has no price, e.g. voltages without a cited paper.
struct Unpriced {
  std::string component;
  std::string missing;  ///< missing items, e.g. "device.v_read, a real dac"
  std::string layer;    ///< layer, as in an entry
  [[nodiscard]] bool operator==(const Unpriced&) const = default;
};

/// One posting. `serial` counts work that the schedule cannot overlap. A part that always runs
/// beside a slower one posts 0. Parts of a pipeline post as `overlapped`; prices decide the
/// slowest.
struct Posting {
  double count = 0;
  double serial = 0;
  double parameter = 0;
  double joules = 0;
  double seconds = 0;
  bool overlapped = false;
};

/// Counts of actions. Components post here and know no prices.
class Tally {
 public:
  enum class Component : std::uint16_t {};

  /// Handle to post under; the same name and layer give the same handle.
  [[nodiscard]] Component component(std::string_view name, std::string_view layer = "");

  void post(Component component, Action action, const Posting& posting);

  /// Adds `count` of a part to a component.
  void hold(Component component, Part part, double count, double parameter = 0);

  /// Marks the work of a component as impossible to price, for lack of `missing`; no effect if that
  /// is "". Bills of this tally are refused from then on.
  void cannot_price(Component component, std::string_view missing);

  /// Names the stage of all postings while it lives; stages do not nest.
  class Stage {
   public:
    Stage(Tally& tally, std::string_view name);
    ~Stage();
    Stage(const Stage&) = delete;
    Stage& operator=(const Stage&) = delete;

   private:
    Tally& tally_;
  };

  /// Postings while it lives run beside work that takes at least as long. They count and dissipate,
  /// but take no time. These objects nest.
  class Beside {
   public:
    explicit Beside(Tally& tally) : tally_(tally) { ++tally_.beside_; }
    ~Beside() { --tally_.beside_; }
    Beside(const Beside&) = delete;
    Beside& operator=(const Beside&) = delete;

   private:
    Tally& tally_;
  };

  /// Sorted by stage, component, layer, action, parameter, and overlapped entries last.
  [[nodiscard]] std::vector<Entry> entries() const;
  /// Adds entries of another tally, each `times` times.
  void add(const std::vector<Entry>& entries, double times = 1);

  /// Saves or restores all postings. Holdings are not stored; their owners declare them again.
  void state(core::Archive& archive);

  /// In the order they were declared.
  [[nodiscard]] const std::vector<Holding>& holdings() const noexcept { return holdings_; }
  /// In the order they were declared, each reason of a component once.
  [[nodiscard]] const std::vector<Unpriced>& unpriced() const noexcept { return unpriced_; }

 private:
  struct Sums {
    double count = 0, serial = 0, joules = 0, seconds = 0;
  };
  struct Place {
    std::string component, layer;
    [[nodiscard]] bool operator==(const Place&) const = default;
  };

  std::vector<std::string> stages_{""};
  std::vector<Place> components_;
  std::uint16_t stage_ = 0;
  int beside_ = 0;
  std::unordered_map<std::uint64_t, Sums> sums_;
  std::vector<Holding> holdings_;
  std::vector<Unpriced> unpriced_;
};

/// \throws core::UserError that names the first component that cannot be priced, and what it lacks
void require_priced(const Tally& tally);

}  // namespace ohmlab::cost
