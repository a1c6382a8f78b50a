#include "table.hpp"

#include <limits>
#include <optional>
#include <set>
#include <string_view>

#include <fmt/format.h>

#include "../../core/errors.hpp"
#include "../../core/input_file.hpp"
#include "../../core/text_cells.hpp"
#include "../../io/hdf5.hpp"
#include "../../io/sandbox.hpp"

namespace ohmlab::fitting {
namespace {

constexpr std::size_t most_bytes = std::size_t{256} << 20;
constexpr double missing = std::numeric_limits<double>::quiet_NaN();

/// Reads text line by line.
class TableReader {
 public:
  explicit TableReader(const std::filesystem::path& file) { table_.file = file; }

  Table read(std::string_view text) {
    if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);  // mark of UTF-8
    for (std::size_t begin = 0; begin < text.size();) {
      const std::size_t end = std::min(text.find('\n', begin), text.size());
      ++line_;
      const std::string_view line = text.substr(begin, end - begin);
      if (const auto held = core::trimmed(line); !held.empty() && held[0] != '#') take(line);
      begin = end + 1;
    }
    finish();
    return std::move(table_);
  }

 private:
  [[noreturn]] void fail(const std::string& column, std::string_view value,
                         const std::string& expected) const {
    throw core::UserError({table_.file.string(), line_}, column.empty() ? "" : "column " + column,
                          value.empty() ? "" : fmt::format("\"{}\"", value), expected);
  }

  void take(std::string_view line) {
    if (line.find('\0') != std::string_view::npos)
      fail("", "", "expected text, found a byte that is zero");
    if (separator_ == 0) separator_ = separator_of(line);
    std::vector<std::string_view> cells = core::cells_of(line, separator_);
    if (cells.back().empty() && !table_.columns.empty() && cells.size() > table_.columns.size())
      cells.pop_back();  // a separator at the end of the line
    if (table_.columns.empty()) return begin(cells);
    if (cells.size() != table_.columns.size()) {
      fail("", "",
           fmt::format("expected {} columns as in line {}, found {}", table_.columns.size(), first_,
                       cells.size()));
    }
    add_row(cells);
  }
  [[nodiscard]] char separator_of(std::string_view line) const {
    for (const char sign : {'\t', ';', ','})
      if (line.find(sign) != std::string_view::npos) return sign;
    return ',';
  }
  void begin(const std::vector<std::string_view>& cells) {
    first_ = line_;
    const auto is_number = [](std::string_view cell) {
      return core::finite_number(cell).has_value();
    };
    const bool none = std::none_of(cells.begin(), cells.end(), is_number);
    table_.has_header = none;
    std::set<std::string> names;
    for (std::size_t c = 0; c < cells.size(); ++c) {
      std::string_view name = cells[c];
      if (name.size() > 1 && name.front() == '"' && name.back() == '"')
        name = name.substr(1, name.size() - 2);
      table_.columns.push_back({none ? std::string(name) : std::to_string(c + 1), {}});
      if (none && name.empty()) {
        fail(std::to_string(c + 1), "", "expected a name in the header, or numbers in all lines");
      }
      if (none && !names.insert(std::string(name)).second)
        fail(std::to_string(c + 1), name, "expected a name that no other column has");
    }
    if (!none) add_row(cells);
  }
  void add_row(const std::vector<std::string_view>& cells) {
    table_.lines.push_back(line_);
    for (std::size_t c = 0; c < cells.size(); ++c) {
      const auto number = core::finite_number(cells[c]);
      if (!number && !cells[c].empty()) {
        const bool comma = separator_ == ';' && cells[c].find(',') != std::string_view::npos;
        fail(table_.columns[c].name, cells[c],
             comma ? "expected a finite number, with a point and not a comma for decimals"
                   : "expected a finite number, or a blank for a read that is missing");
      }
      table_.columns[c].values.push_back(number.value_or(missing));
    }
  }
  void finish() {
    if (table_.columns.empty()) {
      throw core::UserError(table_.file, "columns of numbers", "an empty file");
    }
    for (TableColumn& column : table_.columns) {
      while (!column.values.empty() && std::isnan(column.values.back())) column.values.pop_back();
      if (column.values.empty()) {
        throw core::UserError({table_.file.string(), first_}, "column " + column.name, "",
                              "expected numbers below, found none");
      }
    }
  }

  Table table_;
  int line_ = 0, first_ = 0;
  char separator_ = 0;
};

void add_dataset(Table& table, const std::string& name, const io::Hdf5Array<double>& data) {
  if (data.shape.empty() || data.shape.size() > 2 || data.values.empty()) {
    throw core::UserError(table.file,
                          fmt::format("\"{}\" of one or two dimensions, pulses × columns", name),
                          fmt::format("{} dimensions", data.shape.size()));
  }
  const std::size_t columns = data.shape.size() == 2 ? data.shape[1] : 1;
  for (std::size_t c = 0; c < columns; ++c) {
    TableColumn column{columns == 1 ? name : fmt::format("{}/{}", name, c + 1), {}};
    for (std::size_t row = 0; row < data.shape[0]; ++row) {
      const double value = data.values[row * columns + c];
      if (std::isinf(value)) {
        throw core::UserError(table.file, fmt::format("finite numbers in \"{}\"", column.name),
                              fmt::format("{} in row {}", value, row + 1));
      }
      column.values.push_back(value);
    }
    while (!column.values.empty() && std::isnan(column.values.back())) column.values.pop_back();
    if (column.values.empty())
      throw core::UserError(table.file, fmt::format("numbers in \"{}\"", column.name), "none");
    table.columns.push_back(std::move(column));
  }
}

/// The datasets of a file that anybody wrote, in a file of ours.
std::vector<std::byte> copied(const std::filesystem::path& file) {
  const io::Hdf5Reader reader(file, io::Trust::any);
  io::Hdf5Writer writer;
  for (const std::string& name : reader.names("/")) {
    const auto data = reader.read_doubles("/" + name);
    writer.dataset("/" + name, data.values, data.shape, {});
  }
  return writer.bytes();
}

Table read_hdf5(const std::filesystem::path& file) {
  Table table;
  table.file = file;
  table.has_header = true;
  const io::Hdf5Reader reader(io::in_sandbox(file, [&] { return copied(file); }), file);
  for (const std::string& name : reader.names("/"))
    add_dataset(table, name, reader.read_doubles("/" + name));
  if (table.columns.empty()) throw core::UserError(file, "datasets of pulses", "none");
  return table;
}

}  // namespace

std::string Table::place(std::size_t row) const {
  if (row >= lines.size()) return fmt::format("{}, row {}", file.string(), row + 1);
  return fmt::format("{}:{}", file.string(), lines[row]);
}

Table parse_table(std::string_view text, const std::filesystem::path& file) {
  return TableReader(file).read(text);
}

Table read_table(const std::filesystem::path& file) {
  constexpr std::string_view hdf5 = "\x89HDF\r\n\x1a\n";
  core::InputFile in(file);
  in.require_no_folder("a file of measured pulses");
  const std::vector<std::byte> bytes = in.read(most_bytes + 1);
  if (bytes.size() > most_bytes)
    throw core::UserError(file, "a file of at most 256 MiB", "a larger one");
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  return text.starts_with(hdf5) ? read_hdf5(file) : parse_table(text, file);
}

}  // namespace ohmlab::fitting
