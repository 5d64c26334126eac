// additive_fss: as additive, of two that compute, with a comparison in one round.
//
// Boyle, Chandran, Gilboa, Gupta, Ishai, Kumar and Rathee, "Function secret sharing for mixed-mode
// and fixed-point secure computation", EUROCRYPT 2021: the sign of x = a - b, of w = bits + 1 bits.
// The dealer knows a mask r and shares the function that gives (1 - 2 r_bits) where the known z is
// below r modulo 2^bits, and shares r_bits itself; with z = x + r in the open the borrow that z - r
// takes from the sign is one evaluation at z.
//
//              offline, from the dealer                        online, each to the other    rounds
//   compare    to each: corrections, 24 bits + 8 B and
//              bits / 4 B rounded up over all; to 0: 8 B       ceil(w / 8) B                     1
//   the rest   as additive.cpp
//   at 64 bits: 8 B online and 3 080 B by the dealer, where additive has 6 rounds, 14.6 and 40.4 B
//
// Guarantees privacy against one of the two, semi-honest, if the dealer neither deviates nor tells
// either what it dealt.
#include "models/mpc/protocols/additive.h"

#include "models/mpc/costs.h"
#include "models/mpc/tools/function_secret_sharing.h"

namespace evenkeel {
namespace {

class AdditiveFss final : public Additive {
 public:
  explicit AdditiveFss(Session& session) : Additive(session, {.openings = Openings::direct}) {}

  Cost cost(const SecureOperation& operation) const override;
  Task<Secrets> less(const Secrets& a, const Secrets& b, int bits) override;

 private:
  struct Dealt {
    Words roots;
    Corrections corrections;
    Words sign;  // shares of r_bits
  };
  Task<Dealt> deal_functions(const Words& mask, std::size_t bits);
};

Task<AdditiveFss::Dealt> AdditiveFss::deal_functions(const Words& mask, std::size_t bits) {
  const OfflinePhase offline{session()};
  const std::size_t count = mask.size();
  Words sign(count);
  for (std::size_t i = 0; i < count; ++i) sign[i] = mask[i] >> bits & 1;
  session().charge(costs::hashed_seed *
                   static_cast<double>((seat().deals() ? 8 : 4) * bits * count));
  Dealt dealt;
  if (seat().deals()) {
    Words alpha(count);
    Words beta(count);
    for (std::size_t i = 0; i < count; ++i) {
      alpha[i] = mask[i] & ((Word{1} << bits) - 1);
      beta[i] = 1 - 2 * sign[i];
    }
    const Words first = seat().stream_with(0).words(seed_words * count);
    const Words second = seat().stream_with(1).words(seed_words * count);
    dealt.corrections = share_comparisons(alpha, beta, bits, first, second);
    for (const Seat to : {0U, 1U}) {
      session().send(to, dealt.corrections.seeds);
      session().send(to, dealt.corrections.values);
      session().send_bytes(to, dealt.corrections.controls);
    }
  } else {
    dealt.roots = seat().stream_with(session().self()).words(seed_words * count);
    dealt.corrections = room_for_comparisons(bits, count);
    const auto words = [](Words& of) { return std::as_writable_bytes(std::span{of}); };
    co_await session().receive_bytes(seat().dealer(), words(dealt.corrections.seeds));
    co_await session().receive_bytes(seat().dealer(), words(dealt.corrections.values));
    co_await session().receive_bytes(seat().dealer(), dealt.corrections.controls);
  }
  Task<Words> dealing = seat().deal(domain(), std::move(sign));
  dealt.sign = co_await std::move(dealing);
  co_return dealt;
}

// sign = z_bits ^ (r_bits + borrow (1 - 2 r_bits)), where z_bits is known to both.
Task<Secrets> AdditiveFss::less(const Secrets& a, const Secrets& b, int bits) {
  session().enter("compare");
  Secrets difference = subtract(a, b);
  const std::size_t count = difference.count;
  const auto places = static_cast<std::size_t>(bits);
  const Words mask = seat().uniform(domain(), count);
  Dealt dealt = co_await deal_functions(mask, places);
  Words sign = std::move(dealt.sign);
  if (seat().deals()) co_return Secrets{count, std::move(sign)};

  const Word below = (Word{1} << places) - 1;
  Words masked = std::move(difference.words);
  domain().add(masked, mask);
  Task<Words> opening = seat().open(domain(), std::move(masked), places / 8 + 1);
  const Words z = co_await std::move(opening);
  Words at(count);
  for (std::size_t i = 0; i < count; ++i) at[i] = z[i] & below;
  domain().add(sign,
               evaluate_comparisons(session().self(), at, places, dealt.roots, dealt.corrections));
  for (std::size_t i = 0; i < count; ++i) {
    const Word flipped = z[i] >> places & 1;
    sign[i] = sign[i] * (1 - 2 * flipped) + (session().self() == 0 ? flipped : 0);
  }
  co_return Secrets{count, std::move(sign)};
}

Cost AdditiveFss::cost(const SecureOperation& operation) const {
  if (operation.kind != SecureOperation::Kind::compare) return Additive::cost(operation);
  Cost cost = no_cost();
  const auto places = static_cast<std::size_t>(operation.bits);
  pay_opening(cost, operation.count * (places / 8 + 1));
  cost.send_offline(seat().dealer(),
                    2 * comparison_bytes(places, operation.count) + 8 * operation.count);
  return cost;
}

const Registered entry{
    protocols(),
    protocol_entry(
        "two parties with additive shares and a dealer of shared comparisons (Boyle et al. 2021)",
        {.name = "additive_fss",
         .promises = {.fewest_parties = 3,
                      .most_parties = 3,
                      .corruptions = "one of those that compute (the last seat deals)",
                      .adversary = Adversary::semi_honest,
                      .trusted = "the dealer, which deals as it should and colludes with nobody",
                      .majority_is_honest = false},
         .make = [](Session& session) -> std::unique_ptr<Protocol> {
           return std::make_unique<AdditiveFss>(session);
         }})};

}  // namespace
}  // namespace evenkeel
