#include "models/runtime/message.h"

#include <gtest/gtest.h>

#include "models/runtime/random.h"
#include "models/runtime/time.h"

namespace evenkeel {
namespace {

enum class Colour : std::uint8_t { red, green };

struct Inner {
  std::string name = {};
  Duration span{};
  friend bool operator==(const Inner&, const Inner&) = default;
  template <class Visitor>
  void fields(Visitor& visit) {
    visit(name, span);
  }
};

struct Everything {
  std::uint16_t number = 0;
  bool flag = false;
  Colour colour = Colour::red;
  Blob blob = {};
  std::vector<Inner> inners = {};
  std::optional<double> maybe = {};
  std::variant<std::monostate, std::int64_t, std::string> either = {};
  std::map<std::string, std::uint32_t> counts = {};
  std::array<std::byte, 4> four = {};
  friend bool operator==(const Everything&, const Everything&) = default;
  template <class Visitor>
  void fields(Visitor& visit) {
    visit(number, flag, colour, blob, inners, maybe, either, counts, four);
  }
};

Everything sample() {
  return {.number = 700,
          .flag = true,
          .colour = Colour::green,
          .blob = blob_of("blob"),
          .inners = {{"a", seconds(1)}, {"", -seconds(2)}},
          .maybe = 0.5,
          .either = std::string{"text"},
          .counts = {{"x", 1}, {"y", 2}},
          .four = {std::byte{1}, std::byte{2}, std::byte{3}, std::byte{4}}};
}

TEST(Message, ComesBackAsItWas) {
  EXPECT_EQ(decoded<Everything>(encoded(sample())), sample());
  EXPECT_EQ(decoded<Everything>(encoded(Everything{})), Everything{});
}

TEST(Message, HasTheLengthThatItsFieldsTake) {
  // 2 + 1 + 1, blob 4 + 4, list 4 + (4 + 1 + 8) + (4 + 8), optional 1 + 8, variant 1 + 4 + 4,
  // map 4 + 2 x (4 + 1 + 4), array 4.
  EXPECT_EQ(encoded_size(sample()), 4 + 8 + 29 + 9 + 9 + 22 + 4);
  EXPECT_EQ(encoded(sample()).size(), encoded_size(sample()));
}

TEST(Message, IsRefusedIfAnyByteIsMissingOrTooMany) {
  Blob bytes = encoded(sample());
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_EQ(decoded<Everything>(std::span{bytes}.first(size)), std::nullopt) << size;
  bytes.push_back(std::byte{0});
  EXPECT_EQ(decoded<Everything>(bytes), std::nullopt);
}

TEST(Message, IsReadOrRefusedWhateverTheBytes) {
  Random random(5);
  for (int i = 0; i < 20'000; ++i) {
    Blob bytes = encoded(sample());
    for (std::uint64_t flips = random.below(4) + 1; flips > 0; --flips)
      bytes[random.below(bytes.size())] = static_cast<std::byte>(random());
    const auto value = decoded<Everything>(bytes);
    if (value) {
      EXPECT_EQ(encoded_size(*value), bytes.size());
    }
  }
}

TEST(Message, RefusesAMapOutOfOrder) {
  Blob bytes;
  append(bytes, std::uint32_t{2}, std::string{"b"}, 1u, std::string{"a"}, 2u);
  EXPECT_EQ((decoded<std::map<std::string, std::uint32_t>>(bytes)), std::nullopt);
}

}  // namespace
}  // namespace evenkeel
