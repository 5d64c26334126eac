// The same deal in every world: a data set is published, found, agreed on and served, until the
// agreement is retired.
#include "models/sharing/sharing.h"
#include "tests/two_worlds/worlds.h"

namespace evenkeel::test {
namespace {

struct Deal {
  Deal() {
    Random random{6};
    for (std::uint32_t i = 0; i < 3; ++i) keys.push_back(PartyKeys::draw(random));
    directory = PartyDirectory{
        {keys[0].party("seller", {a}), keys[1].party("host", {b}), keys[2].party("buyer", {c})}};
  }
  SharingSettings settings() const {
    SharingSettings result;
    result.audit = {.witnesses = {a, b, c}, .every = seconds(0.3)};
    result.catalogue.peers = result.leases.peers = {a, b, c};
    result.catalogue.compare_every = seconds(0.2);
    result.contracts.every = seconds(0.3);
    return result;
  }
  std::vector<PartyKeys> keys;
  PartyDirectory directory;
  std::array<std::unique_ptr<Sharing>, 3> parts;
  Notes notes;
};

// What the host answers to whoever shows a token.
struct ReadFilm {
  static constexpr std::uint16_t tag = 1;
  using Answer = std::string;
  Presentation shown = {};
  template <class Visitor>
  void fields(Visitor& visit) {
    visit(shown);
  }
};

struct Host {
  Host(Node& node, Deal& its_deal) : deal(its_deal), service(node, Port::tests) {
    service.on(&Host::read, *this);
  }
  Task<Result<std::string>> read(NodeId, ReadFilm question) {
    const PublicKey owner = deal.keys[0].signing.public_key();
    Task<Result<AdmittedGrant>> serving =
        deal.parts[1]->guard.admit_and_serve(std::move(question.shown), owner, {.bytes = 4});
    const Result<AdmittedGrant> served = co_await std::move(serving);
    if (!served) co_return served.error();
    co_return std::string{"film"};
  }
  Deal& deal;
  Service service;
};

Task<> sell(Node& node, Deal& deal) {
  CatalogueFields fields{{"title", "a film"}};
  Task<Result<Done>> publishing = deal.parts[0]->catalogue.publish("film", std::move(fields));
  const Result<Done> published = co_await std::move(publishing);
  if (!published) deal.notes.add("not published");
  co_await node.sleep_until(seconds(3));
  const std::vector<std::uint64_t> agreements = deal.parts[0]->contracts.agreements();
  if (agreements.size() != 1) co_return deal.notes.add("no agreement");
  Task<Result<Done>> retiring = deal.parts[0]->contracts.retire(agreements.front());
  const Result<Done> retired = co_await std::move(retiring);
  deal.notes.add(retired ? "retired" : "not retired");
}

Task<> buy(Node& node, Deal& deal) {
  Sharing& here = *deal.parts[2];
  while (here.catalogue.search("a film").empty()) co_await node.sleep(seconds(0.05));
  Task<Result<std::uint64_t>> asking = here.contracts.request(a, "film", {});
  const Result<std::uint64_t> agreement = co_await std::move(asking);
  while (here.contracts.find(*agreement)->state() != ContractState::finalized)
    co_await node.sleep(seconds(0.05));
  Task<Result<std::uint64_t>> opening = here.contracts.request_transfer(*agreement);
  const Result<std::uint64_t> transfer = co_await std::move(opening);
  while (!here.contracts.token_of(*transfer)) co_await node.sleep(seconds(0.05));
  const Token token = *here.contracts.token_of(*transfer);
  for (const double at_s : {1.0, 5.0}) {
    co_await node.sleep_until(seconds(at_s));
    const auto wall = std::chrono::duration_cast<std::chrono::milliseconds>(node.wall_clock());
    ReadFilm question;
    question.shown =
        present(&token, deal.keys[2].signing, {.resource = "film"}, b, wall.count(), node.random());
    Task<Result<std::string>> reading = ask(node, b, Port::tests, question, seconds(1));
    const Result<std::string> film = co_await std::move(reading);
    deal.notes.add(film ? *film : film.error().detail);
  }
}

TEST_P(TwoWorlds, ADataSetIsFoundAgreedOnServedAndTakenBack) {
  in_world([this] {
    Deal deal;
    std::unique_ptr<Host> host;
    const auto boot = [&](Node& node) {
      deal.parts[index(node.id())] = std::make_unique<Sharing>(node, deal.keys[index(node.id())],
                                                               deal.directory, deal.settings());
    };
    play({.boots = {{a,
                     [&](Node& node) {
                       boot(node);
                       node.spawn(sell(node, deal));
                     }},
                    {b,
                     [&](Node& node) {
                       boot(node);
                       host = std::make_unique<Host>(node, deal);
                     }},
                    {c,
                     [&](Node& node) {
                       boot(node);
                       node.spawn(buy(node, deal));
                     }}},
          .length = seconds(6)});
    EXPECT_THAT(deal.notes.all(),
                testing::ElementsAre("film", "retired", testing::StartsWith("revoked: ")));
  });
}

INSTANTIATE_TEST_SUITE_P(Sharing, TwoWorlds, every_world, name_of);

}  // namespace
}  // namespace evenkeel::test
