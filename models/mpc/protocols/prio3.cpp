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
#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>

#include "models/mpc/protocol.h"
#include "models/mpc/tools/flags.h"
#include "models/mpc/tools/prg.h"
#include "models/mpc/tools/prio3.h"

namespace evenkeel {
namespace {

constexpr Seat leader = 0;
constexpr Seat helper = 1;
constexpr Prio3::View context{};  // nonces and keys are drawn for each session

enum class Measure { sum_vector, sum, count, histogram };
constexpr std::array<std::string_view, 4> measures{"sum_vector", "sum", "count", "histogram"};

struct Settings {
  Measure measure = Measure::sum_vector;
  std::int64_t chunk = 0;
  std::int64_t fewest_reports = 1;

  void describe(Fields& fields) {
    option(fields, "measure", measure, measures,
           {"what a client has: numbers, one number, one bit, or zeros and a single 1"});
    fields.integer(
        "chunk", chunk,
        {"bits that one call of the proof's gadget checks; 0: what is shortest", 0, 1e6});
    fields.integer("fewest_reports", fewest_reports,
                   {"valid reports below which no total is made", 1, 1e9});
  }
};

std::unique_ptr<Prio3> scheme_for(const Settings& settings, const Summands& summands) {
  const Word most = (Word{1} << summands.bits) - 1;
  const bool is_histogram = settings.measure == Measure::histogram;
  const std::size_t bits =
      summands.count * static_cast<std::size_t>(is_histogram ? 1 : summands.bits);
  const std::size_t chunk =
      settings.chunk > 0
          ? static_cast<std::size_t>(settings.chunk)
          : static_cast<std::size_t>(std::ceil(std::sqrt(static_cast<double>(bits))));
  switch (settings.measure) {
    case Measure::sum_vector:
      return prio3_sum_vec(2, summands.count, most, chunk);
    case Measure::sum:
      return prio3_sum(2, most);
    case Measure::count:
      return prio3_count(2);
    case Measure::histogram:
      break;
  }
  return prio3_histogram(2, summands.count, chunk);
}

// Why the measure cannot be what is asked for.
std::optional<std::string> misfit(const Settings& settings, const Summands& summands,
                                  std::uint32_t clients) {
  const bool is_single = summands.count == 1;
  const bool is_bits = summands.bits == 1;
  if (summands.count < 1 || summands.bits < 1 || summands.bits > 62)
    return fmt::format("{} numbers of {} bits are none that it can prove", summands.count,
                       summands.bits);
  if (summands.bits + std::bit_width(clients) > 63)
    return fmt::format("numbers of {} bits of {} clients may add up to more than 63 bits",
                       summands.bits, clients);
  const bool fits = settings.measure == Measure::sum_vector ||
                    (settings.measure == Measure::sum && is_single) ||
                    (settings.measure == Measure::count && is_single && is_bits) ||
                    (settings.measure == Measure::histogram && is_bits);
  if (fits) return std::nullopt;
  return fmt::format("{} numbers of {} bits are no {}", summands.count, summands.bits,
                     measures[static_cast<std::size_t>(settings.measure)]);
}

class Prio3Aggregation final : public Aggregation {
 public:
  Prio3Aggregation(Session& session, const Settings& settings)
      : Aggregation(session), settings_(settings) {}

  Task<Total> aggregate(const Summands& summands, std::span<const Word> mine) override;
  Cost cost(const Summands& summands) const override;

 private:
  std::uint32_t clients() const { return session().seats() - session().parties(); }

  Task<> agree_on_key(Prio3::Seed& key);
  Task<> enter(const Prio3& scheme, std::span<const Word> mine);
  Task<> collect(const Prio3& scheme, const Prio3::Seed& key);
  Task<Total> lead(const Prio3& scheme);
  Task<> help(const Prio3& scheme);
  bool is_enough(const Flags& accepted) const {
    return accepted.count() >= static_cast<std::size_t>(settings_.fewest_reports);
  }
  SecretBytes sum_of(const Prio3& scheme, const Flags& accepted) const;
  void leave_out(std::uint32_t client, std::string_view why);
  Session::Forever cheated(std::string_view what) {
    return session().abort(ErrorCode::cheating,
                           fmt::format("{} {}", session().name_of(1 - session().self()), what));
  }

  Settings settings_;
  std::vector<std::optional<Prio3::Checking>> checks_;  // one a client, nothing if it is left out
};

Task<Aggregation::Total> Prio3Aggregation::aggregate(const Summands& summands,
                                                     std::span<const Word> mine) {
  if (const std::optional<std::string> against = misfit(settings_, summands, clients())) {
    const Session::Forever forever = session().abort(ErrorCode::invalid, *against);
    co_await forever;
  }
  const std::unique_ptr<Prio3> scheme = scheme_for(settings_, summands);
  Total total;
  if (!session().is_party()) {
    co_await enter(*scheme, mine);
    co_return total;
  }
  Prio3::Seed key;
  co_await agree_on_key(key);
  co_await collect(*scheme, key);
  if (session().self() == helper) {
    co_await help(*scheme);
    co_return total;
  }
  total = co_await lead(*scheme);
  co_return total;
}

Task<> Prio3Aggregation::agree_on_key(Prio3::Seed& key) {
  const OfflinePhase offline{session()};
  if (session().self() == leader) {
    Prg{draw_prg_key(session().node().random())}.fill(key);
    session().send_bytes(helper, key);
  } else {
    session().enter("key");
    co_await session().receive_bytes(leader, key);
  }
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
      scheme.shard(context, mine, nonce, randomness, session().claim());
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

// All uploads, and the checks begun on them.
Task<> Prio3Aggregation::collect(const Prio3& scheme, const Prio3::Seed& key) {
  session().enter("reports");
  const Prio3::Sizes sizes = scheme.sizes();
  const Seat self = session().self();
  const Time until = time_after(session().node().now(), session().patience() / 2);
  checks_.resize(clients());
  Prio3::Nonce nonce;
  SecretBytes upload(nonce.size() + sizes.public_share +
                     (self == leader ? sizes.leader_share : sizes.helper_share));
  for (std::uint32_t client = 0; client < clients(); ++client) {
    const Duration left = std::max(Duration{}, until - session().node().now());
    const Seat seat = session().parties() + client;
    const bool came = co_await session().try_receive(seat, upload, left);
    if (!came) {
      leave_out(client, "sent no report, or none of the right length");
      continue;
    }
    const Prio3::View bytes = upload;
    std::ranges::copy(bytes.first(nonce.size()), nonce.begin());
    session().charge(scheme.work().verify_ns);
    checks_[client] = scheme.begin_check(key, context, self, nonce,
                                         bytes.subspan(nonce.size(), sizes.public_share),
                                         bytes.subspan(nonce.size() + sizes.public_share));
    if (!checks_[client]) leave_out(client, "sent what is no share");
  }
}

Task<Aggregation::Total> Prio3Aggregation::lead(const Prio3& scheme) {
  session().enter("verifier shares");
  Flags known{clients()};
  co_await session().receive_bytes(helper, known.bytes());
  SecretBytes theirs(known.count() * scheme.sizes().verifier_share);
  if (!theirs.empty()) co_await session().receive_bytes(helper, theirs);
  Prio3::View rest = theirs;
  Flags valid{clients()};
  SecretBytes messages;
  for (std::uint32_t client = 0; client < clients(); ++client) {
    if (!known.has(client)) {
      if (checks_[client]) leave_out(client, "sent the helper no share");
      continue;
    }
    const Prio3::View share = rest.first(scheme.sizes().verifier_share);
    rest = rest.subspan(share.size());
    if (!checks_[client]) continue;
    const std::array<SecretBytes, 2> shares{checks_[client]->verifier_share,
                                            SecretBytes(share.begin(), share.end())};
    const std::optional<SecretBytes> message = scheme.message_of(context, shares);
    if (!message || !Prio3::accepts(*checks_[client], *message)) {
      leave_out(client, "has a proof that does not hold");
      continue;
    }
    valid.set(client);
    messages.insert(messages.end(), message->begin(), message->end());
  }
  session().send_bytes(helper, valid.bytes());
  session().send_bytes(helper, messages);

  session().enter("aggregate share");
  Flags accepted{clients()};
  co_await session().receive_bytes(helper, accepted.bytes());
  if (!accepted.is_within(valid)) {
    const Session::Forever forever = cheated("accepts reports that the leader does not");
    co_await forever;
  }
  if (!is_enough(accepted)) {
    const Session::Forever forever = session().abort(
        ErrorCode::denied, fmt::format("{} valid reports, and a total wants {} at least",
                                       accepted.count(), settings_.fewest_reports));
    co_await forever;
  }
  std::array<SecretBytes, 2> sums{sum_of(scheme, accepted),
                                  SecretBytes(scheme.sizes().aggregate_share)};
  co_await session().receive_bytes(helper, sums[1]);
  std::optional<std::vector<Word>> values = scheme.unshard(sums);
  if (!values) {
    const Session::Forever forever = cheated("sent an aggregate share that is out of range");
    co_await forever;
  }
  Total total{.values = std::move(*values)};
  for (std::uint32_t client = 0; client < clients(); ++client) {
    if (accepted.has(client)) {
      total.counted.push_back(session().parties() + client);
    } else if (valid.has(client)) {
      leave_out(client, "told the helper something else than the leader");
    }
  }
  co_return total;
}

Task<> Prio3Aggregation::help(const Prio3& scheme) {
  Flags present{clients()};
  SecretBytes mine;
  for (std::uint32_t client = 0; client < clients(); ++client) {
    if (!checks_[client]) continue;
    present.set(client);
    const SecretBytes& share = checks_[client]->verifier_share;
    mine.insert(mine.end(), share.begin(), share.end());
  }
  session().send_bytes(leader, present.bytes());
  session().send_bytes(leader, mine);

  session().enter("messages");
  Flags accepted{clients()};
  co_await session().receive_bytes(leader, accepted.bytes());
  if (!accepted.is_within(present)) {
    const Session::Forever forever = cheated("accepts reports that the helper has not");
    co_await forever;
  }
  SecretBytes messages(accepted.count() * scheme.sizes().message);
  if (!messages.empty()) co_await session().receive_bytes(leader, messages);
  Prio3::View rest = messages;
  for (std::uint32_t client = 0; client < clients(); ++client) {
    if (!accepted.has(client)) continue;
    if (!Prio3::accepts(*checks_[client], rest.first(scheme.sizes().message)))
      accepted.clear(client);
    rest = rest.subspan(scheme.sizes().message);
  }
  session().send_bytes(leader, accepted.bytes());
  if (is_enough(accepted)) session().send_bytes(leader, sum_of(scheme, accepted));
}

SecretBytes Prio3Aggregation::sum_of(const Prio3& scheme, const Flags& accepted) const {
  SecretBytes sum(scheme.sizes().aggregate_share, std::byte{0});
  for (std::uint32_t client = 0; client < clients(); ++client)
    if (accepted.has(client)) scheme.add(sum, checks_[client]->output_share);
  return sum;
}

void Prio3Aggregation::leave_out(std::uint32_t client, std::string_view why) {
  Node& node = session().node();
  node.probe().event(node.now(), node.id(), "report left out",
                     fmt::format("{} {}", session().name_of(session().parties() + client), why));
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

ProtocolKind kind_of(const Settings& settings) {
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
    Settings settings;
    settings.describe(fields);
    return kind_of(settings);
  };
  return entry;
}

const Registered entry{protocols(), configurable()};

}  // namespace
}  // namespace evenkeel
