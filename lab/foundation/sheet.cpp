#include "sheet.hpp"

#include <algorithm>

namespace ohmlab::foundation {

void Sheet::table(const std::vector<std::string>& head,
                  const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (std::size_t c = 0; c < head.size(); ++c) {
    widths.push_back(head[c].size());
    for (const auto& row : rows) widths[c] = std::max(widths[c], row[c].size());
  }
  const auto line = [&](const std::vector<std::string>& cells) {
    std::string text = " ";
    for (std::size_t c = 0; c < cells.size(); ++c)
      text += fmt::format(" {:<{}} ", cells[c], widths[c]);
    text.erase(text.find_last_not_of(' ') + 1);
    say("{}", text);
  };
  line(head);
  for (const auto& row : rows) line(row);
}

std::string text_of(const cost::Band& band, double scale) {
  const auto rounded = [&](double value, int digits) {
    return fmt::format("{:.6g}", std::stod(fmt::format("{:.{}e}", scale * value, digits - 1)));
  };
  if (band.p05 == band.p95) return rounded(band.nominal, 3);
  return fmt::format("{} [{} to {}]", rounded(band.nominal, 3), rounded(band.p05, 2),
                     rounded(band.p95, 2));
}

std::string size_text(double parameters) {
  if (parameters >= 1e12) return fmt::format("{:.4g} T", parameters / 1e12);
  if (parameters >= 1e9) return fmt::format("{:.4g} B", parameters / 1e9);
  return fmt::format("{:.4g} M", parameters / 1e6);
}

}  // namespace ohmlab::foundation
