// What every protocol must do, whoever wrote it: right results, exactly the bytes and rounds of its
// formula, and an end when a seat is silent or talks nonsense.
#include <limits>

#include "tests/mpc/given.h"

namespace evenkeel::test {
namespace {

std::vector<std::string> names() {
  std::vector<std::string> all;
  for (const Entry& entry : protocols().entries())
    if (protocol_named(entry.name).make) all.push_back(entry.name);  // others only add up
  return all;
}

struct Case {
  std::string protocol;
  std::uint32_t parties = 0;
  Given::Values settings = {};
  std::size_t most = 1000;  // elements that are tried at once
};

std::vector<Case> cases() {
  std::vector<Case> all;
  for (const std::string& name : names()) {
    const Guarantees promises = protocol_named(name).promises;
    const std::uint32_t most = std::min(promises.most_parties, promises.fewest_parties + 4);
    for (std::uint32_t n = std::max(promises.fewest_parties, 2U); n <= most; n += 2)
      all.push_back({name, n, {}});
  }
  for (const std::uint32_t n : {3U, 4U, 6U, 9U}) {
    for (const std::string openings : {"king", "ring", "tree"})
      all.push_back({"additive", n, {{"openings", openings}}});
    all.push_back({"shamir", n, {{"openings", "king"}}});
  }
  for (const std::string name : {"spdz", "spdz2k"}) {
    for (const std::uint32_t n : {2U, 3U})
      all.push_back({name, n, {{"offline", std::string{"transfers"}}}, n == 2 ? 65U : 3U});
    for (const std::uint32_t n : {3U, 5U})
      all.push_back({name, n, {{"offline", std::string{"modelled"}}}});
    for (const std::string openings : {"king", "ring", "tree"})
      all.push_back({name, 5, {{"openings", openings}}});
  }
  all.push_back(
      {"spdz", 4, {{"offline", std::string{"transfers"}}, {"openings", std::string{"king"}}}, 2});
  return all;
}

std::string name_of(const testing::TestParamInfo<Case>& info) {
  std::string settings;
  for (const auto& [name, value] : info.param.settings)
    settings += "_" + std::get<std::string>(value);
  return info.param.protocol + settings + "_of_" + std::to_string(info.param.parties);
}

class ProtocolContract : public testing::TestWithParam<Case> {
 protected:
  Guarantees promises() const {
    return protocol_with(GetParam().protocol, GetParam().settings).promises;
  }
  Table table(std::uint32_t clients = 0, std::uint64_t seed = 1) const {
    return Table{protocol_with(GetParam().protocol, GetParam().settings),
                 {.parties = GetParam().parties,
                  .clients = clients,
                  .seed = seed,
                  .patience = seconds(10)}};  // a dealer waits while others are charged for much
  }
  // All parties open the same; clients get nothing.
  void expect_opened(const std::vector<Result<Values>>& got, const Values& right) const {
    for (Seat i = 0; i < GetParam().parties; ++i) {
      ASSERT_TRUE(got[i]) << got[i].error().detail;
      EXPECT_EQ(*got[i], right) << "seat " << i;
    }
  }
};

Task<std::vector<Secrets>> enter(Protocol& p, const Sample& sample) {
  const Values& mine = p.session().self() == 0 ? sample.a : sample.b;
  std::vector<Secrets> entered = co_await p.inputs(sample.owners, mine, sample.count);
  co_return entered;
}

Task<Values> open_products(Protocol& p, const Sample& sample) {
  const std::vector<Secrets> entered = co_await enter(p, sample);
  const Secrets product = co_await p.multiply(entered[0], entered[1]);
  Values opened = co_await p.open(product);
  co_return opened;
}

Task<Values> open_dots(Protocol& p, const Sample& sample) {
  const std::vector<Secrets> entered = co_await enter(p, sample);
  const Secrets product = co_await p.dot(entered[0], entered[1], sample.length);
  Values opened = co_await p.open(product);
  co_return opened;
}

Task<Values> open_less(Protocol& p, const Sample& sample) {
  const std::vector<Secrets> entered = co_await enter(p, sample);
  const Secrets is_less = co_await p.less(entered[0], entered[1], sample.bits);
  Values opened = co_await p.open(is_less);
  co_return opened;
}

Task<Values> open_linear(Protocol& p, const Sample& sample) {
  const std::vector<Secrets> entered = co_await enter(p, sample);
  // 3 a - 2 b + 7
  Secrets mixed = p.subtract(p.scale(entered[0], 3), p.scale(entered[1], 2));
  mixed = p.add(std::move(mixed), p.constant(7, sample.count));
  Values opened = co_await p.open(mixed);
  co_return opened;
}

// What one operation cost this seat: bytes in all and offline, and how deep it was before and after
// by all messages, by offline and by online ones.
Task<Values> pay_for(Protocol& p, const Sample& sample) {
  const SecureOperation& operation = sample.operation;
  using Kind = SecureOperation::Kind;
  const std::size_t length = operation.kind == Kind::dot ? operation.length : 1;
  Secrets secrets{operation.count * length, {}};
  if (operation.kind != Kind::input && operation.kind != Kind::set_up)
    secrets = p.session().is_party() ? p.constant(3, operation.count * length) : std::move(secrets);
  const Spent before = operation.kind == Kind::set_up ? Spent{} : p.session().spent();
  const Values mine(p.session().self() == operation.who ? operation.count : 0, 5);
  const std::vector<Seat> owner{operation.who};
  if (operation.kind == Kind::input) {
    const std::vector<Secrets> entered = co_await p.inputs(owner, mine, operation.count);
  } else if (operation.kind == Kind::reveal) {
    const Values revealed = co_await p.reveal(operation.who, secrets);
  } else if (p.session().is_party()) {
    if (operation.kind == Kind::multiply) secrets = co_await p.multiply(secrets, secrets);
    if (operation.kind == Kind::dot) secrets = co_await p.dot(secrets, secrets, length);
    if (operation.kind == Kind::compare)
      secrets = co_await p.less(secrets, secrets, operation.bits);
    if (operation.kind == Kind::random) secrets = co_await p.random(operation.count);
    if (operation.kind == Kind::open) const Values opened = co_await p.open(secrets);
  }
  const Spent& after = p.session().spent();
  co_return Values{static_cast<std::int64_t>(after.sent_bytes - before.sent_bytes),
                   static_cast<std::int64_t>(after.offline_bytes - before.offline_bytes),
                   before.rounds,
                   after.rounds,
                   before.offline_rounds,
                   after.offline_rounds,
                   before.online_rounds,
                   after.online_rounds};
}

// Only for its formulas.
Task<Values> formula(Protocol& p, const Sample& sample) {
  const Cost cost = p.cost(sample.operation);
  Values values{cost.rounds, cost.offline_rounds, cost.online_rounds()};
  for (Seat seat = 0; seat < p.session().seats(); ++seat) {
    values.push_back(static_cast<std::int64_t>(cost.sent_bytes[seat]));
    values.push_back(static_cast<std::int64_t>(cost.offline_of(seat)));
  }
  co_return values;
}

// How deep the parties were before and after, which `at` says where to find, against so many
// rounds.
void expect_rounds(const std::vector<Result<Values>>& paid, std::size_t parties, std::size_t at,
                   std::int64_t rounds, const std::string& which) {
  std::int64_t deepest_before = 0;
  std::int64_t deepest_after = 0;
  std::int64_t shallowest_before = std::numeric_limits<std::int64_t>::max();
  for (const Result<Values>& seat : paid) {
    deepest_before = std::max(deepest_before, (*seat)[at]);
    deepest_after = std::max(deepest_after, (*seat)[at + 1]);
  }
  // The set-up may leave parties one apart; a dealer waits for nothing.
  for (std::size_t seat = 0; seat < parties; ++seat)
    if ((*paid[seat])[at] + 1 >= deepest_before)
      shallowest_before = std::min(shallowest_before, (*paid[seat])[at]);
  EXPECT_LE(deepest_after, deepest_before + rounds) << which;
  EXPECT_GE(deepest_after, shallowest_before + rounds) << which;
}

Sample two_inputs(std::size_t count, int bits, std::uint64_t seed) {
  return {.a = some_numbers(count, bits, seed),
          .b = some_numbers(count, bits, seed + 1),
          .count = count,
          .owners = {0, 1}};
}

TEST_P(ProtocolContract, AddsAndScalesWithoutAMessage) {
  const Sample sample = two_inputs(100, 40, 1);
  Values right(sample.count);
  for (std::size_t i = 0; i < right.size(); ++i) right[i] = 3 * sample.a[i] - 2 * sample.b[i] + 7;
  Table seats = table();
  expect_opened(seats.play(open_linear, sample), right);
}

TEST_P(ProtocolContract, MultipliesWhatIsShared) {
  if (!promises().multiplies) GTEST_SKIP() << "it only adds";
  for (const std::size_t count : {1U, 2U, 63U, 1000U}) {
    if (count > GetParam().most) continue;
    const Sample sample = two_inputs(count, 28, count);
    Values right(count);
    for (std::size_t i = 0; i < count; ++i) right[i] = sample.a[i] * sample.b[i];
    Table seats = table();
    expect_opened(seats.play(open_products, sample), right);
  }
}

TEST_P(ProtocolContract, AddsProductsUpBeforeTheyTravel) {
  if (!promises().multiplies) GTEST_SKIP() << "it only adds";
  Sample sample = two_inputs(60, 25, 3);
  sample.length = 12;
  Values right(5, 0);
  for (std::size_t i = 0; i < sample.count; ++i) right[i / 12] += sample.a[i] * sample.b[i];
  Table seats = table();
  expect_opened(seats.play(open_dots, sample), right);
}

TEST_P(ProtocolContract, Compares) {
  if (!promises().compares) GTEST_SKIP() << "it compares nothing";
  for (const int bits : {1, 2, 5, 16, 33, 58}) {
    if (GetParam().most < 1000 && bits != 2 && bits != 33) continue;
    Sample sample = two_inputs(std::min<std::size_t>(130, GetParam().most), bits - 1,
                               static_cast<std::uint64_t>(bits));
    sample.bits = bits;
    sample.b[0] = sample.a[0];
    Values right(sample.count);
    for (std::size_t i = 0; i < right.size(); ++i) right[i] = sample.a[i] < sample.b[i] ? 1 : 0;
    Table seats = table();
    expect_opened(seats.play(open_less, sample), right);
  }
}

TEST_P(ProtocolContract, CostsExactlyWhatItsFormulaSays) {
  using Kind = SecureOperation::Kind;
  std::vector<SecureOperation> operations;
  for (const std::size_t count : {1U, 3U, 64U, 65U, 1000U}) {
    if (count > GetParam().most) continue;
    for (const Kind kind : {Kind::set_up, Kind::input, Kind::random, Kind::open, Kind::reveal})
      operations.push_back({.kind = kind, .count = count, .who = 1});
    operations.push_back({.kind = Kind::input, .count = count, .who = GetParam().parties});
    operations.push_back({.kind = Kind::reveal, .count = count, .who = GetParam().parties});
    if (promises().multiplies) operations.push_back({.kind = Kind::multiply, .count = count});
    if (promises().multiplies)
      operations.push_back({.kind = Kind::dot, .count = count, .length = 7});
    if (promises().compares)
      for (const int bits : {1, 16, 58}) {
        if (count > 3 && GetParam().most < 1000) continue;
        operations.push_back({.kind = Kind::compare, .count = count, .bits = bits});
      }
  }
  for (const SecureOperation& operation : operations) {
    const Sample sample{.operation = operation};
    Table paying = table(1);
    const auto paid = paying.play(pay_for, sample);
    Table counting = table(1);
    const auto said = counting.play(formula, sample);
    for (std::size_t seat = 0; seat < paid.size(); ++seat) {
      ASSERT_TRUE(paid[seat]) << paid[seat].error().detail;
      const std::string which = "seat " + std::to_string(seat) + ", operation " +
                                std::to_string(static_cast<int>(operation.kind)) + " of " +
                                std::to_string(operation.count) + " with " +
                                std::to_string(operation.bits) + " bits";
      EXPECT_EQ((*paid[seat])[0], (*said[seat])[3 + 2 * seat]) << which;
      EXPECT_EQ((*paid[seat])[1], (*said[seat])[4 + 2 * seat]) << which << ", offline";
    }
    if (operation.who >= GetParam().parties) continue;  // a client's first waits for nothing
    const std::string which = "of operation " + std::to_string(static_cast<int>(operation.kind));
    expect_rounds(paid, GetParam().parties, 2, (*said[0])[0], "rounds " + which);
    expect_rounds(paid, GetParam().parties, 4, (*said[0])[1], "offline rounds " + which);
    expect_rounds(paid, GetParam().parties, 6, (*said[0])[2], "online rounds " + which);
  }
}

INSTANTIATE_TEST_SUITE_P(All, ProtocolContract, testing::ValuesIn(cases()), name_of);

}  // namespace
}  // namespace evenkeel::test
