// Where secrets become public. Nothing happens here in a run; under memcheck, with which the tests
// of constant time mark secrets as undefined, what is disclosed counts as defined from there on, so
// that branches and addresses are reported exactly if they depend on what is still secret
// (Langley's ctgrind).
#pragma once

#include <cstddef>
#include <ranges>
#include <span>

#if __has_include(<valgrind/memcheck.h>)
#include <valgrind/memcheck.h>
#endif

namespace evenkeel {

/// All may depend on these numbers from now on.
template <std::ranges::contiguous_range Numbers>
void disclose(const Numbers& numbers) {
#ifdef VALGRIND_MAKE_MEM_DEFINED
  const auto bytes = std::as_bytes(std::span{numbers});
  if (!bytes.empty()) VALGRIND_MAKE_MEM_DEFINED(bytes.data(), bytes.size());
#else
  static_cast<void>(numbers);
#endif
}

/// Whether a check of secrets holds, which all may know.
inline bool disclosed(bool holds) {
  disclose(std::span{&holds, 1});
  return holds;
}

/// Whether two are the same, which all may know; it takes as long wherever they differ.
template <std::ranges::contiguous_range Numbers>
bool are_same(const Numbers& a, const Numbers& b) {
  const auto left = std::as_bytes(std::span{a});
  const auto right = std::as_bytes(std::span{b});
  if (left.size() != right.size()) return false;
  std::byte apart{};
  for (std::size_t i = 0; i < left.size(); ++i) apart |= left[i] ^ right[i];
  return disclosed(apart == std::byte{});
}

}  // namespace evenkeel
