// prio3: two aggregators add up what any number of clients have, and leave out those that lie.
//
// Corrigan-Gibbs and Boneh, "Prio", NSDI 2017; the bytes are those of Prio3 in
// draft-irtf-cfrg-vdaf (tools/prio3.h). Seat 0 is the leader, seat 1 the helper, the rest clients.
//
//   1  leader -> helper   the key that draws the query randomness                      32 B
//      client -> leader   nonce, public share, leader share                  16 + public + leader B
//      client -> helper   nonce, public share, helper share: straight to it, not through the
//                         leader, so that nothing need be sealed            16 + public + helper B
//   2  helper -> leader   which clients it has, and its verifier shares: b + verifier share each
//   3  leader -> helper   which of them have proofs that hold, and their messages: b + message each
//   4  helper -> leader   which of those it accepts too, and its aggregate share: b + aggregate B
//
// where b is a bit a client, in bytes. The aggregators wait for clients half as long as for one
// another. Who sent nothing, or what makes no sense, or what is not valid, is left out and named.
//
// Promises: neither aggregator alone learns more than the total of those left in, whatever it does,
// if there are at least `fewest_reports`; no client changes the total but by a valid number. An
// aggregator that deviates can spoil the total.
#include "models/mpc/protocol.h"
#include "models/mpc/protocols/prio3_aggregator.h"
#include "models/mpc/protocols/prio3_measure.h"
#include "models/mpc/tools/prg.h"

namespace evenkeel {
namespace {

constexpr Seat leader = Prio3Aggregator::leader;
constexpr Seat helper = Prio3Aggregator::helper;

class Prio3Aggregation final : public Aggregation {
 public:
  Prio3Aggregation(Session& session, const Prio3Settings& settings)
      : Aggregation(session), settings_(settings) {}

  Task<Total> aggregate(const Summands& summands, std::span<const Word> mine) override;
  Cost cost(const Summands& summands) const override;

 private:
  std::uint32_t clients() const { return session().seats() - session().parties(); }
  Task<> enter(const Prio3& scheme, std::span<const Word> mine);

  Prio3Settings settings_;
};

Task<Aggregation::Total> Prio3Aggregation::aggregate(const Summands& summands,
                                                     std::span<const Word> mine) {
  if (const std::optional<std::string> against = misfit(settings_, summands, clients())) {
    const Session::Forever forever = session().abort(ErrorCode::invalid, *against);
    co_await forever;
  }
  const std::unique_ptr<Prio3> scheme = scheme_for(settings_, summands);
  Total total;
  if (session().is_party()) {
    Prio3Aggregator aggregator{session(), *scheme, settings_.fewest_reports};
    total = co_await aggregator.add_up();
  } else {
    co_await enter(*scheme, mine);
  }
  co_return total;
}

Task<> Prio3Aggregation::enter(const Prio3& scheme, std::span<const Word> mine) {
  session().enter("report");
  Prg random{draw_prg_key(session().node().random())};
  Prio3::Nonce nonce;
  random.fill(nonce);
  SecretBytes randomness(scheme.sizes().randomness);
  random.fill(randomness);
  session().charge(scheme.work().shard_ns);
  const std::optional<Prio3::Report> report =
      scheme.shard(Prio3Aggregator::context, mine, nonce, randomness, session().claim());
  if (!report) {
    const Session::Forever forever =
        session().abort(ErrorCode::invalid, "what this client has is not what is added up");
    co_await forever;
  }
  for (const Seat to : {leader, helper}) {
    SecretBytes upload(nonce.begin(), nonce.end());
    for (const SecretBytes& part : {report->public_share, report->input_shares[to]})
      upload.insert(upload.end(), part.begin(), part.end());
    session().send_bytes(to, upload);
  }
}

Cost Prio3Aggregation::cost(const Summands& summands) const {
  const Prio3::Sizes sizes = scheme_for(settings_, summands)->sizes();
  const std::uint64_t count = clients();
  const std::uint64_t bits = (count + 7) / 8;
  const std::uint64_t prefix = 2 * (16 + sizes.public_share);
  Cost cost{.sent_bytes = std::vector<std::uint64_t>(
                session().seats(), prefix + sizes.leader_share + sizes.helper_share),
            .rounds = 4,
            .offline_rounds = 1,
            .rounds_at_once = 1};
  cost.sent_bytes[leader] = bits + count * sizes.message;
  cost.sent_bytes[helper] = 2 * bits + count * sizes.verifier_share + sizes.aggregate_share;
  cost.send_offline(leader, Prio3::seed_bytes);
  return cost;
}

ProtocolKind kind_of(const Prio3Settings& settings) {
  return {.name = "prio3",
          .promises = {.fewest_parties = 2,
                       .most_parties = 2,
                       .corruptions = "1 of 2, and any clients",
                       .adversary = Adversary::semi_honest,
                       .multiplies = false,
                       .compares = false,
                       .majority_is_honest = false},
          .aggregate = [settings](Session& session) -> std::unique_ptr<Aggregation> {
            return std::make_unique<Prio3Aggregation>(session, settings);
          }};
}

Entry configurable() {
  Entry entry = protocol_entry(
      "two aggregators, and clients that prove what they enter (Prio3, VDAF draft)", kind_of({}));
  entry.configure = [](Fields& fields) -> std::any {
    Prio3Settings settings;
    settings.describe(fields);
    return kind_of(settings);
  };
  return entry;
}

const Registered entry{protocols(), configurable()};

}  // namespace
}  // namespace evenkeel
