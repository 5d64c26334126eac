#include "models/runtime/quorum.h"

#include "tests/runtime/fake_world.h"

namespace evenkeel::test {
namespace {

struct Half {
  static constexpr std::uint16_t tag = 7;
  using Answer = std::int64_t;
  std::int64_t of = 0;
  template <class Visitor>
  void fields(Visitor& visit) {
    visit(of);
  }
};

class Halver {
 public:
  explicit Halver(Node& node, Duration takes = {})
      : node_(node), takes_(takes), service_(node, Port::tests) {
    service_.on(&Halver::halve, *this);
  }
  Task<Result<std::int64_t>> halve(NodeId, Half half) {
    co_await node_.sleep(takes_);
    if (half.of % 2 != 0) co_return Error{ErrorCode::invalid, "odd"};
    co_return half.of / 2;
  }

 private:
  Node& node_;
  Duration takes_;
  Service service_;
};

Task<> ask_twice(FakeWorld& world) {
  Task<Result<std::int64_t>> even = ask(world.a(), NodeId{1}, Port::tests, Half{8}, seconds(1));
  const Result<std::int64_t> half = co_await std::move(even);
  world.log.push_back(std::to_string(*half));
  Task<Result<std::int64_t>> odd = ask(world.a(), NodeId{1}, Port::tests, Half{7}, seconds(1));
  const Result<std::int64_t> error = co_await std::move(odd);
  world.log.push_back(error.error().detail);
}

TEST(Service, AnswersByTypeAndTellsErrors) {
  FakeWorld world;
  const Halver halver{world.b()};
  world.a().spawn(ask_twice(world));
  world.run(seconds(1));
  EXPECT_THAT(world.log, testing::ElementsAre("4", "odd"));
}

Task<> ask_for_two(FakeWorld& world, std::vector<NodeId> of, Duration limit) {
  const auto miss = [&world](NodeId node, const Error&) {
    world.log.push_back("missed " + std::to_string(index(node)));
  };
  Quorum quorum{{of}};
  const Half half{10};
  Task<Answers<std::int64_t>> asked = ask_quorum(world.a(), Port::tests, quorum, half, limit, miss);
  const Answers<std::int64_t> answers = co_await std::move(asked);
  world.log.push_back((answers.enough ? "enough: " : "not enough: ") +
                      std::to_string(answers.good.size()));
}

TEST(AskQuorum, ComesBackWithTheMajorityAndWaitsForNoMore) {
  FakeWorld world;
  const Halver a{world.a()};
  const Halver b{world.b()};
  const Halver c{world.c(), seconds(10)};
  world.a().spawn(ask_for_two(world, {NodeId{0}, NodeId{1}, NodeId{2}}, seconds(1)));
  world.run(milliseconds{100});
  EXPECT_THAT(world.log, testing::ElementsAre("enough: 2"));
  world.run(seconds(2));
  EXPECT_THAT(world.log, testing::ElementsAre("enough: 2", "missed 2"));
}

TEST(AskQuorum, SaysSoWhenTooFewAnswer) {
  FakeWorld world;
  const Halver a{world.a()};
  world.a().spawn(ask_for_two(world, {NodeId{0}, NodeId{1}, NodeId{2}}, seconds(1)));
  world.run(seconds(2));
  EXPECT_THAT(world.log, testing::ElementsAre("missed 1", "missed 2", "not enough: 1"));
}

}  // namespace
}  // namespace evenkeel::test
