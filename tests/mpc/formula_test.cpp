// What a whole computation spends against the sum of its formulas: set-up, inputs of many owners at
// once, what the function does, and the opening, under every protocol.
#include "tests/mpc/given.h"
#include "tests/mpc/recording.h"

namespace evenkeel::test {
namespace {

constexpr std::array<std::string_view, 5> functions_tried{"sum", "variance", "argmin", "sort",
                                                          "k_means_step"};

struct Meant {
  std::string function;
  std::uint32_t parties = 3;
  std::uint32_t clients = 0;
  std::size_t size = 1;

  std::string text() const {
    return fmt::format("{} of {} numbers each, {} parties, {} clients", function, size, parties,
                       clients);
  }
};

std::vector<Meant> computations(const Guarantees& promises) {
  std::vector<Meant> all;
  const std::uint32_t most = std::min(promises.most_parties, promises.fewest_parties + 3);
  for (std::uint32_t parties = promises.fewest_parties; parties <= most; ++parties)
    for (const std::string_view function : functions_tried)
      for (const std::uint32_t clients : {0U, 1U, 3U})
        for (const std::size_t size : {1U, 2U, 5U})
          all.push_back({std::string{function}, parties, clients, size});
  return all;
}

class WholeComputation : public testing::TestWithParam<std::string> {};

TEST_P(WholeComputation, CostsWhatItsPartsCostByFormula) {
  const ProtocolKind kind = kind_of_case(GetParam());
  const bool is_dear = uses_transfers(GetParam());
  std::size_t tried = 0;
  for (const Meant& meant : computations(kind.promises)) {
    const std::uint32_t owners = meant.clients > 0 ? meant.clients : meant.parties;
    const Computation computation{
        .kind = kind,
        .function = function_named(meant.function),
        .problem = {.owners = owners, .size = meant.size, .bits = 12, .fraction = 2}};
    if (reason_against(computation, meant.parties, meant.clients)) continue;
    if (is_dear && (meant.size > 1 || meant.parties > 3 || meant.function == "sort")) continue;
    if (!kind.make && meant.clients < 2) continue;  // a sum of one hides nothing
    Random random{7};
    std::vector<Numbers> all(owners);
    for (Numbers& own : all) own = computation.function->drawn(computation.problem, random);
    Table table{kind, {.parties = meant.parties, .clients = meant.clients}};
    for (const auto& got : table.compute(computation, all)) {
      ASSERT_TRUE(got) << meant.text() << ": " << got.error().detail;
    }
    Spent deepest;
    for (std::size_t seat = 0; seat < table.spent.size(); ++seat) {
      const Spent& spent = table.spent[seat];
      EXPECT_EQ(spent.sent_bytes, table.formula.sent_bytes[seat]) << meant.text() << ", " << seat;
      EXPECT_EQ(spent.offline_bytes, table.formula.offline_of(seat))
          << meant.text() << ", " << seat;
      deepest.rounds = std::max(deepest.rounds, spent.rounds);
      deepest.offline_rounds = std::max(deepest.offline_rounds, spent.offline_rounds);
      deepest.online_rounds = std::max(deepest.online_rounds, spent.online_rounds);
    }
    EXPECT_EQ(deepest.rounds, table.formula.rounds) << meant.text();
    EXPECT_EQ(deepest.offline_rounds, table.formula.offline_rounds) << meant.text();
    EXPECT_EQ(deepest.online_rounds, table.formula.online_rounds()) << meant.text();
    ++tried;
  }
  EXPECT_GT(tried, 2U);
}

std::vector<std::string> all_protocols() {
  std::vector<std::string> names;
  for (const Entry& entry : protocols().entries()) names.push_back(entry.name);
  for (const std::string protocol : {"spdz", "spdz2k"}) names.push_back(protocol + "_transfers");
  return names;
}

INSTANTIATE_TEST_SUITE_P(All, WholeComputation, testing::ValuesIn(all_protocols()),
                         protocol_name_of);

}  // namespace
}  // namespace evenkeel::test
