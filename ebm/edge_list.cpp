#include "edge_list.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "../core/errors.hpp"
#include "../core/hash.hpp"
#include "../core/input_file.hpp"
#include "../core/text_cells.hpp"

namespace ohmlab::ebm {
namespace {

using core::Index;

constexpr std::size_t most_bytes = std::size_t{64} << 20;

/// One line of a file, for messages.
class Line {
 public:
  Line(const std::string& file, int number, std::string_view text)
      : where_{file, number}, cells_(core::cells_of(text)) {}

  [[nodiscard]] std::size_t size() const noexcept { return cells_.size(); }
  [[nodiscard]] double number(std::size_t at) const {
    const std::optional<double> out = core::finite_number(cells_[at]);
    if (!out) fail(fmt::format("\"{}\"", cells_[at]), "expected a finite number");
    return *out;
  }
  /// \param nodes  number of nodes
  [[nodiscard]] Index node(std::size_t at, Index nodes) const {
    const double out = number(at);
    if (out < 0 || out >= static_cast<double>(nodes) || out != std::floor(out)) {
      fail(fmt::format("\"{}\"", cells_[at]),
           fmt::format("no such node: expected a whole number from 0 to {}", nodes - 1));
    }
    return static_cast<Index>(out);
  }
  [[noreturn]] void fail(const std::string& value, const std::string& expected) const {
    throw core::UserError(where_, "", value, expected);
  }

 private:
  core::Location where_;
  std::vector<std::string_view> cells_;
};

/// Visits all lines but comments, empty ones and the heading.
void each_line(std::string_view text, const std::string& file,
               const std::function<void(const Line&, int)>& visit) {
  bool first = true;
  int number = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = core::trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    ++number;
    if (line.empty() || line.front() == '#') continue;
    const bool heading = first && line.front() == 'i';
    first = false;
    if (!heading) visit({file, number, line}, number);
  }
}

}  // namespace

EdgeList EdgeList::parse(std::string_view text, const std::string& file, Index nodes) {
  EdgeList out;
  std::map<std::pair<Index, Index>, int> lines;
  std::size_t columns = 0;
  each_line(text, file, [&](const Line& line, int number) {
    if (columns == 0) columns = line.size();
    if (line.size() != columns || columns < 2 || columns > 3) {
      line.fail(fmt::format("{} numbers", line.size()),
                columns == 2 || columns == 3
                    ? fmt::format("expected {}, as in the first line", columns)
                    : "expected \"i, j\" or \"i, j, coupling\"");
    }
    const Index i = line.node(0, nodes), j = line.node(1, nodes);
    if (i == j) line.fail(fmt::format("{}, {}", i, j), "an edge joins two different nodes");
    const auto [before, fresh] = lines.emplace(std::pair{std::min(i, j), std::max(i, j)}, number);
    if (!fresh) {
      line.fail(fmt::format("{}, {}", i, j),
                fmt::format("this edge stands in line {} already", before->second));
    }
    out.edges.push_back(
        {std::min(i, j), std::max(i, j), columns == 3 ? line.number(2) : double{1}});
  });
  if (out.edges.empty()) throw core::UserError(file, "at least one edge", "none");
  out.has_couplings = columns == 3;
  std::sort(out.edges.begin(), out.edges.end(), [](const ListedEdge& x, const ListedEdge& y) {
    return std::pair{x.i, x.j} < std::pair{y.i, y.j};
  });
  return out;
}

std::vector<double> parse_node_fields(std::string_view text, const std::string& file, Index nodes) {
  std::vector<double> out(static_cast<std::size_t>(nodes));
  std::map<Index, int> lines;
  each_line(text, file, [&](const Line& line, int number) {
    if (line.size() != 2)
      line.fail(fmt::format("{} numbers", line.size()), "expected \"i, field\"");
    const Index i = line.node(0, nodes);
    const auto [before, fresh] = lines.emplace(i, number);
    if (!fresh) {
      line.fail(fmt::format("{}", i),
                fmt::format("this node stands in line {} already", before->second));
    }
    out[static_cast<std::size_t>(i)] = line.number(1);
  });
  return out;
}

std::string read_graph_file(core::DataPath& path) {
  path.digest.clear();
  if (!std::filesystem::is_regular_file(path.resolved)) return "";
  core::InputFile in(path.resolved);
  const std::vector<std::byte> bytes = in.read(most_bytes + 1);
  if (bytes.size() > most_bytes)
    throw core::UserError(path.resolved, "a list of at most 64 MiB", "a larger file");
  std::string text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  path.digest = core::Sha256().add(text).hex();
  return text;
}

void require_graph_file(const core::DataPath& path) {
  if (path.text.empty() || !path.digest.empty()) return;
  throw core::UserError(path.where, path.key, "\"" + path.text + "\"",
                        path.resolved.empty()
                            ? "no such file beside the config that names it, nor below $OHMLAB_DATA"
                            : "expected a file");
}

}  // namespace ohmlab::ebm
