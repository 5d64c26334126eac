// The codec: what is written is read back, what is cut short is refused, and any bytes are safe.
#include "models/runtime/wire.h"

#include <gmock/gmock.h>

#include "models/balancing/request.h"
#include "models/runtime/random.h"

namespace evenkeel {
namespace {

TEST(Wire, ReadsBackWhatWasWritten) {
  Bytes bytes;
  Writer{bytes}.put(std::uint8_t{7}).put(-5).put(true).put(2.5).put("text").put("");
  Reader reader{bytes};
  EXPECT_EQ(reader.get<std::uint8_t>(), 7);
  EXPECT_EQ(reader.get<int>(), -5);
  EXPECT_TRUE(reader.get<bool>());
  EXPECT_EQ(reader.get<double>(), 2.5);
  EXPECT_EQ(reader.text(), "text");
  EXPECT_EQ(reader.text(), "");
  EXPECT_TRUE(reader.done());
}

TEST(Wire, IsLittleEndianAndPrefixesTextsWithTheirLength) {
  Bytes bytes;
  Writer{bytes}.put(std::uint32_t{0x01020304}).put("ab");
  const auto b = [](int value) { return static_cast<std::byte>(value); };
  EXPECT_THAT(bytes,
              testing::ElementsAre(b(4), b(3), b(2), b(1), b(2), b(0), b(0), b(0), b('a'), b('b')));
}

TEST(Wire, GivesZerosAfterTheFirstMistake) {
  Bytes bytes;
  Writer{bytes}.put(std::uint16_t{1}).put(std::uint8_t{9});
  Reader reader{bytes};
  EXPECT_EQ(reader.get<std::uint64_t>(), 0u);
  EXPECT_FALSE(reader.ok());
  EXPECT_EQ(reader.get<std::uint8_t>(), 0);
  EXPECT_EQ(reader.text(), "");
  EXPECT_FALSE(reader.done());
}

TEST(Wire, RefusesATextThatClaimsToBeLonger) {
  for (const std::uint32_t size : {4u, 5u, 1u << 24, (1u << 24) + 1, ~0u}) {
    Bytes bytes;
    Writer{bytes}.put(size);
    for (int i = 0; i < 3; ++i) Writer{bytes}.put('x');
    Reader reader{bytes};
    EXPECT_EQ(reader.text(), "");
    EXPECT_FALSE(reader.ok());
  }
}

const Request request{
    .request_class = 3, .work = 1e9, .key = 77, .output_bytes = 5000, .wants_report = true};
const Report report{.load = 4.5, .service = Duration{1000}, .latency = Duration{2000}};
const Answer answer{.end = RequestEnd::completed,
                    .server = NodeId{9},
                    .copies = 2,
                    .decision = Duration{1},
                    .arrived = Duration{2},
                    .queue = Duration{3},
                    .compute = Duration{4},
                    .report = report};
const Notice notice{.kind = Notice::Kind::idle, .seat = 12};

TEST(Messages, AreReadBackWithAllTheirFields) {
  const auto read = decode_request(encode(request, 100'000));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->request_class, 3u);
  EXPECT_EQ(read->work, 1e9);
  EXPECT_EQ(read->key, 77u);
  EXPECT_EQ(read->output_bytes, 5000u);
  EXPECT_TRUE(read->wants_report);
  const auto told = decode_answer(encode(answer, 0));
  ASSERT_TRUE(told);
  EXPECT_EQ(told->server, NodeId{9});
  EXPECT_EQ(told->copies, 2);
  EXPECT_EQ(told->decision + told->arrived + told->queue + told->compute, Duration{10});
  ASSERT_TRUE(told->report);
  EXPECT_EQ(told->report->load, 4.5);
  EXPECT_EQ(told->report->latency, Duration{2000});
  EXPECT_FALSE(decode_answer(encode(Answer{}, 0))->report);
  EXPECT_EQ(decode_report(encode(report))->service, Duration{1000});
  EXPECT_EQ(decode_notice(encode(notice))->seat, 12u);
}

TEST(Messages, AreAsLongAsTheScenarioSays) {
  EXPECT_EQ(encode(request, 100'000).size() + request_overhead, 100'000u);
  EXPECT_EQ(encode(answer, 20'000).size() + answer_overhead, 20'000u);
  EXPECT_EQ(encode(request, 1).padding, 0u);
}

template <class Decode>
void refuses_every_truncation(Payload whole, Decode decode) {
  whole.padding = 0;
  EXPECT_TRUE(decode(whole));
  for (std::size_t size = 0; size < whole.bytes.size(); ++size) {
    Payload part = whole;
    part.bytes.resize(size);
    EXPECT_FALSE(decode(part)) << size << " of " << whole.bytes.size();
  }
  whole.bytes.push_back(std::byte{0});
  EXPECT_FALSE(decode(whole)) << "with a byte too many";
}

TEST(Messages, AreRefusedIfCutAnywhere) {
  refuses_every_truncation(encode(request, 0), decode_request);
  refuses_every_truncation(encode(answer, 0), decode_answer);
  refuses_every_truncation(encode(report), decode_report);
  refuses_every_truncation(encode(notice), decode_notice);
}

TEST(Messages, OfRandomBytesAreRefusedOrMakeSense) {
  Random random{1};
  for (int i = 0; i < 200'000; ++i) {
    Payload payload;
    payload.bytes.resize(random.below(80));
    for (std::byte& byte : payload.bytes)
      byte = static_cast<std::byte>(random.below(random.chance(0.5) ? 3 : 256));
    if (const auto read = decode_request(payload)) {
      EXPECT_GE(read->work, 0);
    }
    if (const auto read = decode_answer(payload)) {
      EXPECT_LE(read->end, RequestEnd::timed_out);
      EXPECT_GE(read->queue, Duration{});
    }
    if (const auto read = decode_notice(payload)) {
      EXPECT_LE(read->kind, Notice::Kind::busy);
    }
    if (const auto read = decode_report(payload)) {
      EXPECT_GE(read->service, Duration{});
    }
  }
}

}  // namespace
}  // namespace evenkeel
