// Oblivious transfers between the seats 0, which sends, and 1. The table's protocol has nothing to
// do with them.
#include "models/mpc/tools/oblivious_transfer.h"

#include <cstring>

#include "tests/mpc/table.h"

namespace evenkeel::test {
namespace {

constexpr std::size_t count = 200;  // asked for by 64: 256

Words some_choices(std::size_t transfers) {
  Prg prg{PrgKey{std::byte{9}}};
  return prg.words((transfers + 63) / 64);
}

bool choice(const Words& choices, std::size_t j) { return (choices[j / 64] >> (j % 64) & 1) != 0; }

void append(Values& values, std::span<const Block> blocks) {
  for (const Block& block : blocks) {
    values.push_back(static_cast<std::int64_t>(block.low));
    values.push_back(static_cast<std::int64_t>(block.high));
  }
}

constexpr std::uint32_t rounds_of_table = 1;  // the keys of its protocol
constexpr std::uint32_t rounds_of_set_up = 2;

// The last two numbers of each part: what it sent, and how deep it was afterwards.
void append_spent(Values& values, const Spent& before, const Spent& after) {
  values.push_back(static_cast<std::int64_t>(after.sent_bytes - before.sent_bytes));
  values.push_back(after.rounds);
}

Task<Values> transfer_base_keys(Protocol& p, const Sample&) {
  const Spent before = p.session().spent();
  Values values;
  std::array<BaseKeys, 2> keys{};
  if (p.session().self() == 0) keys = co_await send_base_keys(p.session(), 1);
  if (p.session().self() == 1)
    keys[0] = co_await receive_base_keys(p.session(), 0, Block{0xf0f0, 0xff});
  for (const BaseKeys& some : keys)
    for (const PrgKey& key : some) {
      Block block;
      std::memcpy(&block, key.data(), sizeof block);
      append(values, {&block, 1});
    }
  append_spent(values, before, p.session().spent());
  co_return values;
}

Task<Values> transfer_at_random(Protocol& p, const Sample&) {
  Values values;
  if (p.session().self() == 0) {
    TransferSender sender{p.session(), 1};
    co_await sender.set_up();
    const Spent before = p.session().spent();
    const BlockPairs pairs = co_await sender.random(256);
    append(values, pairs.first);
    append(values, pairs.second);
    append_spent(values, before, p.session().spent());
  } else if (p.session().self() == 1) {
    TransferReceiver receiver{p.session(), 0};
    co_await receiver.set_up();
    const Spent before = p.session().spent();
    const Words choices = some_choices(256);
    const Blocks got = receiver.random(choices);
    append(values, got);
    append_spent(values, before, p.session().spent());
  }
  co_return values;
}

Task<Values> transfer_correlated(Protocol& p, const Sample& sample) {
  Values values;
  if (p.session().self() == 0) {
    TransferSender sender{p.session(), 1};
    co_await sender.set_up();
    const Spent before = p.session().spent();
    const Words differences = ring64().encoded(sample.a);
    const Words kept = co_await sender.correlated(differences);
    values.assign(kept.begin(), kept.end());
    append_spent(values, before, p.session().spent());
  } else if (p.session().self() == 1) {
    TransferReceiver receiver{p.session(), 0};
    co_await receiver.set_up();
    const Spent before = p.session().spent();
    const Words choices = some_choices(sample.a.size());
    const Words got = co_await receiver.correlated(choices, sample.a.size());
    values.assign(got.begin(), got.end());
    append_spent(values, before, p.session().spent());
  }
  co_return values;
}

Block message(std::size_t j, bool is_second) { return {3 * j + 1, is_second ? ~Word{j} : Word{j}}; }

Task<Values> transfer_chosen(Protocol& p, const Sample&) {
  Values values;
  if (p.session().self() == 0) {
    TransferSender sender{p.session(), 1};
    co_await sender.set_up();
    const Spent before = p.session().spent();
    Blocks first(count);
    Blocks second(count);
    for (std::size_t j = 0; j < count; ++j) {
      first[j] = message(j, false);
      second[j] = message(j, true);
    }
    co_await sender.chosen(first, second);
    append_spent(values, before, p.session().spent());
  } else if (p.session().self() == 1) {
    TransferReceiver receiver{p.session(), 0};
    co_await receiver.set_up();
    const Words choices = some_choices(count);
    const Blocks got = co_await receiver.chosen(choices, count);
    append(values, got);
  }
  co_return values;
}

std::vector<Result<Values>> play(Part part, const Sample& sample = {}) {
  Table table{"replicated3", {}};
  auto got = table.play(part, sample);
  for (const Result<Values>& one : got) EXPECT_TRUE(one) << one.error().detail;
  return got;
}

TEST(BaseTransfer, GivesTheKeyThatWasChosenAndNotTheOther) {
  const auto got = play(transfer_base_keys);
  const Block choices{0xf0f0, 0xff};
  for (std::size_t i = 0; i < base_transfers; ++i) {
    const bool second = ((i < 64 ? choices.low >> i : choices.high >> (i - 64)) & 1) != 0;
    for (std::size_t half = 0; half < 2; ++half) {
      const std::size_t at = 2 * i + half;
      EXPECT_EQ((*got[1])[at], (*got[0])[at + (second ? 256 : 0)]) << i;
      EXPECT_NE((*got[1])[at], (*got[0])[at + (second ? 0 : 256)]) << i;
    }
  }
}

TEST(BaseTransfer, SendsAPointOneWayAnd128TheOther) {
  const auto got = play(transfer_base_keys);
  EXPECT_EQ((*got[0])[512], 32);
  EXPECT_EQ((*got[1])[512], 4096);
  EXPECT_EQ((*got[1])[513], rounds_of_table + 1);
  EXPECT_EQ((*got[0])[513], rounds_of_table + rounds_of_set_up);
}

TEST(BaseTransfer, RefusesByNameWhatIsNoPoint) {
  for (const std::uint32_t liar : {0U, 1U}) {
    for (const std::byte fill : {std::byte{0xff}, std::byte{0}}) {  // no encoding; the neutral one
      Table table{"replicated3", {}};
      table.world.changes = [liar, fill](Message& message) {
        const std::size_t size = message.payload.bytes.size() - Session::header_bytes;
        if (message.from != NodeId{liar} || size != (liar == 0 ? 32 : 4096)) return;
        std::fill_n(message.payload.bytes.end() - 32, 32, fill);
      };
      const auto got = table.play(transfer_base_keys, {});
      ASSERT_FALSE(got[1 - liar]);
      EXPECT_EQ(got[1 - liar].error().code, ErrorCode::malformed);
      EXPECT_EQ(got[1 - liar].error().detail,
                "seat " + std::to_string(liar) +
                    " sent what is no point of the group in 'base transfers'");
    }
  }
}

TEST(ObliviousTransfer, GivesTheBlockThatWasChosenAndNotTheOther) {
  const auto got = play(transfer_at_random);
  const Words choices = some_choices(256);
  for (std::size_t j = 0; j < 256; ++j)
    for (std::size_t half = 0; half < 2; ++half) {
      const std::size_t at = 2 * j + half;
      EXPECT_EQ((*got[1])[at], (*got[0])[at + (choice(choices, j) ? 512 : 0)]) << j;
      EXPECT_NE((*got[1])[at], (*got[0])[at + (choice(choices, j) ? 0 : 512)]) << j;
    }
}

TEST(ObliviousTransfer, SendsSixteenBytesATransferOneWay) {
  const auto got = play(transfer_at_random);
  EXPECT_EQ((*got[0])[1024], 0);
  EXPECT_EQ((*got[1])[512], 256 * 16);
  EXPECT_EQ((*got[0])[1025], rounds_of_table + rounds_of_set_up + 1);
}

TEST(ObliviousTransfer, AddsADifferenceWhereTheChoiceIsOne) {
  for (const std::size_t some : {std::size_t{1}, count, std::size_t{70'000}}) {
    const Sample sample{.a = some_numbers(some, 62, 8)};
    const auto got = play(transfer_correlated, sample);
    const Words choices = some_choices(some);
    for (std::size_t j = 0; j < some; ++j) {
      const Word gained = static_cast<Word>((*got[1])[j]) - static_cast<Word>((*got[0])[j]);
      ASSERT_EQ(static_cast<std::int64_t>(gained), choice(choices, j) ? sample.a[j] : 0) << j;
    }
    EXPECT_EQ((*got[0])[some], static_cast<std::int64_t>(8 * some));
    EXPECT_EQ((*got[1])[some], static_cast<std::int64_t>(transfer_bytes(some)));
    EXPECT_EQ((*got[0])[some + 1], rounds_of_table + rounds_of_set_up + 1);
    EXPECT_EQ((*got[1])[some + 1], rounds_of_table + rounds_of_set_up + 2);
  }
}

TEST(ObliviousTransfer, GivesTheMessageThatWasChosen) {
  const auto got = play(transfer_chosen);
  const Words choices = some_choices(count);
  for (std::size_t j = 0; j < count; ++j) {
    const Block right = message(j, choice(choices, j));
    EXPECT_EQ((*got[1])[2 * j], static_cast<std::int64_t>(right.low)) << j;
    EXPECT_EQ((*got[1])[2 * j + 1], static_cast<std::int64_t>(right.high)) << j;
  }
  EXPECT_EQ((*got[0])[0], static_cast<std::int64_t>(32 * count));
}

TEST(FixedKeyHash, IsAesUnderAKeyThatAllKnow) {
  // What is hashed with a tweak, many at once or one by one, is the same; tweaks and purposes
  // matter.
  FixedKeyHash hash{"test"};
  Blocks many(700, Block{5, 6});
  hash.hash(many, 100);
  Blocks one(1, Block{5, 6});
  hash.hash(one, 100 + 650);
  EXPECT_EQ(one[0], many[650]);
  EXPECT_FALSE(many[0] == many[1]);
  Blocks plain(2, Block{5, 6});
  hash.hash(plain);
  EXPECT_EQ(plain[0], plain[1]);
  FixedKeyHash other{"another test"};
  Blocks others(1, Block{5, 6});
  other.hash(others);
  EXPECT_FALSE(others[0] == plain[0]);
}

}  // namespace
}  // namespace evenkeel::test
