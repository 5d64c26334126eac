// Secure aggregation: right sums whoever drops out when, bytes as the papers count them, and lies
// that are noticed.
#include <fmt/format.h>

#include <cstring>
#include <numeric>

#include "models/mpc/costs.h"
#include "models/mpc/protocols/secure_aggregation.h"
#include "tests/balancing/default_fields.h"
#include "tests/mpc/table.h"

namespace evenkeel::test {
namespace {

using Names = std::map<std::string, std::string>;
using Total = Aggregation::Total;

const Names complete{};
const Names sparse{{"graph", "sparse"}};
const Names active{{"server", "active"}};

ProtocolKind kind_with(const Names& names) {
  DefaultFields fields{{}, names};
  return std::any_cast<ProtocolKind>(protocols().find("secure_aggregation")->configure(fields));
}

SecureAggregationSettings settings_of(const Names& names) {
  SecureAggregationSettings settings;
  DefaultFields fields{{}, names};
  settings.describe(fields);
  return settings;
}

class Gathering {
 public:
  Gathering(const Names& names, std::uint32_t clients, Summands its_summands)
      : world({.nodes = clients + 1}), summands(its_summands), kind_(kind_with(names)) {
    Random random{clients};
    entered.resize(clients + 1);
    for (std::uint32_t seat = 1; seat <= clients; ++seat)
      for (std::size_t i = 0; i < summands.count; ++i)
        entered[seat].push_back(random.below(std::uint64_t{1} << summands.bits));
    received.assign(clients + 1, 0);
    world.changes = [this](Message& message) {
      lies(message);
      received[index(message.to)] += message.payload.size() - Session::header_bytes;
    };
  }

  /// From its message number `first` to the server on, nothing of that client arrives.
  void drop(Seat client, std::uint32_t first) { drops_[client] = first; }

  std::vector<Result<Total>> run() {
    world.loses = [this](const Message& message) {
      const auto drop = drops_.find(index(message.from));
      if (drop == drops_.end()) return false;
      if (drop->second == 0) return true;
      return message.to == NodeId{0} && number_of(message) >= drop->second;
    };
    std::vector<std::optional<Result<Total>>> got(world.size());
    spent.assign(world.size(), {});
    ended.assign(world.size(), {});
    for (std::uint32_t i = 0; i < world.size(); ++i)
      world.node(i).on_start([this, i, &got](Node& node) {
        Task<> task = sit(*this, node, i, got[i]);
        node.spawn(std::move(task));
      });
    world.start();
    world.run_for(seconds(1000));
    world.stop();
    std::vector<Result<Total>> all;
    for (auto& one : got)
      all.push_back(one ? std::move(*one)
                        : Result<Total>{Error{ErrorCode::stopped, "never ended"}});
    return all;
  }

  std::vector<Word> sum_of(const std::vector<Seat>& clients) const {
    std::vector<Word> sum(summands.count, 0);
    for (const Seat client : clients)
      for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += entered[client][i];
    return sum;
  }
  std::vector<Seat> all_but(const std::vector<Seat>& gone) const {
    std::vector<Seat> rest;
    for (Seat seat = 1; seat < world.size(); ++seat)
      if (std::ranges::find(gone, seat) == gone.end()) rest.push_back(seat);
    return rest;
  }
  void expect_sum(const std::vector<Result<Total>>& got, const std::vector<Seat>& counted) const {
    ASSERT_TRUE(got[0]) << got[0].error().detail;
    EXPECT_EQ(got[0]->counted, counted);
    EXPECT_EQ(got[0]->values, sum_of(counted));
  }

  static std::uint32_t number_of(const Message& message) {
    std::uint32_t number = 0;
    std::memcpy(&number, message.payload.bytes.data() + 8, sizeof number);
    return number;
  }
  static std::byte* payload_of(Message& message) {
    return message.payload.bytes.data() + Session::header_bytes;
  }

  ClusterWorld world;
  Summands summands;
  std::vector<std::vector<Word>> entered;  // by seat
  std::vector<Spent> spent;
  std::vector<Time> ended;
  std::vector<std::uint64_t> received;  // payload bytes by seat
  std::vector<std::uint64_t> formula;   // sent, by seat
  Cost cost;
  std::function<void(Message&)> lies = [](Message&) {};

 private:
  static Task<> sit(Gathering& gathering, Node& node, Seat self,
                    std::optional<Result<Total>>& got) {
    Sessions sessions{node};
    SessionPlan plan{.id = 7, .self = self, .parties = 1, .patience = seconds(2)};
    for (std::uint32_t i = 0; i < gathering.world.size(); ++i) plan.seats.push_back(NodeId{i});
    Session session{sessions, plan};
    const std::unique_ptr<Aggregation> aggregation = gathering.kind_.aggregate(session);
    if (gathering.world.size() > 2) {
      gathering.cost = aggregation->cost(gathering.summands);
      gathering.formula = gathering.cost.sent_bytes;
    }
    Task<Total> body = aggregation->aggregate(gathering.summands, gathering.entered[self]);
    Task<Result<Total>> running = session.run(std::move(body));
    got = co_await std::move(running);
    gathering.spent[self] = session.spent();
    gathering.ended[self] = node.now();
  }

  ProtocolKind kind_;
  std::map<Seat, std::uint32_t> drops_;
};

// Numbers of the messages, from client to server and back.
constexpr std::uint32_t shares_message = 1;
constexpr std::uint32_t vector_message = 2;
constexpr std::uint32_t reply_message = 3;  // with an active server its signature, the reply is 4
constexpr std::uint32_t request_from_server = 2;

bool is_from_to(const Message& message, Seat from, Seat to, std::uint32_t number) {
  return message.from == NodeId{from} && message.to == NodeId{to} &&
         Gathering::number_of(message) == number;
}

TEST(SecureAggregation, GivesTheSumAndNothingToClients) {
  for (const Names& names : {complete, sparse, active})
    for (const std::uint32_t clients : {2U, 3U, 10U})
      for (const int bits : {1, 16, 40}) {
        Gathering gathering{names, clients, {.count = 33, .bits = bits}};
        const auto got = gathering.run();
        gathering.expect_sum(got, gathering.all_but({}));
        for (Seat seat = 1; seat <= clients; ++seat) {
          ASSERT_TRUE(got[seat]) << got[seat].error().detail;
          EXPECT_TRUE(got[seat]->values.empty() && got[seat]->counted.empty());
        }
      }
}

TEST(SecureAggregation, GivesTheSumWithFewNeighbours) {
  Gathering gathering{sparse, 80, {.count = 20, .bits = 30}};
  gathering.drop(3, vector_message);
  gathering.drop(60, vector_message);
  gathering.drop(61, shares_message);
  gathering.drop(62, reply_message);
  const auto got = gathering.run();
  gathering.expect_sum(got, gathering.all_but({3, 60, 61}));
}

class SecureAggregationPhases : public testing::TestWithParam<std::uint32_t> {};

TEST_P(SecureAggregationPhases, LoseClientsAndStillGiveTheSumOfTheOthers) {
  const std::uint32_t first_lost = GetParam();
  for (const Names& names : {complete, active}) {
    const std::uint32_t clients = 10;
    Gathering gathering{names, clients, {.count = 50, .bits = 20}};
    const std::vector<Seat> gone{1, 5, 10};
    for (const Seat seat : gone) gathering.drop(seat, first_lost);
    const auto got = gathering.run();
    const bool is_counted = first_lost > vector_message;
    gathering.expect_sum(got, gathering.all_but(is_counted ? std::vector<Seat>{} : gone));
    for (const Seat seat : gathering.all_but(gone))
      EXPECT_TRUE(got[seat]) << got[seat].error().detail;
    EXPECT_LT(gathering.ended[0], seconds(1.2)) << "one wait, not one for each";
  }
}

INSTANTIATE_TEST_SUITE_P(All, SecureAggregationPhases,
                         testing::Values(0U, shares_message, vector_message, reply_message, 4U));

TEST(SecureAggregation, GoesOnWhenSomeDropOutInEveryPhase) {
  Gathering gathering{complete, 12, {.count = 9, .bits = 8}};
  gathering.drop(2, 0);
  gathering.drop(4, shares_message);
  gathering.drop(6, vector_message);
  gathering.drop(8, vector_message);
  gathering.drop(12, reply_message);
  gathering.expect_sum(gathering.run(), gathering.all_but({2, 4, 6, 8}));
}

TEST(SecureAggregation, EndsByNameBelowTheThreshold) {
  const std::vector<std::string> steps{"advertise keys", "share keys", "masked input", "unmasking"};
  for (std::uint32_t phase = 0; phase < 4; ++phase) {
    for (const bool is_enough : {true, false}) {
      Gathering gathering{complete, 9, {.count = 5, .bits = 8}};  // t = 5
      for (Seat seat = 1; seat <= (is_enough ? 4U : 5U); ++seat) gathering.drop(seat, phase);
      const auto got = gathering.run();
      if (is_enough) {
        EXPECT_TRUE(got[0]) << phase << ": " << got[0].error().detail;
        continue;
      }
      ASSERT_FALSE(got[0]);
      EXPECT_EQ(got[0].error().code, ErrorCode::no_quorum);
      EXPECT_EQ(got[0].error().detail,
                fmt::format("4 of 9 clients are left after '{}', and 5 are needed", steps[phase]));
    }
  }
}

TEST(SecureAggregation, RefusesASumOfOne) {
  Gathering gathering{complete, 1, {.count = 5, .bits = 8}};
  const auto got = gathering.run();
  ASSERT_FALSE(got[0]);
  EXPECT_EQ(got[0].error().code, ErrorCode::invalid);
}

TEST(SecureAggregation, CostsExactlyWhatItsFormulaSays) {
  struct Case {
    Names names;
    std::uint32_t clients;
  };
  for (const Case& one :
       {Case{complete, 2}, Case{complete, 9}, Case{active, 9}, Case{sparse, 9}, Case{sparse, 64}}) {
    for (const std::size_t count : {1U, 1000U}) {
      Gathering gathering{one.names, one.clients, {.count = count, .bits = 16}};
      gathering.expect_sum(gathering.run(), gathering.all_but({}));
      std::uint32_t rounds = 0;
      std::uint32_t offline = 0;
      std::uint32_t online = 0;
      for (Seat seat = 0; seat <= one.clients; ++seat) {
        EXPECT_EQ(gathering.spent[seat].sent_bytes, gathering.formula[seat]) << seat;
        EXPECT_EQ(gathering.spent[seat].offline_bytes, gathering.cost.offline_of(seat)) << seat;
        rounds = std::max(rounds, gathering.spent[seat].rounds);
        offline = std::max(offline, gathering.spent[seat].offline_rounds);
        online = std::max(online, gathering.spent[seat].online_rounds);
      }
      EXPECT_EQ(rounds, gathering.cost.rounds);
      EXPECT_EQ(offline, gathering.cost.offline_rounds);
      EXPECT_EQ(online, gathering.cost.online_rounds());
    }
  }
}

// What the papers do not count: tags, who is asked for, and the key of the graph.
std::uint64_t uncounted(std::uint64_t k, bool is_sparse) {
  return 2 * 16 * k + 2 * ((k + 1 + 7) / 8) + (is_sparse ? 16 : 0);
}

TEST(SecureAggregation, MovesTheBytesThatThePapersCount) {
  struct Case {
    Names names;
    std::uint64_t k;
    std::uint64_t published;  // at m = 10^5, 16 bits, n = 100
  };
  for (const Case& one : {Case{complete, 99, 309'772}, Case{sparse, 12, 290'284}}) {
    Gathering gathering{one.names, 100, {.count = 100'000, .bits = 16}};
    gathering.expect_sum(gathering.run(), gathering.all_but({}));
    for (const Seat seat : {1U, 50U, 100U})
      EXPECT_EQ(gathering.spent[seat].sent_bytes + gathering.received[seat],
                one.published + uncounted(one.k, one.k == 12));
  }
}

std::uint64_t bytes_of_client(const Names& names, std::uint32_t clients, std::size_t count) {
  const SecureAggregationShape shape{settings_of(names), clients, {.count = count, .bits = 16}};
  const std::uint64_t bytes = shape.keys() + shape.key_list() + 2 * shape.share_list() +
                              shape.masked() + shape.request() + shape.reply();
  return bytes - uncounted(shape.graph.degree, shape.is_sparse);
}

TEST(SecureAggregation, HasTheBytesOfThePapersAtAnySize) {
  EXPECT_EQ(bytes_of_client(complete, 100, 100'000), 309'772U);
  EXPECT_EQ(bytes_of_client(complete, 1000, 100'000), 548'872U);
  EXPECT_EQ(bytes_of_client(complete, 10'000, 100'000), 2'614'872U);
  EXPECT_EQ(bytes_of_client(sparse, 100, 100'000), 290'284U);
  EXPECT_EQ(bytes_of_client(sparse, 1000, 100'000), 331'816U);
  EXPECT_EQ(bytes_of_client(sparse, 10'000, 100'000), 382'712U);
  // Bonawitz et al., section 1: 1.73 and 1.98 times what is sent in the clear.
  EXPECT_EQ(bytes_of_client(complete, 1 << 10, 1 << 20), 3'637'120U);
  EXPECT_EQ(bytes_of_client(complete, 1 << 14, 1 << 20), 7'602'048U);
  EXPECT_EQ(bytes_of_client(complete, 1 << 14, 1 << 24), 66'584'448U);
}

TEST(SecureAggregation, ChargesTheServerForTheMasksOfThoseThatDroppedOut) {
  const std::uint32_t n = 20;
  const Summands summands{.count = 200'000, .bits = 16};
  const SecureAggregationShape shape{settings_of(complete), n, summands};
  const auto work_with = [&](std::uint32_t d) {
    Gathering gathering{complete, n, summands};
    for (Seat seat = 1; seat <= d; ++seat) gathering.drop(seat, vector_message);
    EXPECT_TRUE(gathering.run()[0]);
    return gathering.spent[0].work_ns;
  };
  const double none = work_with(0);
  for (const std::uint32_t d : {1U, 4U, 9U}) {
    const double masks = d * (n - d);
    const double right = none + masks * (shape.mask_work() + costs::key_agreement) +
                         d * (costs::key_agreement - shape.mask_work() -
                              costs::packed_word * static_cast<double>(summands.count));
    EXPECT_NEAR(work_with(d), right, 1e-6 * right) << d;
  }
}

TEST(SecureAggregation, SendsNothingThatLooksLikeTheNumbers) {
  Gathering gathering{complete, 3, {.count = 8000, .bits = 16}};
  for (std::vector<Word>& own : gathering.entered) std::ranges::fill(own, 0);
  std::uint64_t ones = 0;
  std::uint64_t bits = 0;
  gathering.lies = [&](Message& message) {
    if (message.to != NodeId{0} || Gathering::number_of(message) != vector_message) return;
    for (std::size_t i = Session::header_bytes; i < message.payload.bytes.size(); ++i)
      ones += static_cast<std::uint64_t>(
          std::popcount(static_cast<std::uint8_t>(message.payload.bytes[i])));
    bits += 8 * (message.payload.bytes.size() - Session::header_bytes);
  };
  gathering.expect_sum(gathering.run(), {1, 2, 3});
  ASSERT_EQ(bits, 3U * 8000 * 18);
  // 6 standard deviations of a fair coin.
  EXPECT_NEAR(static_cast<double>(ones), static_cast<double>(bits) / 2,
              3 * std::sqrt(static_cast<double>(bits)));
}

TEST(SecureAggregation, CountsNobodyWhoseMessageHasAnotherLength) {
  for (const std::uint32_t phase : {0U, shares_message, vector_message, reply_message}) {
    for (const int change : {-1, 1}) {
      Gathering gathering{complete, 7, {.count = 10, .bits = 16}};
      gathering.lies = [phase, change](Message& message) {
        if (!is_from_to(message, 3, 0, phase)) return;
        message.payload.bytes.resize(
            static_cast<std::size_t>(static_cast<int>(message.payload.bytes.size()) + change));
      };
      const auto got = gathering.run();
      gathering.expect_sum(got, gathering.all_but(phase == reply_message ? std::vector<Seat>{}
                                                                         : std::vector<Seat>{3}));
    }
  }
}

TEST(SecureAggregation, CountsNobodyWithWhomNobodyCanAgree) {
  Gathering gathering{complete, 5, {.count = 10, .bits = 16}};
  gathering.lies = [](Message& message) {
    if (is_from_to(message, 3, 0, 0)) std::memset(Gathering::payload_of(message) + 32, 0, 32);
  };
  gathering.expect_sum(gathering.run(), {1, 2, 4, 5});
}

TEST(SecureAggregation, EndsAtAClientWhenTheServerSendsAnotherLength) {
  Gathering gathering{complete, 5, {.count = 10, .bits = 16}};
  gathering.lies = [](Message& message) {
    if (is_from_to(message, 0, 2, 0)) message.payload.bytes.pop_back();
  };
  const auto got = gathering.run();
  ASSERT_FALSE(got[2]);
  EXPECT_EQ(got[2].error().code, ErrorCode::malformed);
  gathering.expect_sum(got, {1, 3, 4, 5});
}

// The client's error, and that its last message was not sent.
void expect_refusal(const Names& names, const std::function<void(std::byte*)>& lie,
                    const std::string& why) {
  Gathering gathering{names, 5, {.count = 10, .bits = 16}};
  gathering.drop(5, vector_message);
  gathering.lies = [&lie](Message& message) {
    if (is_from_to(message, 0, 2, request_from_server)) lie(Gathering::payload_of(message));
  };
  const auto got = gathering.run();
  ASSERT_FALSE(got[2]);
  EXPECT_EQ(got[2].error().code, ErrorCode::cheating);
  EXPECT_EQ(got[2].error().detail, why);
  EXPECT_EQ(gathering.spent[2].messages, gathering.spent[5].messages) << "nothing was told";
  if (names.empty()) gathering.expect_sum(got, {1, 2, 3, 4});
}

TEST(SecureAggregation, NeverTellsBothTheSeedAndTheKeyOfAClient) {
  const auto asks_for_both = [](std::byte* request) { request[1] |= std::byte{1 << 2}; };
  expect_refusal(complete, asks_for_both,
                 "the server asks for both the seed and the key of seat 3");
  const auto says_it_dropped_out = [](std::byte* request) {
    request[0] &= ~std::byte{1 << 1};
    request[1] |= std::byte{1 << 1};
  };
  expect_refusal(complete, says_it_dropped_out, "the server says that seat 2 has dropped out");
}

TEST(SecureAggregation, RefusesToUnmaskASumOfTooFew) {
  Gathering gathering{complete, 5, {.count = 10, .bits = 16}};
  gathering.lies = [](Message& message) {
    if (is_from_to(message, 0, 2, request_from_server))
      Gathering::payload_of(message)[0] = std::byte{0b11};
  };
  const auto got = gathering.run();
  ASSERT_FALSE(got[2]);
  EXPECT_EQ(got[2].error().detail,
            "2 of 5 that share keys with seat 2 are left after 'masked input', and 3 are needed");
}

// To one half that client 4 is in the sum, to the other that it dropped out.
const auto two_stories = [](Message& message) {
  if (message.from != NodeId{0} || Gathering::number_of(message) != request_from_server) return;
  if (index(message.to) > 3) return;
  Gathering::payload_of(message)[0] &= ~std::byte{1 << 3};
  Gathering::payload_of(message)[1] |= std::byte{1 << 3};
};

TEST(SecureAggregation, NoticesAnActiveServerThatTellsTwoStories) {
  Gathering gathering{active, 6, {.count = 10, .bits = 16}};
  gathering.lies = two_stories;
  const auto got = gathering.run();
  for (Seat seat = 1; seat <= 6; ++seat) {
    ASSERT_FALSE(got[seat]);
    EXPECT_EQ(got[seat].error().code, ErrorCode::cheating);
    EXPECT_NE(got[seat].error().detail.find("has not signed the same list"), std::string::npos);
  }
  EXPECT_FALSE(got[0]);
}

TEST(SecureAggregation, TrustsACuriousServerNotToTellTwoStories) {
  Gathering gathering{complete, 6, {.count = 10, .bits = 16}};
  gathering.lies = two_stories;
  const auto got = gathering.run();
  for (Seat seat = 1; seat <= 6; ++seat) EXPECT_TRUE(got[seat]);
}

TEST(SecureAggregation, NoticesAnActiveServerThatGivesKeysOfItsOwn) {
  Gathering gathering{active, 6, {.count = 10, .bits = 16}};
  gathering.lies = [](Message& message) {
    if (is_from_to(message, 0, 1, 0)) Gathering::payload_of(message)[5] ^= std::byte{1};
  };
  const auto got = gathering.run();
  ASSERT_FALSE(got[1]);
  EXPECT_EQ(got[1].error().detail, "the keys that the server gave for seat 2 are not signed by it");
}

TEST(SecureAggregation, NoticesAFalseShareOfAKey) {
  Gathering gathering{complete, 5, {.count = 10, .bits = 16}};
  gathering.drop(5, vector_message);
  gathering.lies = [](Message& message) {
    if (is_from_to(message, 1, 0, reply_message))
      Gathering::payload_of(message)[4 * sizeof(KeyShare) + 5] ^= std::byte{1};
  };
  const auto got = gathering.run();
  ASSERT_FALSE(got[0]);
  EXPECT_EQ(got[0].error().code, ErrorCode::cheating);
  EXPECT_NE(got[0].error().detail.find("the shares of the key of seat 5"), std::string::npos);
}

TEST(SecureAggregation, NoticesSharesThatWereChangedOnTheWay) {
  Gathering gathering{complete, 5, {.count = 10, .bits = 16}};
  gathering.lies = [](Message& message) {
    if (is_from_to(message, 0, 2, 1)) Gathering::payload_of(message)[0] ^= std::byte{1};
  };
  const auto got = gathering.run();
  ASSERT_FALSE(got[2]);
  EXPECT_EQ(got[2].error().detail, "seat 1 has sealed no shares for this seat");
}

TEST(SecureAggregation, AnswersForThoseThatTookPart) {
  const Computation computation{.kind = protocol_named("secure_aggregation"),
                                .function = function_named("sum"),
                                .problem = {.owners = 4, .size = 2, .bits = 8, .fraction = 4}};
  Table table{"secure_aggregation", {.parties = 1, .clients = 4}};
  table.world.loses = [](const Message& message) {
    return message.from == NodeId{2} && Gathering::number_of(message) >= vector_message;
  };
  const auto got = table.compute(computation, {{1, -2}, {100, 100}, {3.5, -4}, {-5, 6}});
  ASSERT_TRUE(got[0]) << got[0].error().detail;
  EXPECT_EQ(*got[0], (std::vector<double>{-0.5, 0}));
}

TEST(SecureAggregation, RefusesSettingsThatDoNotFit) {
  DefaultFields both{{}, {{"graph", "sparse"}, {"server", "active"}}};
  (void)protocols().find("secure_aggregation")->configure(both);
  EXPECT_EQ(both.refused, "server: an active server needs `graph: complete`\n");
}

}  // namespace
}  // namespace evenkeel::test
