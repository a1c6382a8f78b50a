#include "sweep_handover.hpp"

#include <charconv>

#include <fmt/format.h>

#include "../core/errors.hpp"

namespace ohmlab::lab {
namespace {

constexpr std::string_view head = "ohmlab job";

/// Writes texts of any content in a row, each after its length.
class Texts {
 public:
  void add(std::string_view text) { bytes_ += fmt::format("{}\n{}", text.size(), text); }
  void add(std::int64_t number) { add(std::to_string(number)); }
  [[nodiscard]] std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

class TextReader {
 public:
  explicit TextReader(std::string_view bytes) : left_(bytes) {}

  std::string_view text() {
    std::size_t size = 0;
    const auto [end, error] = std::from_chars(left_.data(), left_.data() + left_.size(), size);
    const auto skipped = static_cast<std::size_t>(end - left_.data()) + 1;  // length and newline
    if (error != std::errc{} || skipped > left_.size() || size > left_.size() - skipped) fail();
    const std::string_view out = left_.substr(skipped, size);
    left_.remove_prefix(skipped + size);
    return out;
  }
  template <class Number>
  Number number() {
    const std::string_view digits = text();
    Number out{};
    if (std::from_chars(digits.data(), digits.data() + digits.size(), out).ec != std::errc{})
      fail();
    return out;
  }
  [[noreturn]] static void fail() {
    throw core::UserError({"standard input", 0}, "", "",
                          "expected the points that a sweep hands to its jobs");
  }

 private:
  std::string_view left_;
};

/// Reads one point. Its resolved config names data as written, relative to config files that a job
/// does not read. The paths at which data were found follow the config.
SweepPoint point_of(TextReader& from) {
  SweepPoint point;
  point.id = from.text();
  point.may_be_left_out = from.number<std::int64_t>() != 0;
  const std::string_view config = from.text();
  const Plan read = plan(core::parse_config(config, "point " + point.id));
  auto found = found_paths(read);
  for (std::filesystem::path& path : found) path = std::string(from.text());
  point.plan = with_found_paths(read, found);
  return point;
}

}  // namespace

std::string to_bytes(std::int64_t parent, const SweepOptions& options,
                     const std::vector<const SweepPoint*>& points) {
  Texts out;
  out.add(head);
  out.add(parent);
  out.add(options.out.native());
  out.add(options.threads);
  out.add(fmt::format("{}", options.checkpoint));
  out.add(static_cast<std::int64_t>(points.size()));
  for (const SweepPoint* point : points) {
    out.add(point->id);
    out.add(std::int64_t{point->may_be_left_out});
    out.add(point->plan.config);
    for (const std::filesystem::path& path : found_paths(point->plan)) out.add(path.native());
  }
  return out.take();
}

SweepHandover handover_of(std::string_view bytes) {
  TextReader from(bytes);
  if (from.text() != head) TextReader::fail();
  SweepHandover out;
  out.parent = from.number<std::int64_t>();
  out.options.out = std::string(from.text());
  out.options.threads = from.number<std::int64_t>();
  out.options.checkpoint = from.number<double>();
  const auto count = from.number<std::int64_t>();
  for (std::int64_t i = 0; i < count; ++i) out.points.push_back(point_of(from));
  return out;
}

}  // namespace ohmlab::lab
