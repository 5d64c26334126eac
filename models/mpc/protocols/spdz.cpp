// spdz: n parties of whom all but one may deviate, and a dealer.
//
// Damgard, Pastro, Smart and Zakarias, CRYPTO 2012, in the form of Damgard, Keller, Larraia,
// Pastro, Scholl and Smart, ESORICS 2013, over GF(2^61-1): shares x_0 + ... + x_{n-1} of x and as
// many of k x, for a key k that nobody has; bits over GF(2) with 40 keys. Seats as in additive.cpp:
// 0 .. n-1 compute, n deals. l is 8 B, an element; each sends each other what is said of "online".
//
//              offline: the dealer -> 0          online                                   rounds
//   set-up     16 B to each                      nothing                                       1
//   input      2 l, to a client l more           the owner: x - r, l, r known to it alone      1
//   multiply   4 l                               x - a and y - b of a triple: 2 l              1
//   dot        2 l a product and 2 l a sum       2 l a product                                 1
//   random     2 l a party                       one input of each                             1
//   check      nothing                           176 B + l + 320 B                             4
//   open       nothing                           check, l, check; l to the dealer             10
//   reveal     2 l, to a client l more           check, l of x - r, check; to a client or
//                                                the dealer then l                       9 or 10
//   compare    from two comparisons with a mask r below p and one in the open, without room to
//              spare (Makri, Rotaru, Vercauteren and Wagh, "Rabbit", FC 2021), b = bits:
//     the mask   2 l, 41 bits for each of 61   z = x + 2^b + r: l                              1
//     groups     41 bits for each of 165       nothing                                         0
//     the tree   121 bits for each of 52       z < r and z - 2^b < r: 2 bits an AND            4
//     the bit    40 bits, 2 l                  1 bit                                           1
//   Bits are counted in lanes of 64 comparisons.
//
// A check opens random sums of how far what was opened misses its product with the key, committed
// to before; results are opened only after a check of all that led to them. The formula in
// `modelled_offline_bytes` says what making this without a dealer would cost.
//
// Guarantees privacy and right results, or an end, against n-1 of the n that deviate, if the dealer
// neither deviates nor colludes. Not that all get a result if one does.
#include "models/mpc/protocols/spdz.h"

#include <algorithm>
#include <cstring>
#include <numeric>

#include "models/mpc/costs.h"
#include "models/mpc/disclosure.h"
#include "models/mpc/tools/bit_domain.h"
#include "models/mpc/tools/commitment.h"

namespace evenkeel {

Spdz::Spdz(Session& session, const Domain& domain)
    : Protocol(session, domain, 2),
      seat_(session, Openings::direct),
      numbers_(seat_, domain, 1),
      bits_(seat_, bit_domain(), bit_keys) {}

Task<> Spdz::set_up() {
  if (!session().is_party()) co_return;
  co_await seat_.agree_on_keys(false);
  numbers_.draw_keys();
  bits_.draw_keys();
}

Prg& Spdz::own_stream() {
  if (!own_) own_.emplace(draw_prg_key(session().node().random()));
  return *own_;
}

// An owner that computes draws r from what it has in common with the dealer, a client is told.
Task<Spdz::Entering> Spdz::announce(Seat owner, Words elements) {
  const Seat dealer = seat_.dealer();
  Entering entering{owner, {}, Words(elements.size(), 0)};
  if (owner == dealer) {
    Task<Words> dealing = numbers_.share_out(std::move(elements));
    entering.shares = co_await std::move(dealing);
    co_return entering;
  }
  Words mask(elements.size(), 0);
  if (self() == owner || seat_.deals()) {
    const OfflinePhase offline{session()};
    if (owner < dealer) {
      seat_.stream_with(owner).fill(mask);
    } else if (seat_.deals()) {
      own_stream().fill(mask);
      session().send(owner, mask);
    } else {
      co_await session().receive_bytes(dealer, std::as_writable_bytes(std::span{mask}));
    }
    domain().from_random(mask);
  }
  if (self() == owner) {
    domain().subtract(elements, mask);
    for (Seat seat = 0; seat < seat_.computing(); ++seat)
      if (seat != owner) session().send(seat, elements);
    entering.known = std::move(elements);
  }
  if (session().is_party()) {
    Task<Words> dealing = numbers_.deal(std::move(mask));
    entering.shares = co_await std::move(dealing);
  }
  co_return entering;
}

Task<Words> Spdz::take_in(Entering entering) {
  if (seat_.computes()) {
    if (entering.owner != self() && entering.owner != seat_.dealer()) {
      co_await session().receive_bytes(entering.owner,
                                       std::as_writable_bytes(std::span{entering.known}));
      domain().from_random(entering.known);
    }
    numbers_.add_known(entering.shares, entering.known);
  }
  co_return std::move(entering.shares);
}

Task<std::vector<Words>> Spdz::enter(std::span<const Seat> owners, Words elements) {
  std::vector<Entering> announced;
  for (const Seat owner : owners) {
    if (!session().is_party() && owner != self()) continue;
    Words of_owner = owner == self() ? elements : Words(elements.size(), 0);
    Task<Entering> announcing = announce(owner, std::move(of_owner));
    announced.push_back(co_await std::move(announcing));
  }
  std::vector<Words> all;
  for (Entering& entering : announced) {
    Task<Words> taking = take_in(std::move(entering));
    all.push_back(co_await std::move(taking));
  }
  co_return all;
}

Task<std::vector<Words>> Spdz::enter(std::span<const Seat> owners, const Words& mine,
                                     std::size_t count) {
  Words elements = mine;
  elements.resize(count * domain().width(), 0);
  return enter(owners, std::move(elements));
}

// The dealer knows what it deals; the sum of what each enters it does not.
Task<Secrets> Spdz::random(std::size_t count) {
  const OfflinePhase offline{session()};
  session().enter("random");
  std::vector<Seat> owners(seat_.computing());
  std::iota(owners.begin(), owners.end(), 0);
  Words elements = own_stream().words(count * domain().width());
  domain().from_random(elements);
  Task<std::vector<Words>> entering = enter(owners, std::move(elements));
  const std::vector<Words> all = co_await std::move(entering);
  Words sum = all[0];
  for (std::size_t i = 1; i < all.size(); ++i) domain().add(sum, all[i]);
  co_return Secrets{count, std::move(sum)};
}

Task<> Spdz::prove() {
  if (!seat_.computes()) co_return;
  PrgKey coin = own_stream().key();
  const std::vector<SecretBytes> coins = co_await show_at_once(session(), seat_.computing(), coin);
  coin.fill(std::byte{0});
  for (const SecretBytes& each : coins)
    for (std::size_t i = 0; i < coin.size(); ++i) coin[i] ^= each[i];
  Prg factors{coin};
  const Words of_numbers = numbers_.proof(factors);
  Words proof = of_numbers;
  const Words of_bits = bits_.proof(factors);
  proof.insert(proof.end(), of_bits.begin(), of_bits.end());
  const std::vector<SecretBytes> proofs =
      co_await show_at_once(session(), seat_.computing(), std::as_bytes(std::span{proof}));
  std::ranges::fill(proof, 0);
  for (const SecretBytes& each : proofs) {
    Words shown(proof.size());
    std::memcpy(shown.data(), each.data(), each.size());
    const auto numbers = [&](Words& of) { return std::span{of}.first(of_numbers.size()); };
    const auto bits = [&](Words& of) { return std::span{of}.last(of_bits.size()); };
    domain().from_random(numbers(shown));
    domain().add(numbers(proof), numbers(shown));
    bit_domain().add(bits(proof), bits(shown));
  }
  disclose(proof);
  if (std::ranges::any_of(proof, [](Word word) { return word != 0; })) {
    const Session::Forever forever =
        session().abort(ErrorCode::cheating,
                        "'check': what was opened does not fit its authentication: a party cheats");
    co_await forever;
  }
}

Task<Words> Spdz::told(Seat receiver, Words known) {
  if (seat_.computes()) session().send(receiver, known);
  if (self() != receiver) co_return known;
  co_await session().receive_bytes(0, std::as_writable_bytes(std::span{known}));
  for (Seat seat = 1; seat < seat_.computing(); ++seat) {
    const Words other = co_await session().receive(seat, known.size());
    if (are_same(other, known)) continue;
    const Session::Forever forever = session().abort(
        ErrorCode::cheating,
        session().name_of(0) + " and " + session().name_of(seat) + " tell different results");
    co_await forever;
  }
  domain().from_random(known);
  co_return known;
}

Task<Words> Spdz::blinded(Words shares, std::size_t) { co_return shares; }

Task<std::vector<std::int64_t>> Spdz::open(const Secrets& secrets) {
  session().enter("open");
  Words shares = secrets.words;
  Task<Words> blinding = blinded(std::move(shares), secrets.count);
  const Words blind = co_await std::move(blinding);
  co_await prove();
  Words opened = co_await numbers_.open(blind);
  co_await prove();
  opened.resize(secrets.count * domain().width());
  Task<Words> telling = told(seat_.dealer(), std::move(opened));
  const Words known = co_await std::move(telling);
  co_return decoded(known);
}

// The receiver alone knows the mask that is taken from the result before it is opened.
Task<std::vector<std::int64_t>> Spdz::reveal(Seat receiver, const Secrets& secrets) {
  session().enter("reveal");
  const std::size_t size = secrets.count * domain().width();
  Words mask(size, 0);
  if (seat_.deals() || self() == receiver) {
    const OfflinePhase offline{session()};
    if (receiver < seat_.dealer()) {
      seat_.stream_with(receiver).fill(mask);
    } else if (seat_.deals()) {
      own_stream().fill(mask);
      if (receiver > seat_.dealer()) session().send(receiver, mask);
    } else {
      co_await session().receive_bytes(seat_.dealer(), std::as_writable_bytes(std::span{mask}));
    }
    domain().from_random(mask);
  }
  Words opened(size, 0);
  if (session().is_party()) {
    Words dealt = mask;
    Task<Words> dealing = numbers_.deal(std::move(dealt));
    const Words shares = co_await std::move(dealing);
    Words masked = secrets.words;
    domain().subtract(masked, shares);
    co_await prove();
    opened = co_await numbers_.open(masked);
    co_await prove();
    opened.resize(size);
  }
  if (receiver >= seat_.dealer()) {
    Task<Words> telling = told(receiver, std::move(opened));
    opened = co_await std::move(telling);
  }
  if (self() != receiver) co_return std::vector<std::int64_t>{};
  domain().add(opened, mask);
  co_return decoded(opened);
}

Secrets Spdz::constants(std::span<const std::int64_t> values) const {
  const Words known = domain().encoded(values);
  Secrets secrets{values.size(), {}};
  secrets.words.assign(2 * known.size(), 0);
  numbers_.add_known(secrets.words, known);
  return secrets;
}

Task<Words> Spdz::multiply_bits(const Words& a, const Words& b) {
  Words product = co_await bits_.multiply(a, b);
  co_return product;
}

Cost Spdz::cost(const SecureOperation& operation) const {
  using Kind = SecureOperation::Kind;
  const Seat n = seat_.computing();
  const Seat dealer = seat_.dealer();
  const std::uint64_t words = 8 * domain().width() * operation.count;
  const std::uint64_t products =
      operation.count * (operation.kind == Kind::dot ? operation.length : 1);
  const std::uint64_t check =
      shown_bytes(16) + shown_bytes(8 * (numbers_.proof_words() + bits_.proof_words()));
  Cost cost{std::vector<std::uint64_t>(session().seats(), 0), 1};
  const auto all = [&](std::uint64_t bytes) { std::fill_n(cost.sent_bytes.begin(), n, bytes); };
  switch (operation.kind) {
    case Kind::set_up:
      cost.sent_bytes[dealer] = 16 * n;
      cost.be_offline();
      break;
    case Kind::input:
      if (operation.who == dealer) cost.sent_bytes[dealer] = 2 * words;
      if (operation.who != dealer)
        cost.send_offline(dealer, 2 * words + (operation.who > dealer ? words : 0));
      if (operation.who < dealer) cost.sent_bytes[operation.who] = (n - 1) * words;
      if (operation.who > dealer) cost.sent_bytes[operation.who] = n * words;
      cost.rounds = operation.who == dealer ? 0 : 1;  // what the dealer sends waits for nothing
      cost.rounds_at_once = operation.who == dealer ? 1 : 0;
      break;
    case Kind::multiply:
    case Kind::dot:
      cost.send_offline(dealer,
                        8 * domain().width() * numbers_.dealt_elements(products, operation.count));
      all((n - 1) * 16 * domain().width() * products);
      break;
    case Kind::random:
      cost.sent_bytes[dealer] = 2 * words * n;
      all((n - 1) * words);
      cost.be_offline();
      break;
    case Kind::open:
      cost.send_offline(dealer, elements_to_blind() * words);
      all((n - 1) * (2 * check + words) + words);
      cost.rounds = 10;
      break;
    case Kind::reveal:
      cost.send_offline(dealer, 2 * words + (operation.who > dealer ? words : 0));
      all((n - 1) * (2 * check + words) + (operation.who >= dealer ? words : 0));
      cost.rounds = operation.who >= dealer ? 10 : 9;
      break;
    case Kind::compare:
      return cost_of_comparison(operation);
  }
  return cost;
}

double modelled_offline_bytes(std::string_view protocol, const SecureOperation& operation,
                              std::uint32_t computing) {
  using Kind = SecureOperation::Kind;
  const bool is_ring = protocol == "spdz2k";
  const double products = is_ring ? 16'896 : 5'650;          // bytes to each other seat
  const double comparisons = is_ring ? 306'396 : 1'835'260;  // the second over a 128-bit prime
  const double others = computing - 1;
  const auto count = static_cast<double>(operation.count);
  if (operation.kind == Kind::multiply) return others * products * count;
  if (operation.kind == Kind::dot)
    return others * products * count * static_cast<double>(operation.length);
  if (operation.kind == Kind::compare) return others * comparisons * count;
  return 0;
}

namespace {

const Registered entry{
    protocols(),
    protocol_entry(
        "n parties of whom all but one may deviate, with a dealer (SPDZ, 2012)",
        {.name = "spdz",
         .promises = {.fewest_parties = 3,
                      .most_parties = 65,
                      .corruptions = "all but one of those that compute (the last seat deals)",
                      .adversary = Adversary::malicious,
                      .outcome = Outcomes::abort,
                      .trusted = "the dealer, which deals as it should and colludes with nobody",
                      .value_bits = 59,
                      .majority_is_honest = false},
         .make = [](Session& session) -> std::unique_ptr<Protocol> {
           return std::make_unique<Spdz>(session, field61_domain());
         }})};

}  // namespace
}  // namespace evenkeel
