#include "models/storage/files/erasure_code.h"

#include <isa-l/erasure_code.h>

#include <algorithm>
#include <array>
#include <bit>
#include <limits>

namespace evenkeel {
namespace {

constexpr std::size_t most_shards = Coding::most_data + Coding::most_parity;
constexpr std::size_t table_bytes = 32;  // ISA-L's, for each coefficient

unsigned char* as_isal(const std::byte* bytes) {  // which takes no const
  return reinterpret_cast<unsigned char*>(const_cast<std::byte*>(bytes));
}

std::vector<unsigned char> expand(std::vector<unsigned char>& coefficients, std::size_t columns) {
  std::vector<unsigned char> tables(coefficients.size() * table_bytes);
  if (!coefficients.empty())
    ec_init_tables(static_cast<int>(columns), static_cast<int>(coefficients.size() / columns),
                   coefficients.data(), tables.data());
  return tables;
}

template <class Use>  // void(unsigned index)
void for_each_bit(std::uint32_t bits, Use use) {
  for (; bits != 0; bits &= bits - 1) use(static_cast<unsigned>(std::countr_zero(bits)));
}

}  // namespace

ErasureCode::ErasureCode(Coding coding) : coding_(coding) {
  EVENKEEL_CHECK(coding.is_sound(), "a code of more shards than any may have");
  const std::size_t k = coding.data;
  rows_.resize(coding.total() * k);
  gf_gen_cauchy1_matrix(rows_.data(), static_cast<int>(coding.total()), coding.data);
  if (coding.is_copies()) std::ranges::fill(rows_, static_cast<unsigned char>(1));
  Matrix parity{rows_.begin() + static_cast<std::ptrdiff_t>(k * k), rows_.end()};
  encode_tables_ = expand(parity, k);
}

void ErasureCode::encode(std::span<const std::byte* const> data, std::span<std::byte* const> parity,
                         std::size_t bytes) const {
  EVENKEEL_CHECK(data.size() == coding_.data && parity.size() == coding_.parity,
                 "as many shards as the code has");
  multiply(encode_tables_, data, parity, bytes);
}

Result<Done> ErasureCode::reconstruct(std::span<const ShardView> sources,
                                      std::span<const ShardRoom> rooms, std::size_t bytes) {
  Pattern pattern;
  std::array<const std::byte*, most_shards> from_by_index{}, from{};
  std::array<std::byte*, most_shards> to_by_index{}, to{};
  for (const ShardView& source : sources) {
    if (source.index >= coding_.total()) return Error{ErrorCode::invalid, "no such shard"};
    pattern.sources |= 1U << source.index;
    from_by_index[source.index] = source.bytes;
  }
  for (const ShardRoom& room : rooms) {
    if (room.index >= coding_.total()) return Error{ErrorCode::invalid, "no such shard"};
    pattern.rooms |= 1U << room.index;
    to_by_index[room.index] = room.bytes;
  }
  if (sources.size() != coding_.data || std::popcount(pattern.sources) != coding_.data)
    return Error{ErrorCode::invalid,
                 "give " + std::to_string(coding_.data) + " different shards to compute others"};
  if (static_cast<std::size_t>(std::popcount(pattern.rooms)) != rooms.size())
    return Error{ErrorCode::invalid, "one shard is wanted twice"};
  std::size_t n = 0;
  for_each_bit(pattern.sources, [&](unsigned i) { from[n++] = from_by_index[i]; });
  n = 0;
  for_each_bit(pattern.rooms, [&](unsigned i) { to[n++] = to_by_index[i]; });

  auto known = tables_.find(pattern);
  if (known == tables_.end()) {
    if (tables_.size() >= most_tables) tables_.clear();
    known = tables_.emplace(pattern, tables_for(pattern)).first;
  }
  multiply(known->second, std::span{from}.first(sources.size()), std::span{to}.first(n), bytes);
  return Done{};
}

// Wanted rows times the inverse of the rows of the sources: source shards to wanted ones.
ErasureCode::Matrix ErasureCode::tables_for(const Pattern& pattern) const {
  const std::size_t k = coding_.data;
  Matrix square, inverse(k * k), wanted;
  for_each_bit(pattern.sources, [&](unsigned i) {
    const auto row = rows_.begin() + static_cast<std::ptrdiff_t>(i * k);
    square.insert(square.end(), row, row + static_cast<std::ptrdiff_t>(k));
  });
  const int singular = gf_invert_matrix(square.data(), inverse.data(), coding_.data);
  EVENKEEL_CHECK(singular == 0, "a part of a Cauchy matrix has no inverse");
  for_each_bit(pattern.rooms, [&](unsigned i) {
    for (std::size_t column = 0; column < k; ++column) {
      unsigned char sum = 0;
      for (std::size_t j = 0; j < k; ++j) sum ^= gf_mul(rows_[i * k + j], inverse[j * k + column]);
      wanted.push_back(sum);
    }
  });
  return expand(wanted, k);
}

void ErasureCode::multiply(const Matrix& tables, std::span<const std::byte* const> from,
                           std::span<std::byte* const> to, std::size_t bytes) const {
  EVENKEEL_CHECK(bytes <= std::numeric_limits<int>::max(), "a shard larger than ISA-L takes");
  if (to.empty() || bytes == 0) return;
  if (coding_.is_copies()) {
    for (std::byte* copy : to) std::copy_n(from[0], bytes, copy);
    return;
  }
  std::array<unsigned char*, most_shards> sources{}, targets{};
  std::ranges::transform(from, sources.begin(), as_isal);
  std::ranges::transform(to, targets.begin(), as_isal);
  ec_encode_data(static_cast<int>(bytes), static_cast<int>(from.size()),
                 static_cast<int>(to.size()), const_cast<unsigned char*>(tables.data()),
                 sources.data(), targets.data());
}

}  // namespace evenkeel
