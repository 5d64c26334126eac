#include "models/sharing/contracts.h"

#include <gmock/gmock.h>

#include "tests/sharing/shop.h"

namespace evenkeel::test {
namespace {

using S = ContractState;

struct Sides {
  Random keys{2};
  SigningKey consumer_key = SigningKey::draw(keys);
  SigningKey provider_key = SigningKey::draw(keys);
  ContractSide consumer, provider;
  explicit Sides(ContractKind kind)
      : consumer(kind, ContractRole::consumer, consumer_key.public_key(),
                 provider_key.public_key()),
        provider(kind, ContractRole::provider, provider_key.public_key(),
                 consumer_key.public_key()) {}
};

// Messages and answers are lost, doubled, late and out of order; both sides try whatever step.
void play_at_random(ContractKind kind, std::uint64_t seed, std::set<S>& reached) {
  Random random{seed};
  Sides sides{kind};
  struct Flight {
    bool to_provider;
    ContractMessage message;
    bool is_answer = false;
    bool taken = false;
    std::optional<ContractMessage> instead = {};
  };
  std::vector<Flight> flights;
  for (int event = 0; event < 60; ++event) {
    const bool is_provider = random.chance(0.5);
    ContractSide& self = is_provider ? sides.provider : sides.consumer;
    const SigningKey& key = is_provider ? sides.provider_key : sides.consumer_key;
    if (random.chance(0.3)) {
      ContractMessage message{.process = 9, .to = static_cast<S>(1 + random.below(10))};
      if (message.to != S::terminated || random.chance(0.2))
        static_cast<void>(self.begin(message, key).has_value());
    }
    if (self.pending() && random.chance(0.7)) flights.push_back({!is_provider, *self.pending()});
    if (flights.empty()) continue;
    const auto chosen = flights.begin() + static_cast<std::ptrdiff_t>(random.below(flights.size()));
    const Flight flight = *chosen;
    if (random.chance(0.7)) flights.erase(chosen);  // else it comes again
    if (random.chance(0.2)) continue;               // lost
    ContractSide& to = flight.to_provider ? sides.provider : sides.consumer;
    if (flight.is_answer) {
      if (flight.taken) to.acknowledged(flight.message);
      if (flight.instead) static_cast<void>(to.overruled(*flight.instead).has_value());
    } else {
      Flight answer{!flight.to_provider, flight.message, true};
      const Result<Done> heard = to.heard(flight.message);
      answer.taken = heard.has_value();
      if (const ContractMessage* mine = to.at(flight.message.step); !heard && mine != nullptr)
        answer.instead = *mine;
      flights.push_back(answer);
    }
    ASSERT_TRUE(are_compatible(sides.consumer, sides.provider)) << "seed " << seed;
    if (sides.consumer.state() == sides.provider.state()) reached.insert(sides.consumer.state());
  }
  // When nothing is lost any more, what is under way is settled.
  for (int round = 0; round < 10; ++round)
    for (ContractSide* self : {&sides.consumer, &sides.provider}) {
      ContractSide& other = self == &sides.consumer ? sides.provider : sides.consumer;
      if (!self->pending()) continue;
      const ContractMessage message = *self->pending();
      if (other.heard(message)) {
        self->acknowledged(message);
      } else if (const ContractMessage* instead = other.at(message.step)) {
        static_cast<void>(self->overruled(*instead).has_value());
      }
    }
  ASSERT_EQ(sides.consumer.log(), sides.provider.log()) << "seed " << seed;
}

TEST(Contract, BothSidesAreNeverInIncompatibleStatesWhateverIsLost) {
  std::set<S> negotiated, transferred;
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    play_at_random(ContractKind::negotiation, seed, negotiated);
    play_at_random(ContractKind::transfer, seed, transferred);
  }
  for (const S state : {S::requested, S::offered, S::accepted, S::agreed, S::terminated})
    EXPECT_TRUE(negotiated.contains(state)) << to_string(state);
  for (const S state : {S::requested, S::started, S::suspended, S::completed, S::terminated})
    EXPECT_TRUE(transferred.contains(state)) << to_string(state);
}

TEST(Contract, EndsStayEndsAndOnlyWhoseTurnItIsMoves) {
  for (const S end : {S::finalized, S::completed, S::terminated})
    for (int to = 0; to < contract_states; ++to)
      for (const auto kind : {ContractKind::negotiation, ContractKind::transfer})
        EXPECT_FALSE(may_move(kind, end, ContractRole::provider, static_cast<S>(to)));
  EXPECT_FALSE(
      may_move(ContractKind::negotiation, S::offered, ContractRole::provider, S::accepted));
  EXPECT_TRUE(may_move(ContractKind::negotiation, S::offered, ContractRole::consumer, S::accepted));
}

TEST(Contract, RefusesForgedSteps) {
  Sides sides{ContractKind::negotiation};
  ContractMessage message =
      *sides.consumer.begin({.process = 1, .to = S::requested}, sides.consumer_key);
  message.data_set = "other";
  EXPECT_EQ(sides.provider.heard(message).error().code, ErrorCode::denied);
  message.sign(SigningKey::draw(sides.keys));
  EXPECT_EQ(sides.provider.heard(message).error().code, ErrorCode::denied);
}

// Node 0 provides, node 1 consumes.
struct Notary {
  explicit Notary(ClusterWorld::Settings settings) : shop({.world = settings}) {
    for (std::uint32_t i = 0; i < shop.world.size(); ++i) start(i);
  }
  void start(std::uint32_t i) {
    parties[i] = std::make_unique<Contracts>(shop.world.node(i), shop.desks[i]->service,
                                             shop.keys[i], shop.directory, shop.desks[i]->leases);
  }
  void restart(std::uint32_t i) {
    shop.crash(i);
    parties[i].reset();
    shop.world.restart(i);
    start(i);
  }
  template <class T>
  T result_of(Task<Result<T>> task) {
    std::optional<Result<T>> result;
    shop.world.node(0).spawn(waiting<T>(std::move(task), result));
    for (int i = 0; i < 100 && !result; ++i) shop.world.run_for(seconds(0.1));
    EXPECT_TRUE(result && *result);
    return result && *result ? **result : T{};
  }
  template <class T>
  static Task<> waiting(Task<Result<T>> task, std::optional<Result<T>>& result) {
    result = co_await std::move(task);
  }
  S state(std::uint32_t i, std::uint64_t number) {
    const ContractSide* side = parties[i]->find(number);
    return side == nullptr ? S::none : side->state();
  }
  Shop shop;
  std::array<std::unique_ptr<Contracts>, 3> parties;
};

TEST(Contracts, AnAgreementGivesATokenAndItsEndTakesItAwayAndSuspendsTransfers) {
  Notary notary{{}};
  const std::uint64_t agreement =
      notary.result_of(notary.parties[1]->request(NodeId{0}, "film", {.purpose = "fun"}));
  notary.shop.world.run_for(seconds(2));
  EXPECT_EQ(notary.state(0, agreement), S::finalized);
  EXPECT_EQ(notary.state(1, agreement), S::finalized);
  const std::uint64_t transfer = notary.result_of(notary.parties[1]->request_transfer(agreement));
  notary.shop.world.run_for(seconds(2));
  EXPECT_EQ(notary.state(1, transfer), S::started);
  const std::optional<Token> token = notary.parties[1]->token_of(transfer);
  ASSERT_TRUE(token);
  const SigningKey& consumer = notary.shop.keys[1].signing;
  const auto ask = [&](const std::string& resource) {
    return notary.shop.ask_for(
        2, notary.shop.shown(&*token, consumer, 2, {.resource = resource, .purpose = "fun"}));
  };
  EXPECT_TRUE(ask("film/1"));
  EXPECT_FALSE(ask("diary"));
  notary.result_of(notary.parties[0]->retire(agreement));
  notary.shop.world.run_for(seconds(12));
  EXPECT_FALSE(ask("film/1"));
  EXPECT_EQ(notary.state(0, transfer), S::suspended);
  EXPECT_EQ(notary.state(1, transfer), S::suspended);
}

TEST(Contracts, BothSidesEndAlikeThroughLossesAndCrashes) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Notary notary{{.seed = seed, .loss = 0.3, .duplication = 0.3}};
    const std::uint64_t agreement =
        notary.result_of(notary.parties[1]->request(NodeId{0}, "film", {}));
    for (int i = 0; i < 4; ++i) {
      notary.shop.world.run_for(seconds(1));
      notary.restart(static_cast<std::uint32_t>((seed + static_cast<std::uint64_t>(i)) % 2));
    }
    notary.shop.world.run_for(seconds(120));
    ASSERT_EQ(notary.state(0, agreement), S::finalized) << "seed " << seed;
    ASSERT_EQ(notary.state(1, agreement), S::finalized) << "seed " << seed;
  }
}

}  // namespace
}  // namespace evenkeel::test
