// A client that reads from two servers.
#include "models/mpc/tools/private_retrieval.h"

#include <gtest/gtest.h>

#include <bit>
#include <optional>

#include "models/mpc/tools/prg.h"
#include "tests/cluster_world.h"

namespace evenkeel::test {
namespace {

using Shape = PrivateRetrieval::Shape;

struct Library {
  Shape shape;
  SecretBytes database = {};
  std::vector<std::size_t> places = {};
  std::array<std::optional<Result<SecretBytes>>, 3> got = {};
  std::array<Spent, 3> spent = {};
};

Task<SecretBytes> part(Session& session, const Library& library) {
  PrivateRetrieval retrieval{session, library.shape};
  SecretBytes read;
  if (session.is_party()) {
    co_await retrieval.answer(library.database, library.places.size());
  } else {
    read = co_await retrieval.ask(library.places);
  }
  co_return read;
}

Task<> sit(Node& node, Seat self, Library& library) {
  Sessions sessions{node};
  Session session{sessions,
                  {.id = 9,
                   .seats = {NodeId{0}, NodeId{1}, NodeId{2}},
                   .self = self,
                   .parties = 2,
                   .patience = seconds(1)}};
  Task<SecretBytes> body = part(session, library);
  Task<Result<SecretBytes>> running = session.run(std::move(body));
  library.got[self] = co_await std::move(running);
  library.spent[self] = session.spent();
}

void read(Library& library, ClusterWorld& world) {
  if (library.database.empty()) {
    Random random{5};
    Prg prg{draw_prg_key(random)};
    library.database.resize(library.shape.records * library.shape.record_bytes);
    prg.fill(library.database);
  }
  for (Seat seat = 0; seat < 3; ++seat)
    world.node(seat).on_start([seat, &library](Node& node) {
      Task<> task = sit(node, seat, library);
      node.spawn(std::move(task));
    });
  world.start();
  world.run_for(seconds(100));
  world.stop();
}

TEST(PrivateRetrieval, ReadsTheRecordsAskedForInTwoRoundsAndAsManyBytesAsItSays) {
  struct Row {
    Shape shape;
    std::size_t query_bytes;
  };
  for (const Row& row : {Row{{1, 3}, 32}, Row{{128, 8}, 32}, Row{{129, 5}, 32 + 16 + 1},
                         Row{{1000, 32}, 32 + 3 * 16 + 1}, Row{{70'000, 16}, 32 + 10 * 16 + 3}}) {
    Library library{.shape = row.shape};
    const std::size_t last = row.shape.records - 1;
    library.places = {0, last, last / 2, last / 3};
    ClusterWorld world{{.nodes = 3}};
    read(library, world);
    ASSERT_TRUE(*library.got[2]) << library.got[2]->error().detail;
    const SecretBytes& records = **library.got[2];
    const std::size_t size = row.shape.record_bytes;
    ASSERT_EQ(records.size(), 4 * size);
    for (std::size_t i = 0; i < 4; ++i)
      for (std::size_t k = 0; k < size; ++k)
        EXPECT_EQ(records[i * size + k], library.database[library.places[i] * size + k]);
    EXPECT_EQ(library.spent[2].sent_bytes, 4 * 2 * row.query_bytes);
    EXPECT_EQ(library.spent[0].sent_bytes, 4 * size);
    EXPECT_EQ(library.spent[1].sent_bytes, 4 * size);
    EXPECT_EQ(library.spent[2].rounds, 2U);
  }
}

TEST(PrivateRetrieval, RefusesAQuestionOfAnotherLength) {
  Library library{.shape = {1000, 8}, .places = {7}};
  ClusterWorld world{{.nodes = 3}};
  world.changes = [](Message& message) {
    if (message.from == NodeId{2} && message.to == NodeId{1}) message.payload.bytes.pop_back();
  };
  read(library, world);
  ASSERT_FALSE(*library.got[1]);
  EXPECT_EQ(library.got[1]->error().code, ErrorCode::malformed);
  ASSERT_FALSE(*library.got[2]);
  EXPECT_EQ(library.got[2]->error().code, ErrorCode::timeout);
}

TEST(PrivateRetrieval, AsksEachServerForWhatSelectsAboutHalfOfAllRecords) {
  // The records are unit vectors, so that an answer shows what was selected.
  Library library{.shape = {512, 64}, .places = {100}};
  library.database.assign(std::size_t{512} * 64, std::byte{0});
  for (std::size_t i = 0; i < 512; ++i)
    library.database[i * 64 + i / 8] = static_cast<std::byte>(1U << i % 8);
  ClusterWorld world{{.nodes = 3}};
  Bytes answer;
  world.changes = [&](Message& message) {
    if (message.from == NodeId{0}) answer = message.payload.bytes;
  };
  read(library, world);
  int ones = 0;
  for (std::size_t i = Session::header_bytes; i < answer.size(); ++i)
    ones += std::popcount(std::to_integer<unsigned>(answer[i]));
  EXPECT_NEAR(ones, 256, 5 * 11);
}

}  // namespace
}  // namespace evenkeel::test
