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

Task<Words> open_directly(Exchange exchange, Seat n, Words sum) {
  const Seat self = exchange.session.self();
  for (Seat seat = 0; seat < n; ++seat)
    if (seat != self) exchange.send(seat, sum);
  for (Seat seat = 0; seat < n; ++seat) {
    if (seat == self) continue;
    const Words others = co_await exchange.receive(seat, sum.size());
    exchange.domain.add(sum, others);
  }
  co_return sum;
}

// Each passes on what it hears.
Task<Words> open_around(Exchange exchange, Seat n, Words sum) {
  const Seat self = exchange.session.self();
  Words passing = sum;
  for (Seat step = 1; step < n; ++step) {
    exchange.send((self + 1) % n, passing);
    passing = co_await exchange.receive((self + n - 1) % n, sum.size());
    exchange.domain.add(sum, passing);
  }
  co_return sum;
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

std::uint32_t OpeningPlan::rounds() const {
  switch (way) {
    case Openings::direct:
      return 1;
    case Openings::king:
      return 2;
    case Openings::ring:
      return n - 1;
    default:  // twice the depth of seat n-1
      return 2 * static_cast<std::uint32_t>(std::bit_width(n) - 1);
  }
}

std::vector<Seat> OpeningPlan::children(Seat seat) const {
  std::vector<Seat> its;
  for (Seat other = seat + 1; other < n; ++other)
    if (parent(other) == seat) its.push_back(other);
  return its;
}

std::uint32_t OpeningPlan::sent_by(Seat seat) const {
  if (!has_speaker()) return n - 1;
  return static_cast<std::uint32_t>(children(seat).size()) + (seat > 0 ? 1 : 0);
}

Task<Words> OpeningPlan::open(Session& session, const Domain& domain, Words shares,
                              std::size_t bytes) const {
  session.charge(costs::word_operation * static_cast<double>(shares.size() * n));
  const Exchange exchange{session, domain, bytes};
  if (!has_speaker()) {
    Task<Words> opening = way == Openings::direct ? open_directly(exchange, n, std::move(shares))
                                                  : open_around(exchange, n, std::move(shares));
    Words sum = co_await std::move(opening);
    co_return sum;
  }
  const Seat self = session.self();
  for (const Seat child : children(self)) {
    const Words others = co_await exchange.receive(child, shares.size());
    domain.add(shares, others);
  }
  if (self > 0) {
    exchange.send(parent(self), shares);
    shares = co_await exchange.receive(parent(self), shares.size());
  }
  for (const Seat child : children(self)) exchange.send(child, shares);
  co_return shares;
}

}  // namespace evenkeel
