#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "../core/fields.hpp"
#include "quoted.hpp"

namespace ohmlab::cost {

/// A digital accelerator with its share of the node, from makers' data and measurements. Presets
/// are `configs/accelerators/*.toml`.
struct Accelerator {
  static constexpr std::string_view name = "accelerator";
  static constexpr std::string_view summary =
      "A digital accelerator with its share of the node: peaks, memory, links, power.";
  static constexpr std::string_view equation =
      "node power while it trains = share (tdp + host), chip power = share tdp; a chip that waits "
      "draws idle";
  static constexpr std::string_view source =
      "share of the rated node: Newkirk et al., arXiv 2506.14551, Latif et al., arXiv 2412.08602 "
      "(8xH100 nodes)";

  std::string title;
  std::map<std::string, Rate> peak;  ///< FLOP/s of dense products, by number format
  Bytes memory;
  Bandwidth bandwidth;    ///< bandwidth of the main memory
  std::int64_t node = 1;  ///< number of accelerators that the fast links join
  Bandwidth link;         ///< bandwidth within a node, one way, that one ring may use
  Bandwidth network;      ///< bandwidth out of the node, one way, per accelerator
  Watts tdp, idle, host;
  std::optional<Rent> rent;
  std::int64_t year = 2020;
  static constexpr auto fields = core::Fields{
      core::field("title", &Accelerator::title, "title of a row in tables", core::Need::required),
      core::field("peak", &Accelerator::peak,
                  "dense operations per second by number format, e.g. bf16, fp8",
                  core::Need::required),
      core::field("memory", &Accelerator::memory, "main memory", core::Need::required),
      core::field("bandwidth", &Accelerator::bandwidth, "bandwidth of the main memory",
                  core::Need::required),
      core::field("node", &Accelerator::node, "", core::at_least(1),
                  "number of accelerators that the fast links join", core::Need::required),
      core::field("link", &Accelerator::link,
                  "bytes per second in one direction within a node that one ring may use",
                  core::Need::required),
      core::field("network", &Accelerator::network,
                  "bytes per second in one direction out of the node, per accelerator",
                  core::Need::required),
      core::field("tdp", &Accelerator::tdp, "power of the chip with its memory at full load",
                  core::Need::required),
      core::field("idle", &Accelerator::idle, "power of the chip when it waits",
                  core::Need::required),
      core::field(
          "host", &Accelerator::host,
          "its share of the node's rated power beyond the chips: processors, fans, network cards, "
          "supply losses",
          core::Need::required),
      core::field("rent", &Accelerator::rent, "price of one accelerator for an hour"),
      core::field("year", &Accelerator::year, "", core::between(1990, 2100),
                  "year of its first sale"),
  };

  [[nodiscard]] std::string problem() const;
};

/// Share of its rated power that a node draws while it trains.
[[nodiscard]] const Share& rated_node_share();

/// The preset `accelerators/NAME.toml`.
/// \throws core::UserError if no preset has this name; the message suggests the nearest name
[[nodiscard]] Accelerator accelerator_preset(const std::string& name);

/// Names of all presets that are found, sorted.
[[nodiscard]] std::vector<std::string> accelerator_presets();

}  // namespace ohmlab::cost
