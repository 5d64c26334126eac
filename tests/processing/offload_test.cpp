// Offloaded jobs: real models on whatever node the balancer picks, deadlines, fall-backs, caches.
#include "models/processing/offload.h"

#include <gmock/gmock.h>

#include <set>

#include "models/processing/aggregate.h"
#include "tests/cluster_world.h"

namespace evenkeel::test {
namespace {

struct NoOracle final : LoadOracle {
  double load(ServerIndex) const override { return 0; }
};

/// Node 0 asks; nodes 1 and 2 serve; node 2 is the home of the models.
class OffloadPlay {
 public:
  explicit OffloadPlay(std::uint64_t room_bytes = 64 << 20) : world({.nodes = 3}) {
    servers.candidates = {{.name = "edge"}, {.name = "cloud", .cloud = true}};
    servers.nodes = {NodeId{1}, NodeId{2}};
    servers.everyone = {0, 1};
    servers.index_of = {ServerSet::none_such, 0, 1};
    servers.oracle = std::make_unique<NoOracle>();
    choices = {.servers = &servers, .round_trips = {seconds(0.001), seconds(0.002)}};
    settings.policy = *make_chosen<MakePolicy>(policies(), {.name = "least_loaded"});
    settings.knowledge = *make_chosen<MakeKnowledge>(knowledge(), {.name = "own"});
    for (std::uint32_t i = 0; i < 3; ++i) {
      services.push_back(nullptr);
      world.node(i).on_start([this, i, room_bytes](Node& node) {
        services[i] = std::make_unique<Service>(node, Port::jobs);
        models.push_back(std::make_unique<ModelStore>(
            node, *services[i], ModelStoreSettings{.room_bytes = room_bytes}));
        if (i == 0) {
          balancer = std::make_unique<Balancer>(node, settings, choices, 0);
          offloader = std::make_unique<Offloader>(node, *models[0]);
        } else {
          request_servers.push_back(std::make_unique<Server>(node, Server::Settings{}, group));
          job_servers.push_back(std::make_unique<JobServer>(node, *request_servers.back()));
          model_servers.push_back(
              std::make_unique<ModelServer>(node, *job_servers.back(), *models[i]));
        }
      });
    }
    world.start();
  }
  ~OffloadPlay() { world.stop(); }

  Result<OffloadAnswer> ask_for(OffloadRequest request) {
    std::optional<Result<OffloadAnswer>> answer;
    world.node(0).spawn(run(std::move(request), answer));
    world.run_for(seconds(10));
    return answer ? *answer : Result<OffloadAnswer>{Error{ErrorCode::stopped, "no answer"}};
  }

  ClusterWorld world;
  ServerSet servers;
  Choices choices;
  BalancerSettings settings;
  ServerGroup group;
  std::vector<std::unique_ptr<Service>> services;
  std::vector<std::unique_ptr<ModelStore>> models;
  std::vector<std::unique_ptr<Server>> request_servers;
  std::vector<std::unique_ptr<JobServer>> job_servers;
  std::vector<std::unique_ptr<ModelServer>> model_servers;
  std::unique_ptr<Balancer> balancer;
  std::unique_ptr<Offloader> offloader;

 private:
  Task<> run(OffloadRequest request, std::optional<Result<OffloadAnswer>>& answer) {
    Task<Result<OffloadAnswer>> running = offloader->run(*balancer, std::move(request));
    Result<OffloadAnswer> done = co_await std::move(running);
    answer.emplace(std::move(done));
  }
};

Row row_of(const std::vector<double>& values) {
  Row row;
  for (const double value : values) row.emplace_back(value);
  return row;
}

Model line() {
  const auto made = make_chosen<AggregateKind>(aggregates(), {.name = "linear_regression"})->make();
  for (const double x : {1.0, 2.0, 5.0}) made->add(row_of({x, 10 + 3 * x}));
  return {"line", 50e6, *linear_model_of(made->result())};
}

OffloadRequest request_for(const std::string& model, double x) {
  return {.model = model, .home = NodeId{2}, .input = row_of({x}), .work = 50e6};
}

TEST(Offloader, GetsWhatTheModelSaysWhereverItRan) {
  OffloadPlay play;
  ASSERT_TRUE(play.models[2]->publish(line()));
  std::set<NodeId> servers;
  for (int i = 0; i < 6; ++i) {
    const Result<OffloadAnswer> answer = play.ask_for(request_for("line", i));
    ASSERT_TRUE(answer) << answer.error().detail;
    EXPECT_FALSE(answer->fell_back);
    EXPECT_NEAR(std::get<double>(answer->output.at(0)), 10 + 3 * i, 1e-9);
    EXPECT_GE(answer->took, seconds(0.05));
    servers.insert(answer->server);
  }
  EXPECT_EQ(servers.size(), 2u);
  // Node 1 fetched it once.
  EXPECT_EQ(play.world.counts["models fetched"], 1);
}

TEST(Offloader, FallsBackInTimeWhenNobodyAnswers) {
  OffloadPlay play;
  EXPECT_TRUE(play.models[0]->publish({"small", 5e6, AnomalyModel{20, 2, 3}}));
  play.world.cut_off(1);
  play.world.cut_off(2);
  OffloadRequest request = request_for("line", 30);
  request.fallback = "small";
  const Result<OffloadAnswer> answer = play.ask_for(request);
  ASSERT_TRUE(answer) << answer.error().detail;
  EXPECT_TRUE(answer->fell_back);
  EXPECT_EQ(std::get<double>(answer->output.at(0)), 5);
  EXPECT_EQ(std::get<std::int64_t>(answer->output.at(1)), 1);
  EXPECT_LE(answer->took, seconds(1));
  EXPECT_EQ(play.world.counts["offload fall-backs"], 1);
  EXPECT_EQ(play.world.counts["offload deadlines missed"], 0);
}

TEST(Offloader, FallsBackWhenTheDeadlineWouldBeMissed) {
  OffloadPlay play;
  Model slow = line();
  slow.work = 5e9;
  EXPECT_TRUE(play.models[2]->publish(slow));
  EXPECT_TRUE(play.models[0]->publish({"small", 5e6, LinearModel{1, {1}}}));
  OffloadRequest request = request_for("line", 2);
  request.fallback = "small";
  request.deadline = seconds(0.5);
  const Result<OffloadAnswer> answer = play.ask_for(request);
  ASSERT_TRUE(answer);
  EXPECT_TRUE(answer->fell_back);
  EXPECT_LE(answer->took, seconds(0.5));
}

TEST(Offloader, SaysSoWithoutAFallBack) {
  OffloadPlay play;
  play.world.cut_off(1);
  play.world.cut_off(2);
  const Result<OffloadAnswer> answer = play.ask_for(request_for("line", 1));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::timeout);
}

TEST(Offloader, TellsWhatIsWrongWithARequest) {
  OffloadPlay play;
  EXPECT_TRUE(play.models[2]->publish(line()));
  OffloadRequest wrong = request_for("line", 1);
  wrong.input = row_of({1, 2});
  EXPECT_THAT(play.ask_for(wrong).error().detail, testing::HasSubstr("takes 1 numbers"));
  EXPECT_EQ(play.ask_for(request_for("nothing", 1)).error().code, ErrorCode::not_found);
}

TEST(ModelStore, KeepsWhatItFetchesWithinItsRoom) {
  OffloadPlay play{3000};
  for (const char* name : {"a", "b", "c", "d", "e"})
    EXPECT_TRUE(play.models[2]->publish({name, 1e6, SyntheticModel{Blob(1000)}}));
  EXPECT_TRUE(play.models[2]->publish({"huge", 1e6, SyntheticModel{Blob(10'000)}}));
  play.world.cut_off(1, false);
  for (int round = 0; round < 4; ++round)
    for (const char* name : {"a", "b", "c", "d", "e"})
      ASSERT_TRUE(play.ask_for(request_for(name, 1)));
  EXPECT_GT(play.world.counts["models evicted"], 0);
  EXPECT_LE(play.models[1]->cached_bytes(), 3000u);
  int full = 0;
  for (int i = 0; i < 4; ++i) {
    const Result<OffloadAnswer> answer = play.ask_for(request_for("huge", 1));
    if (!answer && answer.error().code == ErrorCode::full) ++full;
  }
  EXPECT_GT(full, 0);  // where it is not at home
}

TEST(ModelServer, SurvivesHostileBodies) {
  OffloadPlay play;
  EXPECT_TRUE(play.models[2]->publish(line()));
  Random random{5};
  for (int i = 0; i < 300; ++i) {
    Blob body(1 + random.below(60));
    for (std::byte& one : body) one = static_cast<std::byte>(random.below(256));
    const Request request{.work = 1, .body = body};
    Payload payload;
    append(payload.bytes, true, std::uint64_t{i + 1U});
    Payload encoded_request = encode(request, 0);
    if (random.chance(0.3))
      encoded_request.bytes.resize(random.below(encoded_request.bytes.size()));
    payload.bytes.insert(payload.bytes.end(), encoded_request.bytes.begin(),
                         encoded_request.bytes.end());
    play.world.node(0).send(NodeId{1}, Port::requests, std::move(payload));
  }
  play.world.run_for(seconds(5));
  EXPECT_TRUE(play.ask_for(request_for("line", 1)));
}

TEST(Model, IsMadeOfWhatAggregatesSay) {
  const auto centres =
      make_chosen<AggregateKind>(aggregates(), {.name = "k_means", .numbers = {{"k", 2}}})->make();
  for (const double x : {0.0, 1.0, 10.0, 11.0}) centres->add(row_of({x}));
  const Result<CentresModel> two = centres_model_of(centres->result(), 1);
  ASSERT_TRUE(two);
  const Result<Row> nearest = infer({"two", 1, *two}, row_of({9}));
  ASSERT_TRUE(nearest);
  EXPECT_EQ(std::get<std::int64_t>(nearest->at(0)), 1);
  EXPECT_DOUBLE_EQ(std::get<double>(nearest->at(1)), 1.5);
  const auto variance = make_chosen<AggregateKind>(aggregates(), {.name = "variance"})->make();
  EXPECT_FALSE(anomaly_model_of(variance->result(), 3));
  for (const double x : {1.0, 3.0}) variance->add(row_of({x}));
  const Result<AnomalyModel> anomaly = anomaly_model_of(variance->result(), 3);
  ASSERT_TRUE(anomaly);
  EXPECT_EQ(anomaly->mean, 2);
}

}  // namespace
}  // namespace evenkeel::test
