#include "data_windows.hpp"

#include <cstddef>
#include <vector>

#include <fmt/format.h>

#include "../core/errors.hpp"
#include "data_text.hpp"

namespace ohmlab::io {
namespace {

constexpr double most_numbers = 1e9;  // 4 GB of float32

struct Windows {
  core::Matrix contexts;
  std::vector<std::uint8_t> next;
};

Windows windows_of(const std::vector<std::int32_t>& text, std::int64_t context, std::int64_t stride,
                   std::int64_t vocabulary) {
  const auto size = static_cast<std::int64_t>(text.size());
  const std::int64_t count = size > context ? (size - context + stride - 1) / stride : 0;
  Windows out{core::Matrix::Zero(count, context * vocabulary), {}};
  out.next.reserve(static_cast<std::size_t>(count));
  for (std::int64_t w = 0; w < count; ++w) {
    const std::int64_t at = w * stride;
    for (std::int64_t k = 0; k < context; ++k)
      out.contexts(w, k * vocabulary + text[static_cast<std::size_t>(at + k)]) = 1;
    out.next.push_back(static_cast<std::uint8_t>(text[static_cast<std::size_t>(at + context)]));
  }
  return out;
}

}  // namespace

Dataset TextWindows::load() const {
  const SequenceSet text = TextFile{file, validation, test, characters}.load();
  const auto shortest = static_cast<std::int64_t>(std::min(text.train.size(), text.test.size()));
  if (shortest <= context) {
    throw core::UserError(file.resolved,
                          fmt::format("more than {} characters in each part", context),
                          fmt::format("{}", shortest));
  }
  const double numbers = static_cast<double>(text.train.size()) / static_cast<double>(stride) *
                         static_cast<double>(context * text.vocabulary);
  if (numbers > most_numbers) {
    throw core::UserError(
        {}, "data.characters", fmt::format("{}", characters),
        fmt::format("windows of {} bytes make {:.2g} numbers, over {:.0g}: expected fewer "
                    "characters, a larger stride or a shorter context",
                    context, numbers, most_numbers));
  }
  Windows train = windows_of(text.train, context, stride, text.vocabulary),
          held_out = windows_of(text.test, context, 1, text.vocabulary);
  Dataset out;
  out.train = std::move(train.contexts);
  out.test = std::move(held_out.contexts);
  out.train_labels = std::move(train.next);
  out.test_labels = std::move(held_out.next);
  out.height = context;
  out.width = text.vocabulary;
  out.digest = text.digest;
  return out;
}

}  // namespace ohmlab::io
