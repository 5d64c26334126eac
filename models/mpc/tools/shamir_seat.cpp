#include "models/mpc/tools/shamir_seat.h"

#include <algorithm>

#include "models/mpc/costs.h"

namespace evenkeel {
namespace {

// As far as it matters whether there are few.
std::size_t choices(std::uint32_t n, std::uint32_t t) {
  std::size_t number = 1;
  for (std::uint32_t i = 1; i <= t && number <= ShamirSeat::most_sets; ++i)
    number = number * (n - t + i) / i;
  return number;
}

using Sets = std::vector<PseudorandomSharing::Members>;

bool gives_key(PseudorandomSharing::Members set, Seat from, Seat to) {
  return PseudorandomSharing::leader(set) == from && PseudorandomSharing::holds(set, to);
}

}  // namespace

ShamirSeat::ShamirSeat(Session& session, std::uint32_t t)
    : session_(session),
      t_(t),
      draws_alone_(choices(session.parties(), t) <= most_sets),
      to_(session.parties()),
      from_(session.parties()) {
  if (!session.is_party()) return;
  if (draws_alone_) sharing_.emplace(parties(), t, self());
  if (!draws_alone_) extraction_ = shamir::extraction(parties(), parties() - t);
}

// To each seat the key of the stream to it, and of the sets that this seat leads and it is in.
Task<> ShamirSeat::agree_on_keys() {
  const OfflinePhase offline{session_};
  session_.enter("agree on keys");
  own_.emplace(draw_prg_key(session_.node().random()));
  const Sets sets = draws_alone_ ? PseudorandomSharing::sets(parties(), t_) : Sets{};
  std::vector<PrgKey> led(sets.size());
  for (std::size_t place = 0; place < sets.size(); ++place)
    if (gives_key(sets[place], self(), self())) {
      led[place] = own_->key();
      sharing_->set_key(place, led[place]);
    }
  for (Seat other = 0; other < parties(); ++other) {
    if (other == self()) continue;
    const PrgKey between = own_->key();
    to_[other].emplace(between);
    SecretBytes keys(between.begin(), between.end());
    for (std::size_t place = 0; place < sets.size(); ++place)
      if (gives_key(sets[place], self(), other))
        keys.insert(keys.end(), led[place].begin(), led[place].end());
    session_.send_bytes(other, keys);
  }
  for (Seat other = 0; other < parties(); ++other) {
    if (other == self()) continue;
    std::vector<std::size_t> told;
    for (std::size_t place = 0; place < sets.size(); ++place)
      if (gives_key(sets[place], other, self())) told.push_back(place);
    SecretBytes keys(16 * (1 + told.size()));
    co_await session_.receive_bytes(other, keys);
    const auto key_at = [&keys](std::size_t i) {
      PrgKey key;
      std::copy_n(keys.begin() + static_cast<std::ptrdiff_t>(16 * i), key.size(), key.begin());
      return key;
    };
    from_[other].emplace(key_at(0));
    for (std::size_t i = 0; i < told.size(); ++i) sharing_->set_key(told[i], key_at(i + 1));
  }
}

std::uint64_t ShamirSeat::key_bytes(Seat seat) const {
  std::uint64_t bytes = 16 * (parties() - 1);
  if (!draws_alone_) return bytes;
  for (const PseudorandomSharing::Members set : PseudorandomSharing::sets(parties(), t_))
    if (PseudorandomSharing::leader(set) == seat) bytes += 16 * (parties() - t_ - 1);
  return bytes;
}

// The polynomial is given by the secret at 0 and the shares of the t seats with seeds.
Words ShamirSeat::deal(std::span<const Word> secrets) {
  shamir::Elements points{0};
  std::vector<Words> values{Words(secrets.begin(), secrets.end())};
  for (std::uint32_t i = 1; i <= t_; ++i) {
    points.push_back(shamir::point_of(after(self(), i)));
    values.push_back(shamir::random_elements(stream_to(after(self(), i)), secrets.size()));
  }
  for (std::uint32_t i = t_ + 1; i < parties(); ++i) {
    const Seat other = after(self(), i);
    session_.send(other, shamir::interpolated(points, values, shamir::point_of(other)));
  }
  session_.charge(static_cast<double>(secrets.size() * t_) *
                  (costs::prg_word + costs::field_product * (parties() - t_)));
  return shamir::interpolated(points, values, shamir::point_of(self()));
}

void ShamirSeat::deal_as_client(const Words& secrets) {
  Prg seeds{draw_prg_key(session_.node().random())};
  shamir::Elements points{0};
  std::vector<Words> values{secrets};
  for (Seat party = 0; party < t_; ++party) {
    const PrgKey key = seeds.key();
    session_.send_bytes(party, key);
    Prg stream{key};
    points.push_back(shamir::point_of(party));
    values.push_back(shamir::random_elements(stream, secrets.size()));
  }
  for (Seat party = t_; party < parties(); ++party)
    session_.send(party, shamir::interpolated(points, values, shamir::point_of(party)));
  session_.charge(static_cast<double>(secrets.size() * t_) *
                  (costs::prg_word + costs::field_product * (parties() - t_)));
}

Task<Words> ShamirSeat::dealt(Seat dealer, std::size_t count) {
  if (dealer >= parties() && self() < t_) {
    PrgKey key;
    co_await session_.receive_bytes(dealer, key);
    Prg stream{key};
    co_return shamir::random_elements(stream, count);
  }
  if (dealer < parties() && has_seed(dealer, self()))
    co_return shamir::random_elements(stream_from(dealer), count);
  Words shares = co_await session_.receive(dealer, count);
  for (Word& word : shares) word = field61::from_random(word);  // whatever came
  co_return shares;
}

std::size_t ShamirSeat::dealings_for(std::size_t count) const {
  return (count + parties() - t_ - 1) / (parties() - t_);
}

// Each deals secrets of its own; of n, t of which may be known, n-t mixtures are not.
Task<Words> ShamirSeat::random(std::size_t count) {
  if (draws_alone_) {
    session_.charge(static_cast<double>(sharing_->words_a_secret() * count) *
                    (costs::prg_word + costs::field_product));
    co_return sharing_->random(count);
  }
  const OfflinePhase offline{session_};
  session_.enter("random");
  const std::size_t dealings = dealings_for(count);
  std::vector<Words> shares(parties());
  const Words secrets = shamir::random_elements(*own_, dealings);
  shares[self()] = deal(secrets);
  for (Seat dealer = 0; dealer < parties(); ++dealer)
    if (dealer != self()) shares[dealer] = co_await dealt(dealer, dealings);
  Words all;
  for (const shamir::Elements& row : extraction_) {
    const Words mixed = shamir::combined(row, shares);
    all.insert(all.end(), mixed.begin(), mixed.end());
  }
  session_.charge(costs::field_product * parties() * static_cast<double>(all.size()));
  all.resize(count);
  co_return all;
}

std::uint64_t ShamirSeat::random_bytes(std::size_t count) const {
  return draws_alone_ ? 0 : dealt_bytes(dealings_for(count));
}

}  // namespace evenkeel
