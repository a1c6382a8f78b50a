#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "../core/fields.hpp"
#include "draws.hpp"
#include "quoted.hpp"

/// Published claims of machines that sample, billed again: what was claimed, what else the work
/// needs, and which figures nobody has stated.
namespace ohmlab::cost {

inline constexpr std::string_view seconds_unit = "s";
using Seconds = Quoted<seconds_unit>;

/// A chip that samples an Ising model by noise of its own: p-bits, thermodynamic units, or logic
/// made for it. A figure that is missing was not stated. Presets are `configs/samplers/*.toml`.
struct SamplingChip {
  std::string title;
  std::optional<Joules> update, read, write, clamp;
  std::optional<Watts> standby, around;
  std::optional<Seconds> sweep, frame, flash;
  std::optional<Share> nodes, degree;

  static constexpr auto fields = core::Fields{
      core::field("title", &SamplingChip::title, "name of the machine", core::Need::required),
      core::field("update", &SamplingChip::update, "one update of one node"),
      core::field("read", &SamplingChip::read, "reading the state of one node"),
      core::field("write", &SamplingChip::write, "writing all couplings and the bias of one node"),
      core::field("clamp", &SamplingChip::clamp, "holding one node at a new state"),
      core::field("standby", &SamplingChip::standby,
                  "power of the chip beyond its updates, reads and writes"),
      core::field("around", &SamplingChip::around,
                  "power of what stands around the chip: host, links, supply"),
      core::field("sweep", &SamplingChip::sweep, "one update of all nodes"),
      core::field("frame", &SamplingChip::frame, "one readout"),
      core::field("flash", &SamplingChip::flash, "writing one model"),
      core::field("nodes", &SamplingChip::nodes, "number of nodes of the chip"),
      core::field("degree", &SamplingChip::degree, "largest number of couplings of a node"),
  };
};

/// What a chip does for one unit of the result.
struct SamplingWork {
  std::string unit = "sample";
  double nodes = 0, degree = 0;
  double sweeps = 0, reads = 0, frames = 0, clamps = 0, writes = 0, flashes = 0;

  static constexpr auto fields = core::Fields{
      core::field("unit", &SamplingWork::unit, "the unit of the result"),
      core::field("nodes", &SamplingWork::nodes, "", core::above(0), "nodes of the largest model",
                  core::Need::required),
      core::field("degree", &SamplingWork::degree, "", core::at_least(0), "couplings of a node"),
      core::field("sweeps", &SamplingWork::sweeps, "", core::above(0),
                  "updates of each node, over all models", core::Need::required),
      core::field("reads", &SamplingWork::reads, "", core::at_least(0), "nodes read"),
      core::field("frames", &SamplingWork::frames, "", core::at_least(0), "readouts"),
      core::field("clamps", &SamplingWork::clamps, "", core::at_least(0),
                  "nodes that are held at new states"),
      core::field("writes", &SamplingWork::writes, "", core::at_least(0), "nodes written"),
      core::field("flashes", &SamplingWork::flashes, "", core::at_least(0), "models written"),
  };
};

/// A published claim: a file of `configs/claims`.
struct Claim {
  std::string title, says, source;
  std::optional<Joules> claimed;  ///< J a unit
  std::optional<Share> advantage;
  SamplingChip machine;
  SamplingWork work;

  static constexpr auto fields = core::Fields{
      core::field("title", &Claim::title, "name of the claim", core::Need::required),
      core::field("says", &Claim::says, "what was claimed, in plain words", core::Need::required),
      core::field("source", &Claim::source, "where", core::Need::required),
      core::field("claimed", &Claim::claimed, "energy of one unit, as claimed"),
      core::field("advantage", &Claim::advantage,
                  "how many times less energy than its rival, as claimed"),
      core::field("machine", &Claim::machine, "the machine", core::Need::required),
      core::field("work", &Claim::work, "work for one unit", core::Need::required),
  };
};

/// A figure and its 5th and 95th percentile over the stated bands of its prices.
struct ClaimFigure {
  double nominal = 0, p05 = 0, p95 = 0;
  static constexpr auto fields = core::Fields{
      core::field("nominal", &ClaimFigure::nominal, "", core::any, "at the medians"),
      core::field("p05", &ClaimFigure::p05, "", core::any, "5th percentile"),
      core::field("p95", &ClaimFigure::p95, "", core::any, "95th percentile"),
  };
};

/// One part of the work and what it costs; no joules if its price or its time is not stated.
struct ClaimPart {
  std::string name;
  double count = 0;  ///< nodes, or seconds for powers
  std::optional<ClaimFigure> joules;
  std::string evidence;  ///< that of its price; empty if it is not stated
  static constexpr auto fields = core::Fields{
      core::field("name", &ClaimPart::name, "name of the part"),
      core::field("count", &ClaimPart::count, "", core::any, "nodes, or seconds for powers"),
      core::field("joules", &ClaimPart::joules, "J; absent if no price is stated"),
      core::field("evidence", &ClaimPart::evidence, "evidence for its price"),
  };
};

/// Joules inside a boundary: the sum of what is stated, and the names of what is not.
struct ClaimTotal {
  std::string boundary;
  ClaimFigure stated;
  std::vector<std::string> unstated;
  std::optional<ClaimFigure> over_claimed, advantage_left;
  static constexpr auto fields = core::Fields{
      core::field("boundary", &ClaimTotal::boundary, "sampling, chip or node"),
      core::field("stated", &ClaimTotal::stated,
                  "J of the parts with stated prices: the total, or a bound from below"),
      core::field("unstated", &ClaimTotal::unstated, "parts without a stated price"),
      core::field("over_claimed", &ClaimTotal::over_claimed, "these joules over those claimed"),
      core::field("advantage_left", &ClaimTotal::advantage_left,
                  "the claimed advantage over these joules; a bound from above if parts are "
                  "unstated"),
  };
};

/// A claim billed again, for one unit of its result:
///
/// - sampling: J = updates e_update
/// - chip: and reads e_read + clamps e_clamp + writes e_write + t p_standby
/// - node: and t p_around
///
/// with t = sweeps t_sweep + frames t_frame + flashes t_flash.
struct ClaimBill {
  std::vector<ClaimPart> parts;  ///< updates, reads, clamps, writes, standby, around
  std::vector<ClaimTotal> totals;
  std::optional<ClaimFigure> seconds;
  std::vector<std::string> unfit;
  static constexpr auto fields = core::Fields{
      core::field("parts", &ClaimBill::parts, "parts of the work"),
      core::field("totals", &ClaimBill::totals, "sums by boundary"),
      core::field("seconds", &ClaimBill::seconds, "s of one unit; absent if a time is not stated"),
      core::field("unfit", &ClaimBill::unfit, "why the work does not fit the chip"),
  };
};

/// Bills a claim again.
[[nodiscard]] ClaimBill bill_claim(const Claim& claim, const DrawOptions& options = {});

/// The claim of a file, or of a name among the presets `claims/NAME`, with `sets`
/// ("dotted.key=value").
/// \throws core::UserError that lists the known claims
[[nodiscard]] Claim find_claim(const std::string& name, std::span<const std::string> sets = {});

/// Names of all claims that are found, sorted.
[[nodiscard]] std::vector<std::string> claim_names();

}  // namespace ohmlab::cost
