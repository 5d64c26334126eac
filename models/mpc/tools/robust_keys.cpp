#include "models/mpc/tools/robust_keys.h"

#include <algorithm>
#include <cstring>

#include "models/crypto/crypto.h"
#include "models/mpc/disclosure.h"
#include "models/mpc/tools/prg.h"

namespace evenkeel {
namespace {

using Heard = RobustGroup::Heard;

Digest digest_of(const PrgKey& key, std::size_t place) {
  SecretBytes bytes(key.begin(), key.end());
  for (int shift = 0; shift < 64; shift += 8)
    bytes.push_back(static_cast<std::byte>(place >> shift & 0xff));
  return sha256(bytes);
}

template <std::size_t size>
std::array<std::byte, size> part(const SecretBytes& bytes, std::size_t i) {
  std::array<std::byte, size> piece;
  std::memcpy(piece.data(), bytes.data() + i * size, size);
  return piece;
}

template <class Piece>
void append(SecretBytes& bytes, const Piece& piece) {
  bytes.insert(bytes.end(), piece.begin(), piece.end());
}

}  // namespace

RobustKeys::RobustKeys(Session& session, RobustGroup& group)
    : session_(session),
      group_(group),
      sets_(PseudorandomSharing::sets(group.parties(), group.most_faulty())) {}

// The set's place among those of its leader.
std::size_t RobustKeys::place_at_leader(std::size_t place) const {
  return static_cast<std::size_t>(std::count_if(
      sets_.begin(), sets_.begin() + static_cast<std::ptrdiff_t>(place), [&](const auto set) {
        return PseudorandomSharing::leader(set) == PseudorandomSharing::leader(sets_[place]);
      }));
}

// Only the seats 0 .. t lead sets.
Task<std::vector<Heard>> RobustKeys::hear_digests(std::vector<PrgKey>& keys) {
  session_.enter("agree on keys");
  Prg fresh{draw_prg_key(session_.node().random())};
  std::vector<SecretBytes> to_each(parties());
  std::vector<std::size_t> key_sizes(parties(), 0);
  std::vector<std::size_t> digest_sizes(t() + 1, 0);
  SecretBytes digests;
  for (std::size_t place = 0; place < sets_.size(); ++place) {
    const Seat leader = PseudorandomSharing::leader(sets_[place]);
    digest_sizes[leader] += sizeof(Digest);
    if (PseudorandomSharing::holds(sets_[place], self())) key_sizes[leader] += sizeof(PrgKey);
    if (leader != self()) continue;
    keys[place] = fresh.key();
    append(digests, digest_of(keys[place], place));
    for (Seat other = 0; other < parties(); ++other)
      if (PseudorandomSharing::holds(sets_[place], other)) append(to_each[other], keys[place]);
  }
  std::vector<std::size_t> sizes = key_sizes;
  for (Seat leader = 0; leader <= t(); ++leader) sizes[leader] += digest_sizes[leader];
  for (SecretBytes& bytes : to_each) append(bytes, digests);
  Task<std::vector<Heard>> exchanging = group_.exchange(std::move(to_each), std::move(sizes));
  std::vector<Heard> heard = co_await std::move(exchanging);
  heard.resize(t() + 1);
  std::vector<std::size_t> taken(t() + 1, 0);
  for (std::size_t place = 0; place < sets_.size(); ++place) {
    const Seat leader = PseudorandomSharing::leader(sets_[place]);
    if (!PseudorandomSharing::holds(sets_[place], self()) || !heard[leader]) continue;
    keys[place] = part<sizeof(PrgKey)>(*heard[leader], taken[leader]++);
  }
  for (Seat leader = 0; leader <= t(); ++leader)
    if (heard[leader])
      heard[leader]->erase(heard[leader]->begin(),
                           heard[leader]->begin() + static_cast<std::ptrdiff_t>(key_sizes[leader]));
  Task<std::vector<Heard>> agreeing = group_.agree(std::move(heard), std::move(digest_sizes));
  std::vector<Heard> agreed = co_await std::move(agreeing);
  co_return agreed;
}

// Of which sets a member says that it has not the right key.
Task<std::vector<bool>> RobustKeys::hear_complaints(const std::vector<bool>& mine) {
  SecretBytes said;
  for (const bool one : mine) said.push_back(std::byte{one});
  const std::vector<std::size_t> sizes(parties(), sets_.size());
  Task<std::vector<Heard>> exchanging = group_.exchange_alike(std::move(said), sizes);
  std::vector<Heard> heard = co_await std::move(exchanging);
  Task<std::vector<Heard>> agreeing = group_.agree(std::move(heard), sizes);
  const std::vector<Heard> agreed = co_await std::move(agreeing);
  std::vector<bool> asked(sets_.size(), false);
  for (Seat seat = 0; seat < parties(); ++seat)
    for (std::size_t place = 0; place < sets_.size(); ++place)
      if (agreed[seat] && PseudorandomSharing::holds(sets_[place], seat) &&
          (*agreed[seat])[place] != std::byte{})
        asked[place] = true;
  co_return asked;
}

Task<> RobustKeys::publish(std::vector<PrgKey>& keys, const std::vector<bool>& asked,
                           const std::vector<Heard>& digests) {
  std::vector<std::size_t> sizes(parties(), 0);
  SecretBytes mine;
  for (std::size_t place = 0; place < sets_.size(); ++place) {
    const Seat leader = PseudorandomSharing::leader(sets_[place]);
    if (asked[place]) sizes[leader] += sizeof(PrgKey);
    if (asked[place] && leader == self()) append(mine, keys[place]);
  }
  Task<std::vector<Heard>> exchanging = group_.exchange_alike(std::move(mine), sizes);
  std::vector<Heard> heard = co_await std::move(exchanging);
  heard.resize(t() + 1);
  sizes.resize(t() + 1);
  Task<std::vector<Heard>> agreeing = group_.agree(std::move(heard), std::move(sizes));
  const std::vector<Heard> agreed = co_await std::move(agreeing);
  std::vector<std::size_t> taken(t() + 1, 0);
  for (std::size_t place = 0; place < sets_.size(); ++place) {
    if (!asked[place]) continue;
    const Seat leader = PseudorandomSharing::leader(sets_[place]);
    keys[place] = {};
    if (!agreed[leader]) continue;
    const auto key = part<sizeof(PrgKey)>(*agreed[leader], taken[leader]++);
    const bool fits =
        digests[leader] &&
        part<sizeof(Digest)>(*digests[leader], place_at_leader(place)) == digest_of(key, place);
    if (fits) keys[place] = key;
    if (!fits) group_.name_culprit(leader, "gave a key that is not the one it promised");
  }
}

Task<> RobustKeys::agree(PseudorandomSharing& sharing) {
  std::vector<PrgKey> keys(sets_.size());
  const std::vector<Heard> digests = co_await hear_digests(keys);
  std::vector<bool> mine(sets_.size(), false);
  for (std::size_t place = 0; place < sets_.size(); ++place) {
    const Seat leader = PseudorandomSharing::leader(sets_[place]);
    if (!digests[leader]) keys[place] = {};
    if (digests[leader] && PseudorandomSharing::holds(sets_[place], self()))
      mine[place] = !are_same(part<sizeof(Digest)>(*digests[leader], place_at_leader(place)),
                              digest_of(keys[place], place));
  }
  std::vector<bool> asked = co_await hear_complaints(mine);
  for (std::size_t place = 0; place < sets_.size(); ++place)
    if (!digests[PseudorandomSharing::leader(sets_[place])]) asked[place] = false;
  if (std::ranges::find(asked, true) != asked.end()) co_await publish(keys, asked, digests);
  for (std::size_t place = 0; place < sets_.size(); ++place)
    if (PseudorandomSharing::holds(sets_[place], self())) sharing.set_key(place, keys[place]);
}

std::uint64_t RobustKeys::sent_bytes(Seat seat) const {
  const auto led = static_cast<std::uint64_t>(std::ranges::count(
      sets_, seat, [](const auto set) { return PseudorandomSharing::leader(set); }));
  const std::uint64_t token = led == 0 ? parties() - 1 : 0;
  return led * (sizeof(PrgKey) * (parties() - t() - 1) + sizeof(Digest) * (parties() - 1)) + token +
         group_.agreement_bytes(t() + 1) + (parties() - 1) * sets_.size() +
         group_.agreement_bytes(parties());
}

}  // namespace evenkeel
