// secure_aggregation: a server (seat 0) gets the sum of its clients' vectors and nothing else,
// whoever of them drops out on the way.
//
// Bonawitz, Ivanov, Kreuter, Marcedone, McMahan, Patel, Ramage, Segal and Seth, "Practical secure
// aggregation for privacy-preserving machine learning", CCS 2017 (eprint 2017/281). With `graph:
// sparse`, from 50 clients on, Bell, Bonawitz, Gascon, Lepoint and Raykova, "Secure single-server
// aggregation with (poly)logarithmic overhead", CCS 2020 (eprint 2020/704), algorithm 2: each
// client knows k neighbours, not all the others. n clients with k neighbours each (complete graph:
// k = n-1), m numbers of b bits, where n (2^bits - 1) < 2^b; t shares give a key.
// The first two steps, four rounds, are offline.
//
//   advertise keys   client -> 0: two X25519 keys                                       64 B
//                    0 -> client: those of its neighbours                               64 k B
//   share keys       client -> 0: for each neighbour a share of its seed and one of its mask key,
//                    sealed                                                             80 k B
//                    0 -> client: those meant for it                                    80 k B
//   masked input     client -> 0: x + PRG(seed) +- PRG(key with each neighbour)         m b / 8 B
//                    0 -> client: of whom the seed and of whom the key is wanted  2 (k+1) / 8 B
//   unmasking        client -> 0: that share of each, of its own seed too               32 (k+1) B
//
// A seed or key has k+1 shares: its owner keeps one. What a client sends and gets is, by the
// papers, 64 (k+1) + 32 (5 k + 1) + m b / 8 bytes. Ours is more by what they do not count: 32 k for
// the tags of what is sealed, 2 ceil((k+1) / 8) to say whose shares are wanted, and in the sparse
// graph 16 for the key that draws it. What is missing travels as zeros. 7 rounds. The server's work
// grows with the drop-outs: of each that was gone when it should have sent its vector, a mask with
// each neighbour that is left is taken off.
//
// `server: active` (complete graph only, t > 2n/3): before a seed or key is told, the clients make
// sure that all were asked for the same (consistency check): each signs the bitmap of those in the
// sum and checks the others' signatures, 64 B there and 64 k B back; keys are signed too, 64 B and
// 64 k B. The papers' public-key infrastructure is this: each client sends its Ed25519 key to each
// other one past the server, 32 k B there and 32 k B back. Two rounds more.
//
// Promises: the server and fewer than t clients learn the sum of at least t clients and no more, if
// they follow the protocol; with `server: active` whatever they do, if fewer than a third of the
// clients help the server. Down to t clients the sum arrives. In the sparse graph that holds but
// for a chance of 2^-40, if no larger share of the clients than `corrupt` helps the server, and the
// sum arrives but for one of 2^-20, if no larger share than `dropout` drops out. A client that lies
// about its numbers or its shares can spoil the sum; a false share of a key is noticed, one of a
// seed not.
#include "models/mpc/protocols/secure_aggregation.h"

#include <fmt/format.h>

#include <array>
#include <bit>

#include "models/mpc/costs.h"
#include "models/mpc/protocol.h"

namespace evenkeel {

void SecureAggregationSettings::describe(Fields& fields) {
  static constexpr std::string_view graphs[] = {"complete", "sparse"};
  static constexpr std::string_view servers[] = {"curious", "active"};
  option(fields, "graph", graph, graphs,
         {"with whom a client shares masks: all others, or few of them; under 50 clients all"});
  option(fields, "server", server, servers,
         {"what the server may do: keep to the protocol, or tell clients different things"});
  fields.number("corrupt", corrupt, Unit::none,
                {"share of the clients that may help the server; used with graph: sparse", 0, 0.9});
  fields.number("dropout", dropout, Unit::none,
                {"share of the clients that may drop out; used with graph: sparse", 0, 0.9});
  fields.duration("wait", wait,
                  {"how long the server waits for clients in each phase; 0: half of what a seat "
                   "waits for a message",
                   0});
  if (graph == Graph::sparse && server == Server::active)
    fields.refuse("server", "an active server needs `graph: complete`");
  if (corrupt + dropout > 0.9)
    fields.refuse("corrupt", "with dropout more than 0.9: no graph is safe then");
}

namespace {

// 2^b holds the sum, if anything does.
int lane_bits(std::uint32_t clients, int bits) {
  __extension__ using Wide = unsigned __int128;
  const Wide most = Wide{clients} * ((Wide{1} << bits) - 1);
  EVENKEEL_CHECK(bits >= 1 && most >> 64 == 0, "a sum that fits into no lane");
  return static_cast<int>(std::bit_width(static_cast<Word>(most)));
}

}  // namespace

SecureAggregationShape::SecureAggregationShape(const SecureAggregationSettings& settings,
                                               std::uint32_t its_clients, const Summands& summands)
    : clients(its_clients),
      is_active(settings.server == SecureAggregationSettings::Server::active),
      count(summands.count),
      bits(lane_bits(its_clients, summands.bits)) {
  graph = {clients - 1, (is_active ? 2 * clients / 3 : clients / 2) + 1};
  if (settings.graph == SecureAggregationSettings::Graph::complete || clients < fewest_for_sparse)
    return;
  const std::optional<GraphShape> sparse = sparse_graph_for(
      {.clients = clients, .corrupt = settings.corrupt, .dropout = settings.dropout});
  if (!sparse) return;
  graph = *sparse;
  is_sparse = true;
}

double SecureAggregationShape::mask_work() const {
  const double words = static_cast<double>(count) * (bits <= 32 ? 0.5 : 1);
  return costs::prg_key + words * (costs::prg_word + costs::word_operation);
}
double SecureAggregationShape::recovery_work() const {
  return costs::key_share_recovered * graph.threshold;
}
double SecureAggregationShape::sharing_work() const {
  return costs::key_share_coefficient * graph.threshold * static_cast<double>(members());
}

namespace {

class SecureAggregation final : public Aggregation {
 public:
  SecureAggregation(Session& session, const SecureAggregationSettings& settings)
      : Aggregation(session), settings_(settings) {}

  Task<Total> aggregate(const Summands& summands, std::span<const Word> mine) override {
    EVENKEEL_CHECK(session().parties() == 1, "the server alone computes");
    Total total;
    if (clients() < 2) {
      const Session::Forever forever =
          session().abort(ErrorCode::invalid, "a sum of fewer than 2 clients hides nothing");
      co_await forever;
    }
    const SecureAggregationShape shape = shape_for(summands);
    if (session().is_party()) {
      const Duration wait = settings_.wait > Duration{} ? settings_.wait : session().patience() / 2;
      total = co_await collect_masked(session(), shape, wait);
    } else {
      co_await enter_masked(session(), shape, mine);
    }
    co_return total;
  }

  Cost cost(const Summands& summands) const override {
    const SecureAggregationShape shape = shape_for(summands);
    const std::uint64_t public_keys = shape.graph.degree * sizeof(PublicKey);
    const std::uint64_t client_offline =
        shape.keys() + shape.share_list() + (shape.is_active ? public_keys : 0);
    const std::uint64_t client =
        client_offline + shape.masked() + shape.reply() + (shape.is_active ? sizeof(Signature) : 0);
    const std::uint64_t server_offline = shape.key_list() + shape.share_list();
    const std::uint64_t server =
        server_offline + shape.request() + (shape.is_active ? shape.signature_list() : 0);
    Cost cost{.sent_bytes = std::vector<std::uint64_t>(session().seats(), client),
              .rounds = shape.is_active ? 9U : 7U,
              .offline_bytes = std::vector<std::uint64_t>(session().seats(), client_offline),
              .offline_rounds = 4};
    cost.sent_bytes[0] = server * shape.clients;
    cost.offline_bytes[0] = server_offline * shape.clients;
    return cost;
  }

 private:
  std::uint32_t clients() const { return session().seats() - session().parties(); }
  SecureAggregationShape shape_for(const Summands& summands) const {
    return {settings_, clients(), summands};
  }

  SecureAggregationSettings settings_;
};

ProtocolKind kind_of(const SecureAggregationSettings& settings) {
  const bool is_active = settings.server == SecureAggregationSettings::Server::active;
  const bool is_sparse = settings.graph == SecureAggregationSettings::Graph::sparse;
  return {
      .name = "secure_aggregation",
      .promises = {.fewest_parties = 1,
                   .most_parties = 1,
                   .corruptions = is_active   ? "the server and fewer than n/3 clients"
                                  : is_sparse ? fmt::format("the server and {} % of the clients",
                                                            100 * settings.corrupt)
                                              : "the server and n/2 clients",
                   .adversary = is_active ? Adversary::malicious : Adversary::semi_honest,
                   .outcome = is_active ? Outcomes::abort : Outcomes::none,
                   .trusted = is_active ? "the server does not carry what clients tell each other"
                                        : "nobody",
                   .multiplies = false,
                   .compares = false,
                   .majority_is_honest = false},
      .aggregate = [settings](Session& session) -> std::unique_ptr<Aggregation> {
        return std::make_unique<SecureAggregation>(session, settings);
      }};
}

const Registered entry{
    protocols(),
    {"secure_aggregation",
     "a server learns the sum of its clients, some of which drop out (Bonawitz et al. 2017); " +
         describe(kind_of({}).promises),
     [](Fields& fields) -> std::any {
       SecureAggregationSettings settings;
       settings.describe(fields);
       return kind_of(settings);
     }}};

}  // namespace
}  // namespace evenkeel
