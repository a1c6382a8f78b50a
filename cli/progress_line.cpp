#include "progress_line.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace ohmlab::cli {
namespace {

constexpr std::size_t widest_bar = 24, narrowest_bar = 4;
constexpr std::size_t kept_free = 3;  // room for the "^C" of the terminal

bool begins_character(char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }

std::string with_note(std::string line, const std::string& note) {
  if (!note.empty()) line += "  " + note;
  return line;
}

}  // namespace

double Steps::rate() const {
  return done > restored && seconds > 0 ? static_cast<double>(done - restored) / seconds : 0;
}

std::string Steps::time_left() const {
  if (done <= restored) return "";
  return fmt::format("{:.0f} s left", seconds * static_cast<double>(all - done) /
                                          static_cast<double>(done - restored));
}

std::string plain_line(const Steps& steps) {
  std::string line = fmt::format("{} {}/{}", steps.what, steps.done, steps.all);
  if (const std::string left = steps.time_left(); !left.empty()) line += ", " + left;
  return with_note(std::move(line), steps.note);
}

std::string bar_line(const Steps& steps, std::size_t terminal_width) {
  std::string behind = fmt::format("{}/{}", steps.done, steps.all);
  if (const double rate = steps.rate(); rate > 0) behind += fmt::format(", {:.1f}/s", rate);
  if (const std::string left = steps.time_left(); !left.empty()) behind += ", " + left;
  behind = with_note(std::move(behind), steps.note);

  const std::size_t room = std::max(kept_free, terminal_width) - kept_free;
  const std::size_t taken = columns(steps.what) + columns(behind) + 4;  // " [" and "] "
  const std::size_t width = std::min(widest_bar, room > taken ? room - taken : 0);
  std::string line = steps.what + " ";
  if (width >= narrowest_bar) {
    const std::int64_t all = std::max<std::int64_t>(1, steps.all);
    const double share = static_cast<double>(std::clamp<std::int64_t>(steps.done, 0, all)) /
                         static_cast<double>(all);
    const auto filled = static_cast<std::size_t>(share * static_cast<double>(width));
    line += "[" + std::string(filled, '#') + std::string(width - filled, ' ') + "] ";
  }
  return std::string(first_columns(line + behind, room));
}

std::size_t columns(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), begins_character));
}

std::string_view first_columns(std::string_view text, std::size_t count) {
  std::size_t end = 0;
  for (; end < text.size(); ++end) {
    if (begins_character(text[end]) && count-- == 0) break;
  }
  return text.substr(0, end);
}

}  // namespace ohmlab::cli
