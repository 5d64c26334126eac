// 200 damaged copies of a good scenario: each is either still a scenario, or gives messages with
// line and column. None crashes, hangs, or is refused without a place.
#include <gtest/gtest.h>

#include "models/runtime/random.h"
#include "tests/scenario/fixture.h"

namespace evenkeel {
namespace {

using Lines = std::vector<std::string>;

Lines lines_of(const std::string& text) {
  Lines lines(1);
  for (const char c : text) {
    if (c == '\n')
      lines.emplace_back();
    else
      lines.back() += c;
  }
  return lines;
}

std::string text_of(const Lines& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + '\n';
  return text;
}

/// The first number at or after a random place, or the end of the line.
std::size_t a_number(const std::string& line, Random& random) {
  const std::size_t digit = line.find_first_of("0123456789", random.below(line.size() + 1));
  return std::min(digit, line.size());
}

void mutate(Lines& lines, Random& random) {
  static const std::vector<std::string> numbers = {
      "1e999", "-1", "99999999999999999999", ".nan", "-.inf", "0", "1e-320", "0x1F"};
  static const std::vector<std::string> units = {" s", " ms", " MB", " Gop", " W", " /s", " m", ""};
  static const std::string bytes = "\xff\t:{}[]&*!|>'\"%@`#,?-~<\x80\x01";
  const std::size_t at = random.below(lines.size());
  const std::size_t other = random.below(lines.size());
  std::string& line = lines[at];
  switch (random.below(9)) {
    case 0:
      if (!line.empty()) line[random.below(line.size())] = static_cast<char>(random.below(256));
      break;
    case 1:
      line.insert(random.below(line.size() + 1), 1, bytes[random.below(bytes.size())]);
      break;
    case 2:
      lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(at));
      break;
    case 3:
      lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(other), std::string{line});
      break;
    case 4:
      std::swap(line, lines[other]);
      break;
    case 5:
      line.insert(0, random.below(5), ' ');
      break;
    case 6:
      line.replace(a_number(line, random), 1, numbers[random.below(numbers.size())]);
      break;
    case 7:
      line.insert(line.find(':') == std::string::npos ? 0 : line.find(':'), "x");
      break;
    default:
      line.insert(a_number(line, random), units[random.below(units.size())]);
      break;
  }
  if (lines.empty()) lines.emplace_back();
}

TEST(Mutation, LeavesAScenarioOrMessagesWithLineAndColumn) {
  constexpr std::uint64_t copies = 200;
  std::size_t refused = 0;
  for (std::uint64_t seed = 0; seed < copies; ++seed) {
    Random random = Random::stream(seed, "mutation");
    Lines lines = lines_of(testing::good);
    for (std::uint64_t edits = 1 + random.below(4); edits > 0; --edits) mutate(lines, random);
    const std::string text = text_of(lines);
    const std::vector<Mistake> mistakes = validate(testing::document(text));
    refused += mistakes.empty() ? 0 : 1;
    for (const Mistake& mistake : mistakes) {
      EXPECT_EQ(mistake.place.file, "city.yaml") << "seed " << seed;
      EXPECT_GT(mistake.place.line, 0) << "seed " << seed << ": " << mistake.message;
      EXPECT_GT(mistake.place.column, 0) << "seed " << seed << ": " << mistake.message;
      EXPECT_LE(mistake.place.line, static_cast<int>(lines.size()) + 1) << "seed " << seed;
      EXPECT_FALSE(mistake.message.empty());
    }
    if (mistakes.empty())
      EXPECT_NO_THROW(read(testing::document(testing::document(text).canonical())))
          << "seed " << seed << '\n'
          << text;
    else
      EXPECT_THROW(read(testing::document(text)), ScenarioErrors) << "seed " << seed;
  }
  EXPECT_GT(refused, copies / 2);
}

}  // namespace
}  // namespace evenkeel
