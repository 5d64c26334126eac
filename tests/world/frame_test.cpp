// What goes over a socket, in pieces of any size, and what does not belong there.
#include "sim/world/frame.h"

#include <gmock/gmock.h>

#include "models/runtime/random.h"

namespace evenkeel::test {
namespace {

std::vector<std::byte> on_the_wire(const Frame& frame) {
  const Bytes& content = frame.payload.bytes;
  std::vector<std::byte> bytes(frame_header_size + content.size() + frame.payload.padding);
  std::ranges::copy(encode_header(frame), bytes.begin());
  std::ranges::copy(content, bytes.begin() + frame_header_size);
  return bytes;
}

Frame frame_of(std::size_t size, std::uint64_t padding, Port port = Port::tests) {
  Frame frame{.deliver_at = Time{static_cast<std::int64_t>(size) + 5}, .port = port};
  for (std::size_t i = 0; i < size; ++i) frame.payload.bytes.push_back(static_cast<std::byte>(i));
  frame.payload.padding = padding;
  return frame;
}

TEST(FrameReader, PutsFramesTogetherFromPiecesOfAnySize) {
  Random random(1);
  for (int round = 0; round < 50; ++round) {
    std::vector<Frame> sent;
    std::vector<std::byte> wire;
    for (int i = 0; i < 20; ++i) {
      sent.push_back(frame_of(random.below(300), random.below(2) * random.below(500),
                              Port{static_cast<std::uint16_t>(random.below(port_count))}));
      const auto bytes = on_the_wire(sent.back());
      wire.insert(wire.end(), bytes.begin(), bytes.end());
    }
    std::vector<Frame> received;
    FrameReader reader;
    for (std::size_t at = 0; at < wire.size();) {
      const std::size_t some = std::min(1 + random.below(200), wire.size() - at);
      ASSERT_TRUE(reader.feed(std::span{wire}.subspan(at, some),
                              [&](Frame frame) { received.push_back(std::move(frame)); }));
      at += some;
    }
    ASSERT_EQ(received.size(), sent.size());
    for (std::size_t i = 0; i < sent.size(); ++i) {
      EXPECT_EQ(received[i].deliver_at, sent[i].deliver_at);
      EXPECT_EQ(received[i].port, sent[i].port);
      EXPECT_EQ(received[i].payload.padding, sent[i].payload.padding);
      EXPECT_THAT(received[i].payload.bytes, testing::ElementsAreArray(sent[i].payload.bytes));
    }
  }
}

TEST(FrameReader, StopsAtBytesThatMakeNoSense) {
  const auto refuses = [](const Frame& frame) {
    FrameReader reader;
    const auto bytes = encode_header(frame);
    const auto nothing = [](Frame) { FAIL() << "a frame came out"; };
    const bool refused = !reader.feed(bytes, nothing);
    EXPECT_EQ(reader.feed(on_the_wire(frame_of(1, 0)), nothing), !refused);
    return refused;
  };
  EXPECT_TRUE(refuses(frame_of(3, 0, Port{port_count})));
  EXPECT_TRUE(refuses(frame_of(3, Frame::most_padding + 1)));
  EXPECT_TRUE(refuses({.deliver_at = Time{-1}}));
  Frame large;
  large.payload.bytes.resize(Frame::most_bytes + 1);
  EXPECT_TRUE(refuses(large));
}

TEST(FrameReader, TakesNoMemoryForALengthAlone) {
  Frame large;
  large.payload.bytes.resize(Frame::most_bytes);
  // 16 GB, if a length were believed.
  std::vector<FrameReader> readers(1000);
  for (FrameReader& reader : readers)
    EXPECT_TRUE(reader.feed(encode_header(large), [](Frame) { FAIL() << "a frame came out"; }));
}

TEST(Greeting, ComesBackAndIsToldFromOtherBytes) {
  const auto bytes = encode(Greeting{NodeId{7}, 12345678901234567890U});
  const auto read = decode_greeting(bytes);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->from, NodeId{7});
  EXPECT_EQ(read->run, 12345678901234567890U);
  for (std::size_t i = 0; i < 6; ++i) {
    auto damaged = bytes;
    damaged[i] ^= std::byte{1};
    EXPECT_FALSE(decode_greeting(damaged)) << i;
  }
  EXPECT_FALSE(decode_greeting(std::span{bytes}.first(greeting_size - 1)));
}

}  // namespace
}  // namespace evenkeel::test
