// The prio3 protocol: totals of those who tell the truth, exactly the bytes of its formula, and
// what lying or silent clients and aggregators come to.
#include "tests/mpc/given.h"

namespace evenkeel::test {
namespace {

struct Poll {
  std::uint32_t clients = 3;
  Summands summands = {};
  std::vector<std::vector<Word>> numbers = {};  // of each client
  std::string measure = "sum_vector";
  std::int64_t fewest_reports = 1;
};

class Prio3Poll {
 public:
  explicit Prio3Poll(Poll poll) : world({.nodes = poll.clients + 2}), poll_(std::move(poll)) {
    kind_ = protocol_with("prio3",
                          {{"measure", poll_.measure}, {"fewest_reports", poll_.fewest_reports}});
  }

  // What each seat got.
  std::vector<Result<Aggregation::Total>> run() {
    const std::uint32_t seats = world.size();
    std::vector<std::optional<Result<Aggregation::Total>>> got(seats);
    sent_bytes.assign(seats, 0);
    offline_bytes.assign(seats, 0);
    for (std::uint32_t i = 0; i < seats; ++i)
      world.node(i).on_start([this, i, &got](Node& node) {
        Sessions& sessions = *sessions_.emplace_back(std::make_unique<Sessions>(node));
        Task<> task = sit(*this, sessions, i, got[i]);
        node.spawn(std::move(task));
      });
    world.start();
    world.run_for(seconds(1000));
    world.stop();
    std::vector<Result<Aggregation::Total>> all;
    for (auto& one : got) {
      if (!one) one = Error{ErrorCode::stopped, "never ended"};
      all.push_back(std::move(*one));
    }
    return all;
  }

  ClusterWorld world;
  std::vector<std::uint64_t> sent_bytes = {};
  std::vector<std::uint64_t> offline_bytes = {};
  std::vector<std::uint64_t> formula = {};
  std::uint32_t rounds = 0;
  std::uint32_t offline_rounds = 0;
  std::uint32_t online_rounds = 0;
  Cost cost = {};

 private:
  static Task<> sit(Prio3Poll& poll, Sessions& sessions, Seat self,
                    std::optional<Result<Aggregation::Total>>& got) {
    SessionPlan plan{.id = 3, .self = self, .parties = 2, .patience = seconds(1)};
    for (std::uint32_t i = 0; i < poll.world.size(); ++i) plan.seats.push_back(NodeId{i});
    Session session{sessions, plan};
    const std::unique_ptr<Aggregation> aggregation = poll.kind_.aggregate(session);
    const Summands& summands = poll.poll_.summands;
    const std::vector<Word> mine = self < 2 ? std::vector<Word>{} : poll.poll_.numbers[self - 2];
    Task<Aggregation::Total> body = aggregation->aggregate(summands, mine);
    Task<Result<Aggregation::Total>> running = session.run(std::move(body));
    got = co_await std::move(running);
    poll.sent_bytes[self] = session.spent().sent_bytes;
    poll.offline_bytes[self] = session.spent().offline_bytes;
    poll.online_rounds = std::max(poll.online_rounds, session.spent().online_rounds);
    poll.offline_rounds = std::max(poll.offline_rounds, session.spent().offline_rounds);
    poll.rounds = std::max(poll.rounds, session.spent().rounds);
    if (poll.formula.empty()) poll.formula = aggregation->cost(summands).sent_bytes;
    poll.cost = aggregation->cost(summands);
  }

  Poll poll_;
  ProtocolKind kind_;
  std::vector<std::unique_ptr<Sessions>> sessions_ = {};  // what comes late finds them
};

const Poll three{.summands = {.count = 2, .bits = 5}, .numbers = {{1, 31}, {2, 0}, {20, 7}}};

void expect_total(const Result<Aggregation::Total>& got, const std::vector<Word>& values,
                  const std::vector<Seat>& counted) {
  ASSERT_TRUE(got) << got.error().detail;
  EXPECT_EQ(got->values, values);
  EXPECT_EQ(got->counted, counted);
}

std::vector<std::string> said_of(const ClusterWorld& world) {
  std::vector<std::string> said;
  for (const CountingProbe::Event& event : world.events)
    said.push_back(event.kind + ": " + event.detail);
  return said;
}

TEST(Prio3Aggregation, GivesTheLeaderAloneTheTotal) {
  Prio3Poll poll{three};
  const auto got = poll.run();
  expect_total(got[0], {23, 38}, {2, 3, 4});
  for (std::size_t seat = 1; seat < got.size(); ++seat) expect_total(got[seat], {}, {});
}

TEST(Prio3Aggregation, CostsExactlyWhatItsFormulaSays) {
  for (const std::string measure : {"sum_vector", "sum", "count", "histogram"})
    for (const std::uint32_t clients : {1U, 8U, 9U}) {
      SCOPED_TRACE(measure + " of " + std::to_string(clients));
      Summands summands{.count = 7, .bits = 9};
      std::vector<Word> numbers{1, 0, 0, 0, 0, 0, 0};
      if (measure == "sum" || measure == "count") summands.count = 1, numbers.resize(1);
      if (measure == "histogram" || measure == "count") summands.bits = 1;
      Prio3Poll poll{{.clients = clients,
                      .summands = summands,
                      .numbers = std::vector<std::vector<Word>>(clients, numbers),
                      .measure = measure}};
      const auto got = poll.run();
      numbers[0] = clients;
      ASSERT_TRUE(got[0]) << got[0].error().detail;
      EXPECT_EQ(got[0]->values, numbers);
      EXPECT_EQ(poll.sent_bytes, poll.formula);
      EXPECT_EQ(poll.offline_bytes, poll.cost.offline_bytes);
      EXPECT_EQ(poll.rounds, poll.cost.rounds);
      EXPECT_EQ(poll.offline_rounds, poll.cost.offline_rounds);
      EXPECT_EQ(poll.online_rounds, poll.cost.online_rounds());
    }
}

TEST(Prio3Aggregation, SendsWhatTheDraftSaysForAHistogram) {
  Prio3Poll poll{{.clients = 1,
                  .summands = {.count = 64, .bits = 1},
                  .numbers = {std::vector<Word>(64, 0)},
                  .measure = "histogram"}};
  const auto got = poll.run();
  EXPECT_FALSE(got[2]);  // no choice at all
  EXPECT_EQ(got[2].error().code, ErrorCode::invalid);
  EXPECT_EQ(poll.formula,
            (std::vector<std::uint64_t>{32 + 1 + 32, 2 + 320 + 1024, 2 * (16 + 64) + 1808 + 64}));
}

TEST(Prio3Aggregation, LeavesOutWhoIsSilentToOneOrBoth) {
  for (const bool to_leader : {true, false}) {
    Prio3Poll poll{three};
    poll.world.loses = [=](const Message& message) {
      return message.from == NodeId{3} && message.to == NodeId{to_leader ? 0U : 1U};
    };
    expect_total(poll.run()[0], {21, 38}, {2, 4});
  }
  Prio3Poll poll{three};
  poll.world.loses = [](const Message& message) { return message.from == NodeId{3}; };
  expect_total(poll.run()[0], {21, 38}, {2, 4});
  const std::string said = "report left out: seat 3 sent no report, or none of the right length";
  EXPECT_THAT(said_of(poll.world), testing::ElementsAre(said, said));  // by each aggregator
}

// A byte of the upload of client 3 to an aggregator, after the session's header.
void lie(Prio3Poll& poll, Seat to, std::size_t place, std::byte change = std::byte{1}) {
  poll.world.changes = [=](Message& message) {
    if (message.from == NodeId{3} && message.to == NodeId{to})
      message.payload.bytes[Session::header_bytes + place] ^= change;
  };
}

TEST(Prio3Aggregation, LeavesOutWhoeverLiesWhereverTheLieIs) {
  const std::size_t nonce = 0;
  const std::size_t input_share = 16 + 64;
  for (const Seat to : {0U, 1U})
    for (const std::size_t place : {nonce, std::size_t{to == 0 ? 48U : 16U},  // the other's part
                                    input_share, input_share + 32}) {
      SCOPED_TRACE(std::to_string(place) + " to " + std::to_string(to));
      Prio3Poll poll{three};
      lie(poll, to, place);
      expect_total(poll.run()[0], {21, 38}, {2, 4});
      ASSERT_EQ(poll.world.events.size(), 1U);
      EXPECT_THAT(said_of(poll.world)[0], testing::StartsWith("report left out: seat 3 "));
    }
}

TEST(Prio3Aggregation, LeavesOutWhoSendsWhatIsNoShare) {
  Prio3Poll poll{three};
  poll.world.changes = [](Message& message) {
    if (message.from == NodeId{3} && message.to == NodeId{0})
      for (std::size_t i = 0; i < 16; ++i)
        message.payload.bytes[Session::header_bytes + 80 + i] = std::byte{0xff};
  };
  expect_total(poll.run()[0], {21, 38}, {2, 4});
  Prio3Poll shortened{three};
  shortened.world.changes = [](Message& message) {
    if (message.from == NodeId{3}) message.payload.bytes.resize(60);
  };
  expect_total(shortened.run()[0], {21, 38}, {2, 4});
}

TEST(Prio3Aggregation, LeavesOutWhatTheHelperDoesNotAccept) {
  Prio3Poll poll{three};
  poll.world.changes = [](Message& message) {
    if (message.from == NodeId{0} && message.payload.bytes.size() == Session::header_bytes + 96)
      message.payload.bytes[Session::header_bytes + 32] ^= std::byte{1};  // of three messages
  };
  expect_total(poll.run()[0], {21, 38}, {2, 4});
  EXPECT_THAT(said_of(poll.world),
              testing::ElementsAre("report left out: seat 3 told the helper something else than "
                                   "the leader"));
}

TEST(Prio3Aggregation, MakesNoTotalOfTooFewReports) {
  Poll poll = three;
  poll.fewest_reports = 3;
  Prio3Poll enough{poll};
  expect_total(enough.run()[0], {23, 38}, {2, 3, 4});
  Prio3Poll too_few{poll};
  lie(too_few, 0, 80);
  const auto got = too_few.run();
  ASSERT_FALSE(got[0]);
  EXPECT_EQ(got[0].error().code, ErrorCode::denied);
  EXPECT_EQ(got[0].error().detail, "2 valid reports, and a total wants 3 at least");
  EXPECT_EQ(too_few.sent_bytes[1], too_few.formula[1] - 2 * 16);  // its aggregate share
}

TEST(Prio3Aggregation, NamesAnAggregatorThatAcceptsWhatTheOtherDoesNot) {
  for (const Seat liar : {0U, 1U}) {
    Prio3Poll poll{three};
    poll.world.loses = [](const Message& message) { return message.from == NodeId{3}; };
    int before = liar == 0 ? 0 : 1;  // the helper's first flags say whom it has
    poll.world.changes = [=](Message& message) mutable {
      if (message.from == NodeId{liar} && message.to == NodeId{1 - liar} &&
          message.payload.bytes.size() == Session::header_bytes + 1 && before-- == 0)
        message.payload.bytes.back() |= std::byte{0b10};
    };
    const auto got = poll.run();
    ASSERT_FALSE(got[1 - liar]);
    EXPECT_EQ(got[1 - liar].error().code, ErrorCode::cheating) << got[1 - liar].error().detail;
  }
}

TEST(Prio3Aggregation, EndsWhenTheOtherAggregatorIsSilent) {
  for (const Seat silent : {0U, 1U}) {
    Prio3Poll poll{three};
    poll.world.loses = [silent](const Message& message) { return message.from == NodeId{silent}; };
    const auto got = poll.run();
    ASSERT_FALSE(got[1 - silent]);
    EXPECT_EQ(got[1 - silent].error().code, ErrorCode::timeout);
  }
}

TEST(Prio3Aggregation, RefusesNumbersWhoseTotalMightNotFit) {
  const Word most = (Word{1} << 61) - 1;
  Poll poll{.summands = {.count = 1, .bits = 61}, .numbers = {{most}, {most}, {most}}};
  for (const std::string measure : {"sum", "sum_vector"}) {
    poll.measure = measure;
    Prio3Poll fits{poll};
    expect_total(fits.run()[0], {3 * most}, {2, 3, 4});
    Poll wider = poll;
    wider.summands.bits = 62;
    Prio3Poll does_not{wider};
    const auto got = does_not.run();
    ASSERT_FALSE(got[0]);
    EXPECT_EQ(got[0].error().detail,
              "numbers of 62 bits of 3 clients may add up to more than 63 bits");
  }
}

TEST(Prio3Aggregation, RefusesAMeasureThatDoesNotFit) {
  Poll poll = three;
  poll.measure = "sum";
  Prio3Poll two_numbers{poll};
  const auto got = two_numbers.run();
  for (const auto& one : got) {
    ASSERT_FALSE(one);
    EXPECT_EQ(one.error().detail, "2 numbers of 5 bits are no sum");
  }
}

}  // namespace
}  // namespace evenkeel::test
