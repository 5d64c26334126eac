#include "models/mpc/tools/robust_seat.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "models/crypto/crypto.h"
#include "models/mpc/costs.h"
#include "models/mpc/disclosure.h"
#include "models/mpc/tools/robust_decoding.h"

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

SecretBytes bytes_of(std::span<const Word> words) {
  const std::span<const std::byte> raw = std::as_bytes(words);
  return {raw.begin(), raw.end()};
}

Words elements_of(const SecretBytes& bytes) {
  Words words(bytes.size() / sizeof(Word));
  std::memcpy(words.data(), bytes.data(), words.size() * sizeof(Word));
  for (Word& word : words) word = field61::from_random(word);
  return words;
}

RobustSeat::RobustSeat(Session& session)
    : session_(session),
      t_((session.parties() - 1) / 3),
      group_(session, t_),
      sets_(PseudorandomSharing::sets(session.parties(), t_)),
      is_distrusted_(session.parties(), false),
      unread_(session.parties()) {
  if (session.is_party()) sharing_.emplace(parties(), t_, self());
}

// The set's place among those of its leader.
std::size_t RobustSeat::place_at_leader(std::size_t place) const {
  return static_cast<std::size_t>(std::count_if(
      sets_.begin(), sets_.begin() + static_cast<std::ptrdiff_t>(place), [&](const auto set) {
        return PseudorandomSharing::leader(set) == PseudorandomSharing::leader(sets_[place]);
      }));
}

// Only the seats 0 .. t lead sets.
Task<std::vector<Heard>> RobustSeat::hear_digests(std::vector<PrgKey>& keys) {
  session_.enter("agree on keys");
  Prg fresh{draw_prg_key(session_.node().random())};
  std::vector<SecretBytes> to_each(parties());
  std::vector<std::size_t> key_sizes(parties(), 0);
  std::vector<std::size_t> digest_sizes(t_ + 1, 0);
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
  for (Seat leader = 0; leader <= t_; ++leader) sizes[leader] += digest_sizes[leader];
  for (SecretBytes& bytes : to_each) append(bytes, digests);
  Task<std::vector<Heard>> exchanging = group_.exchange(std::move(to_each), std::move(sizes));
  std::vector<Heard> heard = co_await std::move(exchanging);
  heard.resize(t_ + 1);
  std::vector<std::size_t> taken(t_ + 1, 0);
  for (std::size_t place = 0; place < sets_.size(); ++place) {
    const Seat leader = PseudorandomSharing::leader(sets_[place]);
    if (!PseudorandomSharing::holds(sets_[place], self()) || !heard[leader]) continue;
    keys[place] = part<sizeof(PrgKey)>(*heard[leader], taken[leader]++);
  }
  for (Seat leader = 0; leader <= t_; ++leader)
    if (heard[leader])
      heard[leader]->erase(heard[leader]->begin(),
                           heard[leader]->begin() + static_cast<std::ptrdiff_t>(key_sizes[leader]));
  Task<std::vector<Heard>> agreeing = group_.agree(std::move(heard), std::move(digest_sizes));
  std::vector<Heard> agreed = co_await std::move(agreeing);
  co_return agreed;
}

// Of which sets a member says that it has not the right key.
Task<std::vector<bool>> RobustSeat::hear_complaints(const std::vector<bool>& mine) {
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

Task<> RobustSeat::publish(std::vector<PrgKey>& keys, const std::vector<bool>& asked,
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
  heard.resize(t_ + 1);
  sizes.resize(t_ + 1);
  Task<std::vector<Heard>> agreeing = group_.agree(std::move(heard), std::move(sizes));
  const std::vector<Heard> agreed = co_await std::move(agreeing);
  std::vector<std::size_t> taken(t_ + 1, 0);
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

Task<> RobustSeat::agree_on_keys() {
  const OfflinePhase offline{session_};
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
    if (PseudorandomSharing::holds(sets_[place], self())) sharing_->set_key(place, keys[place]);
}

std::uint64_t RobustSeat::key_bytes(Seat seat) const {
  const auto led = static_cast<std::uint64_t>(std::ranges::count(
      sets_, seat, [](const auto set) { return PseudorandomSharing::leader(set); }));
  const std::uint64_t token = led == 0 ? parties() - 1 : 0;
  return led * (sizeof(PrgKey) * (parties() - t_ - 1) + sizeof(Digest) * (parties() - 1)) + token +
         group_.agreement_bytes(t_ + 1) + (parties() - 1) * sets_.size() +
         group_.agreement_bytes(parties());
}

Words RobustSeat::random(std::size_t count) {
  session_.charge(static_cast<double>(sharing_->words_a_secret() * count) *
                  (costs::prg_word + costs::field_product));
  return sharing_->random(count);
}

void RobustSeat::distrust(Seat seat, std::string_view why) {
  is_distrusted_[seat] = true;
  group_.name_culprit(seat, why);
}

Task<Words> RobustSeat::open(const Words& shares) {
  Task<std::vector<Words>> opening = open_at(shares, shamir::Elements(1, 0));
  std::vector<Words> opened = co_await std::move(opening);
  co_return std::move(opened[0]);
}

Task<Words> RobustSeat::decoded(std::vector<Heard> heard) {
  Task<std::vector<Words>> decoding = decoded_at(std::move(heard), shamir::Elements(1, 0));
  std::vector<Words> secrets = co_await std::move(decoding);
  co_return std::move(secrets[0]);
}

// Of 2t+1 shares on one polynomial t+1 are honest, so that it is the right one.
Task<Words> RobustSeat::receive_secrets(std::size_t count) {
  std::vector<Seat> left;
  for (Seat seat = 0; seat < parties(); ++seat)
    if (!session_.has_dropped(seat)) left.push_back(seat);
  std::vector<Seat> seats;
  std::vector<Words> shares;
  const Duration patience = session_.patience() * client_patience;
  for (;;) {
    Task<std::optional<Seat>> waiting = session_.first_of(left, patience);
    const std::optional<Seat> first = co_await std::move(waiting);
    if (!first) break;
    const bool is_old = !unread_[*first].empty();
    SecretBytes bytes(is_old ? unread_[*first].front() : count * sizeof(Word));
    const bool is_whole = co_await session_.try_receive(*first, bytes, session_.patience());
    if (is_whole && is_old) {
      unread_[*first].erase(unread_[*first].begin());
      continue;
    }
    std::erase(left, *first);
    if (is_whole && !is_distrusted_[*first]) {
      seats.push_back(*first);
      shares.push_back(elements_of(bytes));
    }
    if (seats.size() < 2 * t_ + 1) continue;
    std::optional<DecodedShares> read =
        decode_shares(shamir::points_of(seats), shares, t_, shamir::Elements(1, 0));
    if (!read || seats.size() - read->wrong.size() < 2 * t_ + 1) continue;
    for (const Seat seat : left) unread_[seat].push_back(count * sizeof(Word));
    for (const std::size_t i : read->wrong) distrust(seats[i], "gave a wrong share to open");
    co_return std::move(read->values[0]);
  }
  const Session::Forever forever =
      session_.abort(ErrorCode::timeout,
                     fmt::format("no {} of {} parties gave shares that fit together within {} s",
                                 2 * t_ + 1, parties(), to_seconds(patience)));
  co_await forever;
  co_return Words{};
}

Task<std::vector<Words>> RobustSeat::open_at(const Words& shares, shamir::Elements targets) {
  const std::vector<std::size_t> sizes(parties(), shares.size() * sizeof(Word));
  Task<std::vector<Heard>> exchanging = group_.exchange_alike(bytes_of(shares), sizes);
  std::vector<Heard> heard = co_await std::move(exchanging);
  Task<std::vector<Words>> decoding = decoded_at(std::move(heard), std::move(targets));
  std::vector<Words> opened = co_await std::move(decoding);
  co_return opened;
}

Task<std::vector<Words>> RobustSeat::decoded_at(std::vector<Heard> heard,
                                                shamir::Elements targets) {
  std::vector<Seat> seats;
  std::vector<Words> shares;
  for (Seat seat = 0; seat < parties(); ++seat) {
    if (!heard[seat] || is_distrusted_[seat]) continue;
    seats.push_back(seat);
    shares.push_back(elements_of(*heard[seat]));
    heard[seat].reset();
  }
  std::optional<DecodedShares> opened =
      decode_shares(shamir::points_of(seats), shares, t_, targets);
  if (!opened || seats.size() < parties() - t_) {
    const Session::Forever forever = session_.abort(
        ErrorCode::cheating,
        fmt::format("more than {} of {} seats are silent or gave wrong shares", t_, parties()));
    co_await forever;
  }
  session_.charge(costs::field_product * static_cast<double>((t_ + 1) * shares[0].size()) *
                  static_cast<double>(seats.size() - t_));
  for (const std::size_t i : opened->wrong) distrust(seats[i], "gave a wrong share to open");
  co_return std::move(opened->values);
}

}  // namespace evenkeel
