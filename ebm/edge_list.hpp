#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "../core/fields.hpp"
#include "../core/matrix.hpp"

/// Graphs from files: edges one a line, and fields of nodes. Nodes are numbered from 0. Lines that
/// start with # are comments, and a first line that starts with i is a heading.
namespace ohmlab::ebm {

struct ListedEdge {
  core::Index i = 0, j = 0;  ///< the smaller number first
  double coupling = 1;
};

struct EdgeList {
  std::vector<ListedEdge> edges;  ///< in ascending order
  bool has_couplings = false;     ///< true if lines have a third number

  /// Reads lines of `i, j` or of `i, j, coupling`.
  /// \param file   name for messages
  /// \param nodes  number of nodes
  /// \throws core::UserError with file and line for a node that does not exist, an edge from a node
  /// to itself, an edge that was named before, and anything that is no line of the kind of the
  /// first
  [[nodiscard]] static EdgeList parse(std::string_view text, const std::string& file,
                                      core::Index nodes);
};

/// Reads lines of `i, field`, one number per node; nodes without a line have none: 0.
/// \throws core::UserError with file and line, as above
[[nodiscard]] std::vector<double> parse_node_fields(std::string_view text, const std::string& file,
                                                    core::Index nodes);

/// Text of a small file of a config, whose digest is set; empty if no such file was found.
[[nodiscard]] std::string read_graph_file(core::DataPath& path);

/// \throws core::UserError if a file is named and was not found
void require_graph_file(const core::DataPath& path);

}  // namespace ohmlab::ebm
