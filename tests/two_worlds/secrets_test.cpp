// Secrets kept over three nodes, in virtual time and on sockets.
#include "models/storage/secrets/secret_keeping.h"
#include "models/storage/secrets/secret_upkeep.h"
#include "tests/two_worlds/worlds.h"

namespace evenkeel::test {
namespace {

SecretSettings three_keepers() {  // however slow the machine is
  return {.keepers = {a, b, c}, .threshold = 1, .refresh = seconds(1), .timeout = seconds(5)};
}

Task<> keep_shares(Node& node) {
  const SecretSettings settings = three_keepers();
  ShareKeeper keeper{node, settings};
  SecretUpkeep upkeep{keeper};
  co_await node.sleep(seconds(1000));
}

Task<> put_refresh_and_get(Node& node, Notes& notes) {
  const SecretSettings settings = three_keepers();
  ShareKeeper keeper{node, settings};
  SecretUpkeep upkeep{keeper};
  SecretKeeping secrets{node, settings};
  co_await node.sleep(milliseconds{300});
  const std::span<const std::byte> content = bytes_of("a key of the vault");
  SecretBytes secret{content.begin(), content.end()};
  Task<Result<Done>> putting = secrets.put("key", std::move(secret));
  const Result<Done> put = co_await std::move(putting);
  notes.add(put ? "put" : put.error().detail);
  Task<Result<Done>> refreshing = upkeep.refresh("key");
  const Result<Done> refreshed = co_await std::move(refreshing);
  notes.add(refreshed ? "refreshed" : refreshed.error().detail);
  Task<Result<SecretBytes>> getting = secrets.get("key");
  const Result<SecretBytes> got = co_await std::move(getting);
  notes.add(got ? evenkeel::text_of(*got) : got.error().detail);
  co_await node.sleep(seconds(1000));
}

TEST_P(TwoWorlds, SecretsAreKeptRefreshedAndComeBack) {
  in_world([this] {
    Notes notes;
    play({.boots = {{a, [&](Node& node) { node.spawn(keep_shares(node)); }},
                    {b, [&](Node& node) { node.spawn(keep_shares(node)); }},
                    {c, [&](Node& node) { node.spawn(put_refresh_and_get(node, notes)); }}},
          .length = seconds(4)});
    EXPECT_THAT(notes.all(), testing::ElementsAre("put", "refreshed", "a key of the vault"));
  });
}

}  // namespace
}  // namespace evenkeel::test
