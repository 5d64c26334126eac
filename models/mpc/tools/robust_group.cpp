#include "models/mpc/tools/robust_group.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "models/crypto/crypto.h"
#include "models/mpc/costs.h"

namespace evenkeel {
namespace {

constexpr std::byte yes{1};
constexpr std::byte neither{2};
constexpr std::byte has_it{4};  // beside the vote in the first phase

constexpr Digest nothing{};

}  // namespace

// What this party has heard and thinks of one vector.
struct RobustGroup::Ballot {
  Heard heard = {};
  Digest digest = nothing;     // of what was heard
  Digest candidate = nothing;  // what honest parties can have heard from most
  std::byte vote{};
  std::vector<bool> holders = {};  // who says that it has the candidate
  bool holds() const { return heard && candidate != nothing && digest == candidate; }
};

RobustGroup::RobustGroup(Session& session, std::uint32_t t)
    : session_(session), t_(t), is_named_(session.seats(), false) {
  session.go_on_without();
}

Duration RobustGroup::limit() const {
  return session_.patience() + session_.patience() / slack_part * rounds_;
}

void RobustGroup::name_culprit(Seat seat, std::string_view what) {
  if (is_named_[seat]) return;
  is_named_[seat] = true;
  Node& node = session_.node();
  node.probe().event(node.now(), node.id(), "mpc fault",
                     fmt::format("{} {}", session_.name_of(seat), what));
}

Task<std::vector<RobustGroup::Heard>> RobustGroup::exchange(std::vector<SecretBytes> to_each,
                                                            std::vector<std::size_t> sizes) {
  for (Seat other = 0; other < parties(); ++other)
    if (other != session_.self()) session_.send_bytes(other, to_each[other]);
  std::vector<Heard> heard(parties());
  const Time until = time_after(session_.node().now(), limit());
  ++rounds_;
  for (Seat other = 0; other < parties(); ++other) {
    if (other == session_.self()) {
      heard[other] = std::move(to_each[other]);
      continue;
    }
    SecretBytes bytes(sizes[other]);
    const Duration left = std::max(Duration{}, until - session_.node().now());
    const bool came = co_await session_.try_receive(other, bytes, left);
    if (came) heard[other] = std::move(bytes);
    if (!came) name_culprit(other, "was silent, late or sent another length than it should");
  }
  co_return heard;
}

Task<std::vector<RobustGroup::Heard>> RobustGroup::exchange_alike(SecretBytes to_all,
                                                                  std::vector<std::size_t> sizes) {
  std::vector<SecretBytes> to_each(parties(), to_all);
  Task<std::vector<Heard>> exchanging = exchange(std::move(to_each), std::move(sizes));
  std::vector<Heard> heard = co_await std::move(exchanging);
  co_return heard;
}

Task<RobustGroup::Heard> RobustGroup::hear_within(Seat from, std::size_t size, Duration limit) {
  SecretBytes bytes(size);
  const bool came = co_await session_.try_receive(from, bytes, limit);
  Heard heard;
  if (came) heard = std::move(bytes);
  if (!came) name_culprit(from, "was silent, late or sent another length than it should");
  co_return heard;
}

// Of more than t at least one is honest, and the others that are honest cannot be far.
Task<std::vector<RobustGroup::Heard>> RobustGroup::gather(std::size_t size) {
  std::vector<Heard> heard(parties());
  std::vector<Seat> left;
  for (Seat seat = 0; seat < parties(); ++seat)
    if (seat != session_.self() && !session_.has_dropped(seat)) left.push_back(seat);
  Time until = time_after(session_.node().now(), session_.patience() * first_wait);
  for (std::size_t came = 0; !left.empty();) {
    const Duration rest = std::max(Duration{}, until - session_.node().now());
    Task<std::optional<Seat>> waiting = session_.first_of(left, rest);
    const std::optional<Seat> first = co_await std::move(waiting);
    const Seat seat = first.value_or(left[0]);
    SecretBytes bytes(size);
    const bool is_whole = co_await session_.try_receive(seat, bytes, first ? limit() : Duration{});
    std::erase(left, seat);
    if (!is_whole) {
      name_culprit(seat, "was silent, late or sent another length than it should");
      continue;
    }
    heard[seat] = std::move(bytes);
    if (++came == t_ + 1)
      until = time_after(session_.node().now(), session_.patience() * client_rounds);
  }
  co_return heard;
}

Task<std::vector<RobustGroup::Heard>> RobustGroup::votes(const SecretBytes& mine) {
  Task<std::vector<Heard>> exchanging =
      exchange_alike(mine, std::vector<std::size_t>(parties(), mine.size()));
  std::vector<Heard> heard = co_await std::move(exchanging);
  co_return heard;
}

// Rounds 1 and 2. Two honest parties never name different digests in round 2, for each was named
// to them by n-t in round 1, and so by a common honest one.
Task<> RobustGroup::choose_candidates(std::vector<Ballot>& ballots) {
  const std::size_t enough = parties() - t_;
  for (const bool is_first : {true, false}) {
    SecretBytes named;
    for (const Ballot& ballot : ballots) {
      const Digest& digest = is_first ? ballot.digest : ballot.candidate;
      named.insert(named.end(), digest.begin(), digest.end());
    }
    const std::vector<Heard> heard = co_await votes(named);
    for (std::size_t v = 0; v < ballots.size(); ++v) {
      std::map<Digest, std::size_t> times;
      for (const Heard& one : heard) {
        if (!one) continue;
        Digest digest;
        std::copy_n(one->begin() + static_cast<std::ptrdiff_t>(32 * v), 32, digest.begin());
        if (digest != nothing) ++times[digest];
      }
      ballots[v].candidate = nothing;
      std::size_t most = is_first ? enough - 1 : t_;
      for (const auto& [digest, count] : times)
        if (count > most) most = count, ballots[v].candidate = digest;
      ballots[v].vote = !is_first && most >= enough ? yes : std::byte{};
    }
  }
}

// Phases of: what n-t vote for; what more than t saw so; the king's vote, for those who did not see
// n-t. In a phase with an honest king all honest votes become alike, and stay so.
Task<> RobustGroup::decide(std::vector<Ballot>& ballots) {
  const std::size_t enough = parties() - t_;
  for (Seat king = 0; king <= t_; ++king) {
    SecretBytes mine;
    for (const Ballot& ballot : ballots)
      mine.push_back(king == 0 && ballot.holds() ? ballot.vote | has_it : ballot.vote);
    std::vector<Heard> heard = co_await votes(mine);
    const auto count_of = [&heard](std::size_t v, std::byte vote) {
      return static_cast<std::size_t>(std::ranges::count_if(
          heard, [&](const Heard& one) { return one && ((*one)[v] & ~has_it) == vote; }));
    };
    for (std::size_t v = 0; v < ballots.size(); ++v) {
      if (king == 0)
        for (const Heard& one : heard)
          ballots[v].holders.push_back(one && ((*one)[v] & has_it) != std::byte{});
      mine[v] = neither;
      for (const std::byte vote : {std::byte{}, yes})
        if (count_of(v, vote) >= enough) mine[v] = vote;
    }
    heard = co_await votes(mine);
    std::vector<bool> is_sure;
    for (std::size_t v = 0; v < ballots.size(); ++v) {
      std::size_t seen = 0;
      for (const std::byte vote : {std::byte{}, yes})
        if (count_of(v, vote) > t_) ballots[v].vote = vote, seen = count_of(v, vote);
      mine[v] = ballots[v].vote;
      is_sure.push_back(seen >= enough);
    }
    heard = co_await votes(mine);
    for (std::size_t v = 0; v < ballots.size(); ++v)
      if (!is_sure[v])
        ballots[v].vote = heard[king] && (*heard[king])[v] == yes ? yes : std::byte{};
  }
}

Task<std::vector<RobustGroup::Heard>> RobustGroup::agree(std::vector<Heard> heard,
                                                         std::vector<std::size_t> sizes) {
  session_.enter("agree");
  std::vector<Ballot> ballots(heard.size());
  for (std::size_t v = 0; v < heard.size(); ++v) {
    if (heard[v]) ballots[v].digest = sha256(*heard[v]);
    session_.charge(costs::hashed_word * static_cast<double>(sizes[v]) / 8);
    ballots[v].heard = std::move(heard[v]);
  }
  co_await choose_candidates(ballots);
  co_await decide(ballots);
  // A yes means that n-t named the candidate to an honest party, more than t to every one, and that
  // an honest one was told of it by n-t: more than t honest parties hold it.
  for (const Ballot& ballot : ballots)
    for (Seat other = 0; other < parties(); ++other)
      if (ballot.vote == yes && ballot.holds() && !ballot.holders[other])
        session_.send_bytes(other, *ballot.heard);
  std::vector<Heard> agreed(ballots.size());
  for (std::size_t v = 0; v < ballots.size(); ++v) {
    Ballot& ballot = ballots[v];
    if (ballot.vote != yes) continue;
    if (ballot.holds()) agreed[v] = std::move(ballot.heard);
    for (Seat other = 0; other < parties() && !ballot.holds(); ++other) {
      if (!ballot.holders[other]) continue;  // of the others, each sends it
      Heard told = co_await hear_within(other, sizes[v], limit());
      if (told && !agreed[v] && sha256(*told) == ballot.candidate) agreed[v] = std::move(told);
    }
  }
  rounds_ += static_cast<int>(2 * t_);  // who had to ask may be late
  co_return agreed;
}

}  // namespace evenkeel
