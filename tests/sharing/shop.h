// A small world for tests of grants: node 0 is the owner's home, nodes 1 and up serve its data,
// each of another party.
#pragma once

#include "models/sharing/grants.h"
#include "tests/cluster_world.h"

namespace evenkeel::test {

struct ShopSettings {
  ClusterWorld::Settings world = {};
  bool ignores_lease = false;
  std::uint32_t homes = 1;   // nodes 0 .. homes - 1 are the owner's
  bool with_clocks = false;  // which run too fast or too slow by 1 %
};

struct Shop {
  explicit Shop(const ShopSettings& its_settings) : settings(its_settings), world(settings.world) {
    Random drawn{3};
    const PartyKeys owner_keys = PartyKeys::draw(drawn);
    std::vector<NodeId> homes;
    for (std::uint32_t i = 0; i < world.size(); ++i) {
      everyone.push_back(NodeId{i});
      if (i < settings.homes) homes.push_back(NodeId{i});
      keys.push_back(i < settings.homes ? owner_keys : PartyKeys::draw(drawn));
    }
    std::vector<Party> parties = {owner_keys.party("owner", homes)};
    for (std::uint32_t i = settings.homes; i < world.size(); ++i)
      parties.push_back(keys[i].party("server" + std::to_string(i), {NodeId{i}}));
    directory = PartyDirectory{parties};
    desks.resize(world.size());
    for (std::uint32_t i = 0; i < world.size(); ++i)
      world.node(i).on_start([this, i](Node& node) {
        desks[i].reset();
        desks[i] = std::make_unique<Desk>(*this, node, i);
      });
    world.start();
  }

  struct Desk {
    Desk(Shop& shop, Node& node, std::uint32_t i)
        : service(node, Port::sharing),
          clock(node),
          audit(node, service, shop.keys[i], clock, {}),
          leases(node, service, shop.keys[i], shop.directory,
                 {.peers = shop.everyone,
                  .clock_rate = !shop.settings.with_clocks ? 1
                                : i % 2 == 0               ? 1.01
                                                           : 0.99,
                  .ignores_lease = shop.settings.ignores_lease}),
          guard(node, shop.keys[i], leases, audit, {}) {}
    Service service;
    HybridClock clock;
    AuditTrail audit;
    Leases leases;
    GrantGuard guard;
  };

  const SigningKey& owner() const { return keys[0].signing; }
  Token issue(const Caveats& caveats = {}) { return *issue_token(owner(), caveats, random); }
  std::int64_t wall_ms(std::uint32_t i) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(world.node(i).wall_clock())
        .count();
  }
  Presentation shown(const Token* token, const SigningKey& by, std::uint32_t server,
                     GrantRequest request = {.resource = "data"}) {
    return present(token, by, std::move(request), NodeId{server}, wall_ms(server), random);
  }
  // What node `server` makes of the request.
  Result<AdmittedGrant> ask_for(std::uint32_t server, Presentation presentation,
                                GrantPiece piece = {.bytes = 100}) {
    std::optional<Result<AdmittedGrant>> answer;
    world.node(server).spawn(
        asking(desks[server]->guard, std::move(presentation), owner().public_key(), piece, answer));
    world.run_for(seconds(2));
    return answer ? *answer : Error{ErrorCode::timeout, "no answer"};
  }
  static Task<> asking(GrantGuard& guard, Presentation presentation, PublicKey owner,
                       GrantPiece piece, std::optional<Result<AdmittedGrant>>& answer) {
    Task<Result<AdmittedGrant>> task = guard.admit_and_serve(std::move(presentation), owner, piece);
    answer = co_await std::move(task);
  }
  void revoke(const Token& token) {
    world.node(0).spawn(revoking(world, desks[0]->leases, token.blocks.back().signature, revoked));
  }
  static Task<> revoking(ClusterWorld& world, Leases& leases, Signature block,
                         std::optional<Time>& revoked) {
    while (!revoked) {
      Task<Result<Done>> task = leases.revoke(block, 3'600'000);
      const Result<Done> done = co_await std::move(task);
      if (done) revoked = world.now();
    }
  }
  void crash(std::uint32_t i) { world.crash(i); }

  ShopSettings settings;
  std::vector<PartyKeys> keys;
  std::vector<NodeId> everyone;
  PartyDirectory directory;
  Random random{8};
  std::optional<Time> revoked;  // when it was acknowledged
  std::vector<std::unique_ptr<Desk>> desks;
  ClusterWorld world;  // last: its tasks use all the rest
};

}  // namespace evenkeel::test
