#include "models/mpc/tools/private_retrieval.h"

#include <bit>
#include <cstring>

#include "models/mpc/costs.h"
#include "models/mpc/tools/function_secret_sharing.h"
#include "models/mpc/tools/prg.h"
#include "models/runtime/check.h"

namespace evenkeel {
namespace {

constexpr Seat client = 2;

// A key as it travels: root, seeds, value, controls.
SecretBytes packed(std::span<const Word> root, const Corrections& corrections) {
  SecretBytes bytes;
  const auto append = [&bytes](std::span<const std::byte> part) {
    bytes.insert(bytes.end(), part.begin(), part.end());
  };
  append(std::as_bytes(root));
  append(std::as_bytes(std::span{corrections.seeds}));
  append(std::as_bytes(std::span{corrections.values}));
  append(corrections.controls);
  return bytes;
}

void unpack(std::span<const std::byte> bytes, std::span<Word> root, Corrections& corrections) {
  const auto take = [&bytes](std::span<std::byte> part) {
    std::memcpy(part.data(), bytes.data(), part.size());
    bytes = bytes.subspan(part.size());
  };
  take(std::as_writable_bytes(root));
  if (!corrections.seeds.empty()) take(std::as_writable_bytes(std::span{corrections.seeds}));
  take(std::as_writable_bytes(std::span{corrections.values}));
  if (!corrections.controls.empty()) take(corrections.controls);
}

}  // namespace

PrivateRetrieval::PrivateRetrieval(Session& session, const Shape& shape)
    : session_(session), shape_(shape), bits_(std::bit_width(blocks() - 1)) {
  EVENKEEL_CHECK(shape.records > 0 && shape.record_bytes > 0, "an empty database");
  EVENKEEL_CHECK(session.parties() == 2 && session.seats() == 3, "two servers and a client");
}

std::size_t PrivateRetrieval::query_bytes(const Shape& shape) {
  return 8 * seed_words + point_bytes(std::bit_width(blocks_of(shape) - 1));
}

Task<SecretBytes> PrivateRetrieval::ask(std::span<const std::size_t> places) {
  session_.enter("private retrieval");
  Prg fresh{draw_prg_key(session_.node().random())};
  for (const std::size_t place : places) {
    EVENKEEL_CHECK(place < shape_.records, "a record that is not there");
    // One bit of a block of 128, in constant time.
    const Word bit = place % 128;
    const Word in_high = 0 - (bit >> 6);
    const Word one = Word{1} << (bit & 63);
    const std::array<Word, seed_words> beta{one & ~in_high, one & in_high};
    const Words roots[2] = {fresh.words(seed_words), fresh.words(seed_words)};
    const Corrections corrections = share_point(place / 128, beta, bits_, roots[0], roots[1]);
    session_.charge(costs::hashed_seed * 4 * static_cast<double>(bits_));
    for (const Seat server : {0U, 1U})
      session_.send_bytes(server, packed(roots[server], corrections));
  }
  SecretBytes records(places.size() * shape_.record_bytes, std::byte{0});
  SecretBytes sum(shape_.record_bytes);
  for (std::size_t i = 0; i < places.size(); ++i)
    for (const Seat server : {0U, 1U}) {
      co_await session_.receive_bytes(server, sum);
      for (std::size_t k = 0; k < sum.size(); ++k) records[i * sum.size() + k] ^= sum[k];
    }
  co_return records;
}

Task<> PrivateRetrieval::answer(std::span<const std::byte> database, std::size_t questions) {
  session_.enter("private retrieval");
  EVENKEEL_CHECK(database.size() == shape_.records * shape_.record_bytes, "another database");
  SecretBytes query(query_bytes());
  for (std::size_t i = 0; i < questions; ++i) {
    co_await session_.receive_bytes(client, query);
    session_.send_bytes(client, answer_to(query, database));
  }
}

SecretBytes PrivateRetrieval::answer_to(std::span<const std::byte> query,
                                        std::span<const std::byte> database) {
  Words root(seed_words);
  Corrections corrections = room_for_point(bits_);
  unpack(query, root, corrections);
  const Words selected =
      evaluate_point_everywhere(session_.self(), blocks(), bits_, root, corrections);
  SecretBytes sum(shape_.record_bytes, std::byte{0});
  for (std::size_t i = 0; i < shape_.records; ++i) {
    const auto all = static_cast<std::byte>(0 - (selected[i / 64] >> (i % 64) & 1));
    const auto record = database.subspan(i * sum.size(), sum.size());
    for (std::size_t k = 0; k < sum.size(); ++k) sum[k] ^= record[k] & all;
  }
  session_.charge(costs::hashed_seed * 4 * static_cast<double>(blocks()) +
                  costs::word_operation * static_cast<double>(database.size() / 8 + 1));
  return sum;
}

}  // namespace evenkeel
