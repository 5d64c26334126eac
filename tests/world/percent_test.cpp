// Names of any bytes as plain text.
#include "sim/world/percent.h"

#include <gmock/gmock.h>

namespace evenkeel::test {
namespace {

TEST(Percent, KeepsPlainLettersAndEncodesTheRest) {
  EXPECT_EQ(percent_encode("edge-1_b.log"), "edge-1_b.log");
  EXPECT_EQ(percent_encode("a/b c%"), "a%2Fb%20c%25");
  EXPECT_EQ(percent_encode(".."), "%2E.");
  EXPECT_EQ(percent_encode("\xC3\xBC"), "%C3%BC");
  EXPECT_EQ(percent_encode(std::string(1, '\0')), "%00");
}

TEST(Percent, DecodesWhatItEncodes) {
  std::string every;
  for (int code = 0; code < 256; ++code) every += static_cast<char>(code);
  for (const std::string& bytes : {every, std::string{}, std::string{"..."}, std::string{"%41"}})
    EXPECT_EQ(percent_decode(percent_encode(bytes)), bytes);
}

TEST(Percent, RefusesWhatItWouldNotWrite) {
  for (const char* text : {"%", "%4", "%GG", "%2f", "%41", ".hidden", "a/b", "a b", "log%new"})
    EXPECT_EQ(percent_decode(text), std::nullopt) << text;
}

}  // namespace
}  // namespace evenkeel::test
