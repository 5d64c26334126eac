// What goes over a socket, in pieces of any size, and what does not belong there.
#include "sim/world/frame.h"

#include <gmock/gmock.h>

#include "models/runtime/random.h"
#include "sim/world/frame_batch.h"
#include "tests/frame_feed.h"

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

void expect_same(const std::vector<Frame>& received, const std::vector<Frame>& sent) {
  ASSERT_EQ(received.size(), sent.size());
  for (std::size_t i = 0; i < sent.size(); ++i) {
    EXPECT_EQ(received[i].deliver_at, sent[i].deliver_at);
    EXPECT_EQ(received[i].port, sent[i].port);
    EXPECT_EQ(received[i].payload.padding, sent[i].payload.padding);
    EXPECT_TRUE(std::ranges::equal(received[i].payload.bytes, sent[i].payload.bytes)) << i;
  }
}

struct Sizes {
  std::uint64_t most_bytes;
  std::uint64_t most_padding;
  std::uint64_t most_piece;
};

// Some frames, cut into pieces.
void expect_frames_from_pieces(Random& random, const Sizes& sizes) {
  std::vector<Frame> sent;
  std::vector<std::byte> wire;
  for (int i = 0; i < 20; ++i) {
    sent.push_back(frame_of(random.below(sizes.most_bytes),
                            random.below(2) * random.below(sizes.most_padding),
                            Port{static_cast<std::uint16_t>(random.below(port_count))}));
    const auto bytes = on_the_wire(sent.back());
    wire.insert(wire.end(), bytes.begin(), bytes.end());
  }
  std::vector<Frame> received;
  FrameReader reader;
  for (std::size_t at = 0; at < wire.size();) {
    const std::size_t some = std::min(1 + random.below(sizes.most_piece), wire.size() - at);
    ASSERT_TRUE(feed(reader, std::span{wire}.subspan(at, some),
                     [&](Frame frame) { received.push_back(std::move(frame)); }));
    at += some;
  }
  expect_same(received, sent);
}

TEST(FrameReader, PutsFramesTogetherFromPiecesOfAnySize) {
  Random random(1);
  for (int round = 0; round < 50; ++round)
    expect_frames_from_pieces(random, {.most_bytes = 300, .most_padding = 500, .most_piece = 200});
}

TEST(FrameReader, PutsLongFramesTogetherFromPiecesOfAnySize) {
  Random random(2);
  for (const std::uint64_t most_piece : {500U, 10'000U, 200'000U, 4'000'000U})
    expect_frames_from_pieces(
        random, {.most_bytes = 300'000, .most_padding = 200'000, .most_piece = most_piece});
}

TEST(FrameReader, TakesALongPayloadIntoItsOwnMemory) {
  const auto wire = on_the_wire(frame_of(1'000'000, 0));
  FrameReader reader;
  const auto nothing = [](Frame) { FAIL() << "a frame came out"; };
  std::size_t at = 40'000;
  ASSERT_TRUE(feed(reader, std::span{wire}.first(at), nothing));
  const std::span<std::byte> space = reader.space();
  ASSERT_EQ(space.size(), wire.size() - at);
  std::ranges::copy(std::span{wire}.subspan(at), space.begin());
  const std::byte* received = nullptr;
  ASSERT_TRUE(reader.filled(space.size(), [&](const Frame& frame) {
    received = frame.payload.bytes.data() + (at - frame_header_size);
  }));
  EXPECT_EQ(received, space.data());
}

TEST(FrameReader, StopsAtBytesThatMakeNoSense) {
  const auto refuses = [](const Frame& frame) {
    FrameReader reader;
    const auto bytes = encode_header(frame);
    const auto nothing = [](Frame) { FAIL() << "a frame came out"; };
    const bool refused = !feed(reader, bytes, nothing);
    EXPECT_EQ(feed(reader, on_the_wire(frame_of(1, 0)), nothing), !refused);
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
  const auto wire = on_the_wire(large);
  const auto nothing = [](Frame) { FAIL() << "a frame came out"; };
  FrameReader reader;
  ASSERT_TRUE(feed(reader, std::span{wire}.first(frame_header_size), nothing));
  EXPECT_LE(reader.space().size(), FrameReader::buffer_size);
  for (std::size_t come = 0; come < 40'000; come += 1000) {
    ASSERT_TRUE(feed(reader, std::span{wire}.subspan(frame_header_size + come, 1000), nothing));
    EXPECT_LE(reader.space().size(),
              std::max(FrameReader::buffer_size, FrameReader::most_room * (come + 1000)));
  }
}

std::vector<std::byte> written(const FrameBatch& batch) {
  std::vector<std::byte> bytes;
  for (const asio::const_buffer& piece : batch.buffers()) {
    const auto* const data = static_cast<const std::byte*>(piece.data());
    bytes.insert(bytes.end(), data, data + piece.size());
  }
  return bytes;
}

TEST(FrameBatch, PutsShortFramesTogether) {
  FrameBatch batch;
  std::vector<std::byte> wire;
  for (int i = 0; i < 100; ++i) {
    const Frame frame = frame_of(100, i % 2);
    const auto bytes = on_the_wire(frame);
    wire.insert(wire.end(), bytes.begin(), bytes.end());
    ASSERT_FALSE(batch.is_full());
    batch.add(frame);
    EXPECT_EQ(batch.add_zeros(frame.payload.padding), frame.payload.padding);
  }
  EXPECT_EQ(std::ranges::distance(batch.buffers()), 1);
  EXPECT_EQ(written(batch), wire);
}

TEST(FrameBatch, SendsALongPayloadFromWhereItIs) {
  FrameBatch batch;
  Frame frame = frame_of(1'000'000, 0);
  const auto wire = on_the_wire(frame);
  const std::byte* const place = frame.payload.bytes.data();
  batch.add(std::move(frame));
  EXPECT_EQ(std::prev(batch.buffers().end())->data(), place);
  EXPECT_EQ(written(batch), wire);
}

TEST(FrameBatch, IsBoundedWhateverItIsGiven) {
  Random random(3);
  for (const std::uint64_t most : {1U, 200U, 9000U, 100'000U, 3'000'000U}) {
    FrameBatch batch;
    std::size_t last = 0;
    while (!batch.is_full()) {
      last = random.below(most);
      batch.add(frame_of(last, 0));
      batch.add_zeros(random.below(2) * random.below(most));
    }
    EXPECT_LE(written(batch).size(), (1 << 20) + last + 200'000) << most;
    EXPECT_LE(std::ranges::distance(batch.buffers()), 64) << most;
    batch.clear();
    EXPECT_TRUE(batch.is_empty());
    EXPECT_FALSE(batch.is_full());
  }
}

TEST(FrameBatch, TakesEndlessPaddingInTurns) {
  FrameBatch batch;
  const std::uint64_t padding = 5'000'000;
  std::uint64_t left = padding;
  std::size_t turns = 0;
  for (; left > 0; ++turns) {
    const std::uint64_t added = batch.add_zeros(left);
    ASSERT_GT(added, 0U);
    EXPECT_EQ(written(batch), std::vector<std::byte>(added));
    left -= added;
    batch.clear();
  }
  EXPECT_GE(turns, 3U);
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
