#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "../core/archive.hpp"
#include "actions.hpp"

namespace ohmlab::cost {

/// What one part of the machine did in one stage of the schedule.
struct Entry {
  std::string stage;      ///< "train/data phase", …; stages follow one another in time
  std::string component;  ///< "weights", "hidden neurons", …
  Action action{};
  double parameter = 0;  ///< e.g. bits of a converter; part of the identity of the entry
  double count = 0;      ///< how often it happened: energy is count × price
  double serial = 0;     ///< how often it happened one after another on the critical path: time is
                         ///< serial × latency
  double joules = 0;     ///< dissipation in the array itself, which is physics and has no price
  double seconds = 0;    ///< time that is physics: integration of a read, width of a pulse
  bool overlapped =
      false;          ///< stands in a pipeline: of all such actions of its stage and component, the
                      ///< slowest alone takes time; part of the identity of the entry
  std::string layer;  ///< of the model, e.g. "block 2"; "" for what is of none, or if there is one
};

/// Things that are there whether they act or not: they take area and idle power.
struct Holding {
  std::string component;
  Part part{};
  double parameter = 0;  ///< e.g. bits of a converter
  double count = 0;
  std::string layer;  ///< as that of an entry
};

/// Why the work of a component has no price, e.g. voltages that no paper is cited for.
struct Unpriced {
  std::string component;
  std::string missing;  ///< "device.v_read, a real dac"
  std::string layer;    ///< as that of an entry
  [[nodiscard]] bool operator==(const Unpriced&) const = default;
};

/// One posting. `serial` is what the schedule cannot overlap; a part that always runs beside a
/// slower one posts 0, and parts of a pipeline, of which prices decide the slowest, post theirs as
/// `overlapped`.
struct Posting {
  double count = 0;
  double serial = 0;
  double parameter = 0;
  double joules = 0;
  double seconds = 0;
  bool overlapped = false;
};

/// Counts of actions. Everything that acts posts here; nobody knows a price.
class Tally {
 public:
  enum class Component : std::uint16_t {};

  /// The handle to post under; the same name and layer give the same handle.
  [[nodiscard]] Component component(std::string_view name, std::string_view layer = "");

  void post(Component component, Action action, const Posting& posting);

  /// Says that a component consists of so many more of a part.
  void hold(Component component, Part part, double count, double parameter = 0);

  /// Says that the work of a component cannot be priced, and what is missing; nothing if that is
  /// "". A bill of this tally is refused from then on.
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

  /// What is posted while it lives happens beside something that takes at least as long: it counts
  /// and dissipates, and takes no time. They nest.
  class Beside {
   public:
    explicit Beside(Tally& tally) : tally_(tally) { ++tally_.beside_; }
    ~Beside() { --tally_.beside_; }
    Beside(const Beside&) = delete;
    Beside& operator=(const Beside&) = delete;

   private:
    Tally& tally_;
  };

  /// Sorted by stage, component, layer, action, parameter, and what is overlapped last.
  [[nodiscard]] std::vector<Entry> entries() const;
  /// Adds entries of another tally, each `times` times.
  void add(const std::vector<Entry>& entries, double times = 1);

  /// All that was posted; what is held is declared anew by whoever holds it.
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

}  // namespace ohmlab::cost
