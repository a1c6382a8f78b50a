#include "measurement.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include <fmt/format.h>

#include "../../core/errors.hpp"
#include "../../core/quantile.hpp"
#include "../../core/suggest.hpp"
#include "table.hpp"

namespace ohmlab::fitting {
namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t fewest_reads = 4, fewest_ramps = 5, pieces = 20;
constexpr int equal_reads = 5;  ///< equal reads at an extreme in a row that are a saturation

/// A mark of `up` or `down`, and whether a column met it.
struct Mark {
  std::string text;
  int sign;
  bool used = false;
};

bool is_file(const std::string& text, const std::filesystem::path& file) {
  return text == file.string() || text == file.filename().string() || text == file.stem().string();
}

bool meets(const Mark& mark, const Table& table, std::size_t column) {
  const std::string& name = table.columns[column].name;
  const auto is_column = [&](std::string_view text) {
    return text == name || text == std::to_string(column + 1);
  };
  if (is_file(mark.text, table.file) || is_column(mark.text)) return true;
  const auto colon = mark.text.rfind(':');
  return colon != std::string::npos && is_file(mark.text.substr(0, colon), table.file) &&
         is_column(std::string_view(mark.text).substr(colon + 1));
}

/// Sorts the columns of tables into ramps of raw values.
class Sorter {
 public:
  explicit Sorter(const FitOptions& options) : options_(options) {
    for (const std::string& text : options.up) marks_.push_back({text, 1});
    for (const std::string& text : options.down) marks_.push_back({text, -1});
  }

  void add(const Table& table) {
    const int signs = options_.signs.empty() ? -1 : column_named(table, options_.signs);
    for (std::size_t c = 0; c < table.columns.size(); ++c) {
      if (static_cast<int>(c) == signs) continue;
      add_column(table, c, signs);
    }
  }
  Measurement finish() {
    for (const Mark& mark : marks_) {
      if (mark.used) continue;
      throw core::UserError({}, mark.sign > 0 ? "up" : "down", "\"" + mark.text + "\"",
                            "expected a file of the data, a column of one, or FILE:COLUMN");
    }
    return std::move(out_);
  }

 private:
  static int column_named(const Table& table, const std::string& name) {
    std::vector<std::string_view> known;
    for (std::size_t c = 0; c < table.columns.size(); ++c) {
      known.push_back(table.columns[c].name);
      if (table.columns[c].name == name || std::to_string(c + 1) == name)
        return static_cast<int>(c);
    }
    throw core::UserError(
        {table.file.string(), 0}, "signs", "\"" + name + "\"",
        fmt::format("expected a column of the file{}", core::did_you_mean(name, known)));
  }
  int sign_of(const Table& table, std::size_t column) {
    int sign = 0;
    for (Mark& mark : marks_) {
      if (!meets(mark, table, column)) continue;
      mark.used = true;
      if (sign == -mark.sign) {
        throw core::UserError({table.file.string(), 0}, "column " + table.columns[column].name, "",
                              "expected one direction, found it in both up and down");
      }
      sign = mark.sign;
    }
    return sign;
  }
  void add_column(const Table& table, std::size_t c, int signs) {
    const TableColumn& column = table.columns[c];
    Ramp ramp;
    ramp.name = fmt::format("{}, column {}", table.file.filename().string(), column.name);
    ramp.reads = column.values;
    ramp.sign.assign(ramp.reads.size(), 0);
    if (signs >= 0) {
      read_signs(table, table.columns[static_cast<std::size_t>(signs)], ramp);
    } else {
      const int sign = sign_of(table, c);
      if (sign == 0) {
        throw core::UserError({table.file.string(), 0}, "column " + column.name, "",
                              "expected its direction: name the file or the column in up or down, "
                              "or a column of pulse signs in signs");
      }
      std::fill(ramp.sign.begin() + 1, ramp.sign.end(), static_cast<std::int8_t>(sign));
    }
    check(table, column, ramp);
    saturate(table, column, ramp);
    ramp.group =
        group_of(options_.columns == ColumnMeaning::devices ? "device " + column.name : ramp.name);
    out_.ramps.push_back(std::move(ramp));
  }
  static void read_signs(const Table& table, const TableColumn& signs, Ramp& ramp) {
    for (std::size_t k = 0; k < ramp.reads.size(); ++k) {
      const double sign = k < signs.values.size() ? signs.values[k] : missing;
      if (std::isnan(sign)) {
        throw core::UserError({table.place(k), 0}, "column " + signs.name, "",
                              "expected a sign for every read, found a blank");
      }
      ramp.sign[k] = static_cast<std::int8_t>(sign > 0 ? 1 : sign < 0 ? -1 : 0);
    }
    ramp.sign[0] = 0;  // the state before this pulse was not read
  }
  void check(const Table& table, const TableColumn& column, const Ramp& ramp) const {
    const auto read = [](double x) { return !std::isnan(x); };
    const auto count = std::count_if(ramp.reads.begin(), ramp.reads.end(), read);
    if (count < static_cast<std::ptrdiff_t>(fewest_reads)) {
      throw core::UserError(
          {table.file.string(), 0}, "column " + column.name, "",
          fmt::format("expected at least {} reads, found {}", fewest_reads, count));
    }
    if (options_.values == Quantity::normalised) return;
    const double volts = options_.read_voltage.value_or(1);
    for (std::size_t k = 0; k < ramp.reads.size(); ++k) {
      const double value = ramp.reads[k];
      if (std::isnan(value)) continue;
      if (value / volts < 0) {
        throw core::UserError(
            {table.place(k), 0}, "column " + column.name, fmt::format("{:g}", value),
            options_.read_voltage ? "expected a current with the sign of read_voltage"
                                  : "expected a conductance that is not negative; for normalised "
                                    "values set values to \"normalised\"");
      }
      if (value / volts > 1e3) {
        throw core::UserError({table.place(k), 0}, "column " + column.name,
                              fmt::format("{:g}", value),
                              fmt::format("expected at most 1000 S, found {:g} S; for normalised "
                                          "values set values to \"normalised\"",
                                          value / volts));
      }
    }
  }
  /// Leaves out reads at the limits of the instrument, those given and those that a ramp shows: the
  /// same extreme value several times in a row.
  void saturate(const Table& table, const TableColumn& column, Ramp& ramp) {
    double low = options_.saturated_low.value_or(-std::numeric_limits<double>::infinity());
    double high = options_.saturated_high.value_or(std::numeric_limits<double>::infinity());
    double least = std::numeric_limits<double>::infinity(), most = -least;
    for (const double x : ramp.reads) {
      if (std::isnan(x)) continue;
      least = std::min(least, x);
      most = std::max(most, x);
    }
    if (least == most) {
      throw core::UserError({table.place(0), 0}, "column " + column.name,
                            fmt::format("{:g}", least),
                            "expected reads that differ, found this value in all rows");
    }
    if (!options_.saturated_low && in_a_row(ramp.reads, least) >= equal_reads) low = least;
    if (!options_.saturated_high && in_a_row(ramp.reads, most) >= equal_reads) high = most;
    leave_out(ramp, low, high);
    std::size_t left = 0;
    for (const double x : ramp.reads) left += !std::isnan(x);
    if (left < fewest_reads) {
      throw core::UserError({table.file.string(), 0}, "column " + column.name, "",
                            fmt::format("expected at least {} reads that are not saturated, found "
                                        "{}",
                                        fewest_reads, left));
    }
    if (ramp.saturated > 0) {
      out_.notes.push_back(fmt::format("{}: {} saturated reads at {:g} were left out", ramp.name,
                                       ramp.saturated, std::isfinite(high) ? high : low));
    }
  }
  /// Reads between two saturated ones go too: at the limit, noise chooses those that are not.
  static void leave_out(Ramp& ramp, double low, double high) {
    const auto beyond = [&](double x) { return x <= low || x >= high; };
    const auto first = std::find_if(ramp.reads.begin(), ramp.reads.end(), beyond);
    if (first == ramp.reads.end()) return;
    const auto last = std::find_if(ramp.reads.rbegin(), ramp.reads.rend(), beyond).base();
    const bool one_way = ramp.direction() != 0;
    for (auto x = first; x != last; ++x) {
      if (std::isnan(*x) || (!one_way && !beyond(*x))) continue;
      ++ramp.saturated;
      *x = missing;
    }
  }
  static int in_a_row(const std::vector<double>& reads, double value) {
    int most = 0, now = 0;
    for (const double x : reads) most = std::max(most, now = x == value ? now + 1 : 0);
    return most;
  }
  int group_of(const std::string& name) {
    const auto found = std::find(out_.groups.begin(), out_.groups.end(), name);
    if (found == out_.groups.end()) {
      out_.groups.push_back(name);
      return static_cast<int>(out_.groups.size()) - 1;
    }
    return static_cast<int>(found - out_.groups.begin());
  }

  const FitOptions& options_;
  std::vector<Mark> marks_;
  Measurement out_;
};

/// From values of the files to states w.
void scale(Measurement& data, const FitOptions& options) {
  const double volts = options.read_voltage.value_or(1);
  std::vector<double> all;
  for (Ramp& ramp : data.ramps) {
    for (double& x : ramp.reads) {
      x /= volts;
      if (!std::isnan(x)) all.push_back(x);
    }
  }
  std::sort(all.begin(), all.end());
  data.siemens = options.values != Quantity::normalised;
  const bool given = options.low || options.high;
  data.low = options.low.value_or(data.siemens || given ? core::quantile(all, 0.005) : -1);
  data.high = options.high.value_or(data.siemens || given ? core::quantile(all, 0.995) : 1);
  if (data.low >= data.high) {
    throw core::UserError({}, "low", fmt::format("{:g}", data.low),
                          fmt::format("expected a value below high = {:g}", data.high));
  }
  if (data.siemens && data.low < 0)
    throw core::UserError({}, "low", fmt::format("{:g}", data.low), "expected a conductance");
  const double middle = core::quantile(all, 0.5);
  if (all.back() < data.low || all.front() > data.high) {
    throw core::UserError(
        {}, "low, high", fmt::format("{:g}, {:g}", data.low, data.high),
        fmt::format("expected a range that holds reads, whose median is {:g}", middle));
  }
  for (Ramp& ramp : data.ramps)
    for (double& x : ramp.reads) x = 2 * (x - data.low) / (data.high - data.low) - 1;
  if (data.siemens && !(options.low && options.high)) {
    data.notes.push_back(
        fmt::format("w = -1 and w = +1 are {:.4g} S and {:.4g} S, the ends of the measured range "
                    "(0.5 % and 99.5 % of reads) unless low and high set them",
                    data.low, data.high));
  }
}

/// Cuts ramps into pieces where there are too few to hold some back.
void cut(Measurement& data) {
  std::vector<Ramp> out;
  for (const Ramp& ramp : data.ramps) {
    const std::size_t length =
        std::max<std::size_t>(2 * fewest_reads, (ramp.reads.size() + pieces - 1) / pieces);
    for (std::size_t begin = 0; begin < ramp.reads.size(); begin += length) {
      const auto end = static_cast<std::ptrdiff_t>(std::min(begin + length, ramp.reads.size()));
      const auto from = static_cast<std::ptrdiff_t>(begin);
      if (end - from < static_cast<std::ptrdiff_t>(fewest_reads)) break;
      Ramp piece = ramp;
      piece.reads.assign(ramp.reads.begin() + from, ramp.reads.begin() + end);
      piece.sign.assign(ramp.sign.begin() + from, ramp.sign.begin() + end);
      piece.sign[0] = 0;
      piece.first_pulse = static_cast<int>(begin);
      piece.name += fmt::format(", rows {} to {}", begin + 1, end);
      if (std::any_of(piece.reads.begin(), piece.reads.end(), [](double x) { return x == x; }))
        out.push_back(std::move(piece));
    }
  }
  data.ramps = std::move(out);
  data.cut = true;
  data.notes.push_back(fmt::format("too few ramps to hold some back: they were cut into {} pieces",
                                   data.ramps.size()));
}

void hold_back(Measurement& data, std::int64_t every, bool devices) {
  if (every < 2) return;
  std::int64_t seen[3]{};
  for (Ramp& ramp : data.ramps) {
    std::int64_t& count = seen[ramp.direction() + 1];
    ramp.held_back = (devices ? ramp.group + 1 : ++count) % every == 0;
  }
}

}  // namespace

int Ramp::direction() const {
  bool ups = false, downs = false;
  for (const std::int8_t s : sign) {
    ups = ups || s > 0;
    downs = downs || s < 0;
  }
  return ups == downs ? 0 : ups ? 1 : -1;
}

Measurement measure(std::span<const std::filesystem::path> files, const FitOptions& options) {
  Sorter sorter(options);
  for (std::size_t i = 0; i < files.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (files[i] == files[j])
        throw core::UserError({files[i].string(), 0}, "", "", "expected each file once");
    }
    sorter.add(read_table(files[i]));
  }
  Measurement data = sorter.finish();
  bool ups = false, downs = false;
  std::size_t count[3]{};
  for (const Ramp& ramp : data.ramps) {
    for (const std::int8_t s : ramp.sign) {
      ups = ups || s > 0;
      downs = downs || s < 0;
    }
    ++count[ramp.direction() + 1];
  }
  if (!ups || !downs) {
    throw core::UserError(
        {}, "", "",
        fmt::format("expected pulses up and down, found none that go {}", ups ? "down" : "up"));
  }
  scale(data, options);
  const auto few = [](std::size_t n) { return n > 0 && n < fewest_ramps; };
  if (options.columns == ColumnMeaning::ramps && (few(count[0]) || few(count[1]) || few(count[2])))
    cut(data);
  hold_back(data, options.hold_back, options.columns == ColumnMeaning::devices);
  return data;
}

}  // namespace ohmlab::fitting
