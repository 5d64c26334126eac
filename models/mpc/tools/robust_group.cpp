#include "models/mpc/tools/robust_group.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "models/crypto/crypto.h"
#include "models/mpc/costs.h"
#include "models/mpc/disclosure.h"

namespace evenkeel {
namespace {

constexpr std::byte yes{1};
constexpr std::byte neither{2};
constexpr std::byte has_it{4};  // beside the vote in the first phase

constexpr Digest nothing{};
constexpr Duration longest_lag = std::chrono::hours{1};

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
  return session_.patience() + session_.patience() / slack_part * rounds_ + lag_;
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
  const SecretBytes token(1, std::byte{});
  for (Seat other = 0; other < parties(); ++other)
    if (other != session_.self())
      session_.send_bytes(other, to_each[other].empty() ? token : to_each[other]);
  std::vector<Heard> heard(parties());
  const Time until = time_after(session_.node().now(), limit());
  ++rounds_;
  for (Seat other = 0; other < parties(); ++other) {
    if (other == session_.self()) {
      heard[other] = std::move(to_each[other]);
      continue;
    }
    SecretBytes bytes(std::max<std::size_t>(sizes[other], 1));
    const Duration left = std::max(Duration{}, until - session_.node().now());
    const bool came = co_await session_.try_receive(other, bytes, left);
    bytes.resize(sizes[other]);
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

// The slowest party told the client what it needs a wait after the fastest.
Task<std::vector<RobustGroup::Heard>> RobustGroup::hear_clients(std::vector<Seat> clients,
                                                                std::size_t size) {
  std::vector<Heard> heard;
  ++rounds_;
  const Duration most = limit();
  const Time until = time_after(session_.node().now(), most);
  for (const Seat client : clients) {
    const Duration left = std::max(Duration{}, until - session_.node().now());
    SecretBytes bytes(size);
    const bool came = co_await session_.try_receive(client, bytes, left);
    Heard& one = heard.emplace_back();
    if (came) one = std::move(bytes);
    if (!came) name_culprit(client, "was silent, late or sent another length than it should");
  }
  // A client can keep each party waiting once: then it is left out there.
  const std::size_t most_lags = (session_.seats() - parties()) * parties();
  if (!clients.empty() && lags_ < most_lags) ++lags_, lag_ = std::min(lag_ + most, longest_lag);
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
    disclose(ballots[v].digest);  // it is told to all
    session_.charge(costs::hashed_word * static_cast<double>(sizes[v]) / 8);
    ballots[v].heard = std::move(heard[v]);
  }
  co_await choose_candidates(ballots);
  co_await decide(ballots);
  // A yes means that n-t named the candidate to an honest party, more than t to every one, and that
  // an honest one was told of it by n-t: more than t honest parties hold it. In the last round they
  // give it to who lacks it.
  std::vector<SecretBytes> to_each(parties());
  std::vector<std::size_t> lacking(parties(), 0);
  for (std::size_t v = 0; v < ballots.size(); ++v)
    for (Seat other = 0; other < parties(); ++other) {
      const Ballot& ballot = ballots[v];
      if (ballot.vote != yes || ballot.holds() == ballot.holders[other]) continue;
      if (!ballot.holds()) lacking[other] += sizes[v];
      if (ballot.holds())
        to_each[other].insert(to_each[other].end(), ballot.heard->begin(), ballot.heard->end());
    }
  Task<std::vector<Heard>> exchanging = exchange(std::move(to_each), lacking);
  const std::vector<Heard> told = co_await std::move(exchanging);
  std::vector<Heard> agreed(ballots.size());
  std::vector<std::size_t> taken(parties(), 0);
  for (std::size_t v = 0; v < ballots.size(); ++v) {
    Ballot& ballot = ballots[v];
    if (ballot.vote != yes) continue;
    const bool holds = ballot.holds();
    if (holds) agreed[v] = std::move(ballot.heard);
    for (Seat other = 0; other < parties() && !holds; ++other) {
      if (!ballot.holders[other]) continue;
      const std::size_t start = std::exchange(taken[other], taken[other] + sizes[v]);
      if (agreed[v] || !told[other]) continue;
      const auto first = told[other]->begin() + static_cast<std::ptrdiff_t>(start);
      SecretBytes piece(first, first + static_cast<std::ptrdiff_t>(sizes[v]));
      if (are_same(sha256(piece), ballot.candidate)) agreed[v] = std::move(piece);
    }
  }
  co_return agreed;
}

}  // namespace evenkeel
