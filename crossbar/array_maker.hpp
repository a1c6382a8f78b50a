#pragma once

#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

#include "edge_array.hpp"

namespace ohmlab::crossbar {

/// Makes arrays. A machine that can hold weights at few crossings has a second form; for others,
/// matrices with few weights are made with all their crossings.
class ArrayMaker {
 public:
  using Dense =
      std::function<std::unique_ptr<Array>(Index rows, Index cols, const ArrayContext& context)>;
  using AlongEdges = std::function<std::unique_ptr<EdgeArray>(
      std::shared_ptr<const Crossings> crossings, const ArrayContext& context)>;

  /// \param make  also makes arrays along edges if it can be called so
  template <class Make>
    requires(!std::is_same_v<Make, ArrayMaker> &&
             std::is_invocable_v<const Make&, Index, Index, const ArrayContext&>)
  ArrayMaker(Make make) : dense_(make) {  // NOLINT(google-explicit-constructor): as std::function
    if constexpr (std::is_invocable_v<const Make&, std::shared_ptr<const Crossings>,
                                      const ArrayContext&>)
      along_edges_ = std::move(make);
  }
  ArrayMaker(Dense dense, AlongEdges along_edges)
      : dense_(std::move(dense)), along_edges_(std::move(along_edges)) {}

  [[nodiscard]] std::unique_ptr<Array> operator()(Index rows, Index cols,
                                                  const ArrayContext& context) const {
    return dense_(rows, cols, context);
  }
  [[nodiscard]] bool knows_edges() const noexcept { return along_edges_ != nullptr; }
  /// \pre knows_edges()
  [[nodiscard]] std::unique_ptr<EdgeArray> along(std::shared_ptr<const Crossings> crossings,
                                                 const ArrayContext& context) const {
    return along_edges_(std::move(crossings), context);
  }

 private:
  Dense dense_;
  AlongEdges along_edges_;
};

}  // namespace ohmlab::crossbar
