#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <string>
#include <vector>

#include "ohmlab/io/hdf5.hpp"

/// A small file of the kind a run leaves: every type, labels, scales, one dataset large enough to
/// be compressed.
inline void write_sample(const std::filesystem::path& path) {
  ohmlab::io::Hdf5Writer writer(path);
  writer.group("/run");
  writer.attribute("/run", "version", std::string("0.1.0"));
  writer.attribute("/run", "threads", std::int64_t{4});
  writer.attribute("/run", "seconds", 0.25);
  writer.attribute("/", "schema", std::int64_t{1});
  writer.text("/config", "seed = 1\n# µS\n");
  writer.scalar("/final", -110.7, {"nats", "log-likelihood"});
  writer.scale("/metrics/epoch", std::vector<std::int64_t>{1, 2, 3}, {"1", "epoch"});
  writer.dataset("/metrics/loss", std::vector<double>{0.5, 0.25, 0.125}, {3}, {"nats", "loss"});
  writer.attach("/metrics/loss", 0, "/metrics/epoch");
  writer.scale("/tally/entry", std::vector<std::string>{"array.read", "array.update"},
               {"", "component and action"});
  writer.dataset("/tally/count",
                 std::vector<std::uint64_t>{std::numeric_limits<std::uint64_t>::max(), 7}, {2},
                 {"1", "number of actions"});
  writer.attach("/tally/count", 0, "/tally/entry");
  std::vector<float> weights(std::size_t{200} * 150);
  for (std::size_t k = 0; k < weights.size(); ++k)
    weights[k] = static_cast<float>(k % 977) / 977.0f;
  writer.dataset("/state/weights", weights, {200, 150}, {"1", "weights"});
  writer.dataset("/state/bytes", std::vector<std::uint8_t>{0, 127, 255}, {3, 1}, {});
  writer.commit();
}
