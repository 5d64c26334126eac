#include "models/mpc/tools/robust_seat.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "models/mpc/costs.h"
#include "models/mpc/disclosure.h"
#include "models/mpc/tools/robust_decoding.h"

namespace evenkeel {
namespace {

using Heard = RobustGroup::Heard;

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
      keys_(session, group_),
      is_distrusted_(session.parties(), false),
      unread_(session.parties()) {
  if (session.is_party()) sharing_.emplace(parties(), t_, self());
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
