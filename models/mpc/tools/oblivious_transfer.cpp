#include "models/mpc/tools/oblivious_transfer.h"

#include <algorithm>

#include "models/mpc/costs.h"
#include "models/mpc/tools/bit_matrix.h"

namespace evenkeel {
namespace {

constexpr std::size_t columns = base_transfers;
constexpr std::size_t stretch = 512;         // words of a column that are made at once
constexpr std::size_t stride = stretch + 8;  // so that columns lie in different places of a cache

// 128 columns of `words` words to 64 `words` rows.
void transpose(const Words& from, std::size_t words, Block* to) {
  std::array<Word, 64> low;
  std::array<Word, 64> high;
  for (std::size_t k = 0; k < words; ++k, to += 64) {
    for (std::size_t i = 0; i < 64; ++i) {
      low[i] = from[i * stride + k];
      high[i] = from[(i + 64) * stride + k];
    }
    transpose64(low.data());
    transpose64(high.data());
    for (std::size_t i = 0; i < 64; ++i) to[i] = {low[i], high[i]};
  }
}

Word bit_of(std::span<const Word> bits, std::size_t i) { return bits[i / 64] >> (i % 64) & 1; }

std::size_t rounded_up(std::size_t count) { return (count + 63) / 64 * 64; }

}  // namespace

Task<> TransferSender::set_up() {
  Prg prg{draw_prg_key(session_.node().random())};
  const Block delta{prg.word() | 1, prg.word()};
  const BaseKeys keys = co_await receive_base_keys(session_, receiver_, delta);
  set_up(delta, keys);
}

void TransferSender::set_up(const Block& delta, const BaseKeys& keys) {
  delta_ = delta;
  for (const PrgKey& key : keys) streams_.emplace_back(key);
}

Task<> TransferReceiver::set_up() {
  const std::array<BaseKeys, 2> keys = co_await send_base_keys(session_, sender_);
  set_up(keys);
}

void TransferReceiver::set_up(const std::array<BaseKeys, 2>& keys) {
  for (const PrgKey& key : keys[0]) first_.emplace_back(key);
  for (const PrgKey& key : keys[1]) second_.emplace_back(key);
}

Blocks TransferReceiver::rows(std::span<const Word> choices) {
  session_.charge(costs::transfer * 64 * static_cast<double>(choices.size()));
  Blocks made(64 * choices.size());
  Words told(columns * choices.size());
  Words first(columns * stride);
  Word* next = told.data();
  for (std::size_t start = 0; start < choices.size(); start += stretch) {
    const std::size_t words = std::min(stretch, choices.size() - start);
    for (std::size_t i = 0; i < columns; ++i, next += words) {
      const auto column = std::span{first}.subspan(i * stride, words);
      first_[i].fill(column);
      second_[i].fill(std::span{next, words});
      for (std::size_t k = 0; k < words; ++k) next[k] ^= column[k] ^ choices[start + k];
    }
    transpose(first, words, made.data() + 64 * start);
  }
  session_.send(sender_, told);
  return made;
}

Task<Blocks> TransferSender::rows(std::size_t count) {
  EVENKEEL_CHECK(count % 64 == 0, "transfers come by 64");
  session_.charge(costs::transfer * static_cast<double>(count));
  const std::size_t all = count / 64;
  const Words told = co_await session_.receive(receiver_, columns * all);
  Blocks made(count);
  Words chosen(columns * stride);
  const Word* next = told.data();
  for (std::size_t start = 0; start < all; start += stretch) {
    const std::size_t words = std::min(stretch, all - start);
    for (std::size_t i = 0; i < columns; ++i, next += words) {
      const auto column = std::span{chosen}.subspan(i * stride, words);
      streams_[i].fill(column);
      const Word mask = 0 - ((i < 64 ? delta_.low >> i : delta_.high >> (i - 64)) & 1);
      for (std::size_t k = 0; k < words; ++k) column[k] ^= next[k] & mask;
    }
    transpose(chosen, words, made.data() + 64 * start);
  }
  co_return made;
}

BlockPairs TransferSender::masks(const Blocks& rows) {
  BlockPairs pairs{rows, rows};
  for (Block& block : pairs.second) block ^= delta_;
  hash_.hash(pairs.first);
  hash_.hash(pairs.second);
  return pairs;
}

Blocks TransferReceiver::masks(Blocks rows) {
  hash_.hash(rows);
  return rows;
}

Task<BlockPairs> TransferSender::random(std::size_t count) {
  const Blocks q = co_await rows(count);
  co_return masks(q);
}

Task<Words> TransferSender::correlated(std::span<const Word> differences) {
  const BlockPairs pairs = co_await random(rounded_up(differences.size()));
  Words kept(differences.size());
  Words told(differences.size());
  for (std::size_t j = 0; j < kept.size(); ++j) {
    kept[j] = pairs.first[j].low;
    told[j] = kept[j] + differences[j] - pairs.second[j].low;
  }
  session_.send(receiver_, told);
  co_return kept;
}

Task<Words> TransferReceiver::correlated(std::span<const Word> choices, std::size_t count) {
  const Blocks made = random(choices);
  Words got = co_await session_.receive(sender_, count);
  for (std::size_t j = 0; j < count; ++j)
    got[j] = made[j].low + (got[j] & (0 - bit_of(choices, j)));
  co_return got;
}

Task<> TransferSender::chosen(std::span<const Block> first, std::span<const Block> second) {
  BlockPairs pairs = co_await random(rounded_up(first.size()));
  pairs.first.resize(first.size());
  pairs.second.resize(first.size());
  for (std::size_t j = 0; j < first.size(); ++j) {
    pairs.first[j] ^= first[j];
    pairs.second[j] ^= second[j];
  }
  session_.send_bytes(receiver_, std::as_bytes(std::span{pairs.first}));
  session_.send_bytes(receiver_, std::as_bytes(std::span{pairs.second}));
}

Task<Blocks> TransferReceiver::chosen(std::span<const Word> choices, std::size_t count) {
  Blocks got = random(choices);
  got.resize(count);
  BlockPairs told{Blocks(count), Blocks(count)};
  co_await session_.receive_bytes(sender_, std::as_writable_bytes(std::span{told.first}));
  co_await session_.receive_bytes(sender_, std::as_writable_bytes(std::span{told.second}));
  for (std::size_t j = 0; j < count; ++j) {
    const Word choice = bit_of(choices, j);
    got[j] ^= told.first[j].times(1 - choice) ^ told.second[j].times(choice);
  }
  co_return got;
}

}  // namespace evenkeel
