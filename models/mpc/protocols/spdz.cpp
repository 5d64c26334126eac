// spdz: n parties of whom all but one may deviate; what depends on no input comes from a dealer, or
// is made among them.
//
// Damgard, Pastro, Smart and Zakarias, CRYPTO 2012, in the form of Damgard, Keller, Larraia,
// Pastro, Scholl and Smart, ESORICS 2013, over GF(2^61-1): shares x_0 + ... + x_{n-1} of x and as
// many of k x, for a key k that nobody has; bits over GF(2) with 40 keys. The seats 0 .. n-1
// compute; with a dealer it is the last of the parties, seat n. l is 8 B, an element; each sends
// each other what is said of "online", but for openings otherwise than direct (tools/openings.h).
//
//              offline, a dealer -> 0            online                                   rounds
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
// With `offline` transfers there is no dealer; what each kind is made of, and at what cost, says
// tools/transfer_preprocessing.h: some 8.6 kB to each other for a product, 0.7 MB for a comparison
// among many. With `modelled` a dealer deals and that is charged (tools/modelled_preprocessing.h).
//
// A check opens random sums of how far what was opened misses its product with the key, committed
// to before; results are opened only after a check of all that led to them.
//
// Guarantees privacy and right results, or an end, against n-1 of the n that deviate; with a
// dealer, if it neither deviates nor colludes. Not that all get a result if one deviates.
#include "models/mpc/protocols/spdz.h"

#include <algorithm>

#include "models/mpc/disclosure.h"
#include "models/mpc/tools/modelled_preprocessing.h"
#include "models/mpc/tools/transfer_preprocessing.h"

namespace evenkeel {

Spdz::Spdz(Session& session, const Domain& domain, const Settings& settings)
    : Protocol(session, domain, 2),
      seat_(session, session.parties() - (settings.offline == Offline::transfers ? 0 : 1),
            settings.openings, domain),
      is_modelled_(settings.offline == Offline::modelled) {
  if (settings.offline == Offline::transfers) {
    preprocessing_ = std::make_unique<TransferPreprocessing>(seat_);
  } else if (settings.offline == Offline::modelled) {
    auto modelled = std::make_unique<ModelledPreprocessing>(seat_);
    dealt_ = &modelled->dealt();
    preprocessing_ = std::move(modelled);
  } else {
    auto dealt = std::make_unique<DealtPreprocessing>(seat_);
    dealt_ = dealt.get();
    preprocessing_ = std::move(dealt);
  }
}

Spdz::~Spdz() = default;

Task<> Spdz::set_up() {
  if (is_modelled_ && session().node().world().is_real_time()) {
    const Session::Forever forever = session().abort(
        ErrorCode::invalid,
        "'offline: modelled' charges in virtual time what it does not do; on sockets take "
        "'offline: dealer' or 'offline: transfers'");
    co_await forever;
  }
  if (session().is_party()) co_await preprocessing_->set_up();
}

Task<Spdz::Entering> Spdz::masked_for(Seat owner, Words elements) {
  Entering entering{owner, {}, std::move(elements)};
  if (is_dealer(owner)) co_return entering;
  Task<KnownMask> masking =
      preprocessing_->known_to(owner, entering.known.size() / domain().width());
  KnownMask mask = co_await std::move(masking);
  entering.shares = std::move(mask.shares);
  if (self() == owner) domain().subtract(entering.known, mask.known);
  co_return entering;
}

// The dealer's, which need no mask, come last: others wait for nothing before they tell theirs.
Task<> Spdz::take_in(Entering& entering) {
  if (is_dealer(entering.owner)) {
    Task<Words> dealing = dealt_->share_out(std::move(entering.known));
    entering.shares = co_await std::move(dealing);
    co_return;
  }
  if (!seat_.computes()) co_return;
  if (entering.owner != self()) {
    co_await session().receive_bytes(entering.owner,
                                     std::as_writable_bytes(std::span{entering.known}));
    domain().from_random(entering.known);
  }
  numbers().add_known(entering.shares, entering.known);
}

Task<std::vector<Words>> Spdz::enter(std::span<const Seat> owners, const Words& mine,
                                     std::size_t count) {
  std::vector<Entering> all;
  for (const Seat owner : owners) {
    if (!session().is_party() && owner != self()) continue;
    Words elements = owner == self() ? mine : Words(count * domain().width(), 0);
    Task<Entering> masking = masked_for(owner, std::move(elements));
    all.push_back(co_await std::move(masking));
  }
  session().enter("input");
  for (const Entering& entering : all)
    for (Seat seat = 0; seat < seat_.computing(); ++seat)
      if (entering.owner == self() && seat != self() && !is_dealer(self()))
        session().send(seat, entering.known);
  std::vector<Words> entered;
  for (Entering& entering : all) {
    if (session().is_party()) co_await take_in(entering);
    entered.push_back(std::move(entering.shares));
  }
  co_return entered;
}

Task<Words> Spdz::sums_of_products(const Secrets& a, const Secrets& b, std::size_t length) {
  Task<Triples> preparing = preprocessing_->triples(a.count, length);
  const Triples triples = co_await std::move(preparing);
  session().enter(length == 1 ? "multiply" : "dot");
  Words products = co_await numbers().multiply(a.words, b.words, length, triples);
  co_return products;
}

Task<Secrets> Spdz::random(std::size_t count) {
  session().enter("random");
  Task<Words> drawing = preprocessing_->secret(count);
  Words shares = co_await std::move(drawing);
  co_return Secrets{count, std::move(shares)};
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

Task<Words> Spdz::opened(const Words& shares) {
  co_await seat_.prove();
  Words opened = co_await numbers().open(shares);
  co_await seat_.prove();
  opened.resize(shares.size() / 2);
  co_return opened;
}

Task<std::vector<std::int64_t>> Spdz::open(const Secrets& secrets) {
  session().enter("open");
  Words shares = secrets.words;
  Task<Words> blinding = blinded(std::move(shares), secrets.count);
  const Words blind = co_await std::move(blinding);
  session().enter("open");
  Words known = co_await opened(blind);
  known.resize(secrets.count * domain().width());
  if (has_dealer()) {
    Task<Words> telling = told(seat_.computing(), std::move(known));
    known = co_await std::move(telling);
  }
  co_return decoded(known);
}

// The receiver alone knows the mask that is taken from the result before it is opened.
Task<std::vector<std::int64_t>> Spdz::reveal(Seat receiver, const Secrets& secrets) {
  session().enter("reveal");
  Task<KnownMask> masking = preprocessing_->known_to(receiver, secrets.count);
  const KnownMask mask = co_await std::move(masking);
  session().enter("reveal");
  Words known(secrets.count * domain().width(), 0);
  if (session().is_party()) {
    Words masked = secrets.words;
    domain().subtract(masked, mask.shares);
    known = co_await opened(masked);
  }
  if (receiver >= seat_.computing()) {
    Task<Words> telling = told(receiver, std::move(known));
    known = co_await std::move(telling);
  }
  if (self() != receiver) co_return std::vector<std::int64_t>{};
  domain().add(known, mask.known);
  co_return decoded(known);
}

Secrets Spdz::constants(std::span<const std::int64_t> values) const {
  const Words known = domain().encoded(values);
  Secrets secrets{values.size(), {}};
  secrets.words.assign(2 * known.size(), 0);
  numbers().add_known(secrets.words, known);
  return secrets;
}

namespace {

const Registered entry{
    protocols(),
    spdz_entry("spdz",
               "n parties of whom all but one may deviate, with a dealer or without (SPDZ, 2012; "
               "MASCOT, 2016)",
               59,
               [](Session& session, const Spdz::Settings& settings) -> std::unique_ptr<Protocol> {
                 return std::make_unique<Spdz>(session, field61_domain(), settings);
               })};

}  // namespace
}  // namespace evenkeel
