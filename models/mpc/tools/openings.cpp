#include "models/mpc/tools/openings.h"

#include <bit>
#include <cstring>

#include "models/mpc/costs.h"

namespace evenkeel {
namespace {

// What travels of a sum between two seats.
struct Exchange {
  Session& session;
  const Domain& domain;
  std::size_t bytes;

  void send(Seat to, const Words& words) const {
    session.send_bytes(to, narrowed(words, domain.width(), bytes));
  }
  Task<Words> receive(Seat from, std::size_t words) const {
    SecretBytes narrow(words / domain.width() * bytes);
    co_await session.receive_bytes(from, narrow);
    Words received = widened(narrow, domain.width(), bytes);
    domain.from_random(received);  // whatever came is an element
    co_return received;
  }
};

Task<Words> open_directly(Exchange exchange, OpeningPlan plan, Words sum) {
  const Seat self = exchange.session.self();
  for (Seat seat = 0; seat < plan.n && self < plan.adding; ++seat)
    if (seat != self) exchange.send(seat, sum);
  for (Seat seat = 0; seat < plan.adding; ++seat) {
    if (seat == self) continue;
    const Words others = co_await exchange.receive(seat, sum.size());
    exchange.domain.add(sum, others);
  }
  co_return sum;
}

// Each passes on what it hears, of those that have something to add.
Task<Words> open_around(Exchange exchange, OpeningPlan plan, Words sum) {
  const Seat self = exchange.session.self();
  Words passing = sum;
  for (Seat step = 1; step < plan.n; ++step) {
    if ((self + plan.n - step + 1) % plan.n < plan.adding)
      exchange.send((self + 1) % plan.n, passing);
    if ((self + plan.n - step) % plan.n >= plan.adding) continue;
    passing = co_await exchange.receive((self + plan.n - 1) % plan.n, sum.size());
    exchange.domain.add(sum, passing);
  }
  co_return sum;
}

// How far a seat is from the root.
std::uint32_t depth(Openings way, Seat seat) {
  if (way == Openings::king) return seat > 0 ? 1 : 0;
  return static_cast<std::uint32_t>(std::bit_width(seat + 1) - 1);
}

}  // namespace

SecretBytes narrowed(std::span<const Word> words, std::size_t width, std::size_t bytes) {
  const std::size_t elements = words.size() / width;
  SecretBytes narrow(elements * bytes);
  for (std::size_t i = 0; i < elements; ++i)
    std::memcpy(narrow.data() + i * bytes, words.data() + i * width, bytes);
  return narrow;
}

Words widened(std::span<const std::byte> narrow, std::size_t width, std::size_t bytes) {
  const std::size_t elements = narrow.size() / bytes;
  Words words(elements * width, 0);
  for (std::size_t i = 0; i < elements; ++i)
    std::memcpy(words.data() + i * width, narrow.data() + i * bytes, bytes);
  return words;
}

void OpeningSettings::describe(Fields& fields) {
  option(
      fields, "openings", openings, opening_ways,
      {"each tells each; all tell one, who tells the sum; round a ring, between neighbours alone; "
       "up and down a tree: fewer messages or links, more rounds"});
}

std::uint32_t OpeningPlan::rounds() const {
  if (way == Openings::direct) return 1;
  if (way == Openings::ring) return n - 1;
  return depth(way, adding - 1) + depth(way, n - 1);
}

std::vector<Seat> OpeningPlan::children(Seat seat) const {
  std::vector<Seat> its;
  for (Seat other = seat + 1; other < n; ++other)
    if (parent(other) == seat) its.push_back(other);
  return its;
}

std::uint32_t OpeningPlan::sent_by(Seat seat) const {
  if (way == Openings::direct) return seat < adding ? n - 1 : 0;
  if (way == Openings::ring) return adding - ((seat + 1) % n < adding ? 1 : 0);
  return static_cast<std::uint32_t>(children(seat).size()) + (seat > 0 && seat < adding ? 1 : 0);
}

Task<Words> OpeningPlan::open(Session& session, const Domain& domain, Words shares,
                              std::size_t bytes) const {
  session.charge(costs::word_operation * static_cast<double>(shares.size() * n));
  const Exchange exchange{session, domain, bytes};
  if (!has_speaker()) {
    Task<Words> opening = way == Openings::direct
                              ? open_directly(exchange, *this, std::move(shares))
                              : open_around(exchange, *this, std::move(shares));
    Words sum = co_await std::move(opening);
    co_return sum;
  }
  const Seat self = session.self();
  for (const Seat child : children(self)) {
    if (child >= adding) continue;
    const Words others = co_await exchange.receive(child, shares.size());
    domain.add(shares, others);
  }
  if (self > 0 && self < adding) exchange.send(parent(self), shares);
  if (self > 0) shares = co_await exchange.receive(parent(self), shares.size());
  for (const Seat child : children(self)) exchange.send(child, shares);
  co_return shares;
}

}  // namespace evenkeel
