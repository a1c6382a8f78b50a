#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

/// Readers that must survive any bytes. Each is run by the tests on mutated seeds, and by libFuzzer
/// if it is asked for (`OHMLAB_FUZZ`).
namespace fuzz {

struct Target {
  const char* name;
  std::vector<std::string> (*seeds)();     ///< inputs that are read well
  void (*read)(const std::string& input);  ///< throws what it likes
};

[[nodiscard]] std::span<const Target> targets();
[[nodiscard]] const Target& target(const std::string& name);

/// Reads an input. What is said of it as the user's mistake, the world's fault or too little memory
/// is well; any other exception passes.
void read(const Target& target, const std::string& input);

/// An input made of the seeds, a function of its number.
[[nodiscard]] std::string mutated(const std::vector<std::string>& seeds, std::uint32_t number);

}  // namespace fuzz
