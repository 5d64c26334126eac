// Which changes make another study of a scenario.
#include "sim/study/study_hash.h"

#include <gtest/gtest.h>

#include "models/runtime/user_error.h"
#include "tests/scenario/fixture.h"

namespace evenkeel {
namespace {

class StudyHashTest : public ::testing::Test {
 protected:
  std::string hash(const std::vector<std::string>& files) const {
    return study_hash(parse_scenario("name: one\n", "one.yaml", ".", testing::test_catalogues()),
                      files);
  }

  test::Folder folder_;
};

TEST_F(StudyHashTest, ChangesWithTheContentOfAFileThatTheScenarioNames) {
  const std::string trace = folder_.write("trace.csv", "time\n1\n");
  const std::string before = hash({trace});
  EXPECT_EQ(before.size(), 32u);
  EXPECT_EQ(hash({trace, trace}), before);
  EXPECT_NE(hash({}), before);
  folder_.write("trace.csv", "time\n2\n");
  EXPECT_NE(hash({trace}), before);
  folder_.write("trace.csv", "time\n1\n");
  EXPECT_EQ(hash({trace}), before);
}

TEST_F(StudyHashTest, OfAFolderChangesWithItsFilesAndTheirNames) {
  folder_.write("sites/a.csv", "1");
  const std::string sites = folder_.file("sites");
  const std::string before = hash({sites});
  folder_.write("sites/b.csv", "1");
  const std::string more = hash({sites});
  EXPECT_NE(more, before);
  std::filesystem::rename(folder_.file("sites/b.csv"), folder_.file("sites/c.csv"));
  EXPECT_NE(hash({sites}), more);
  std::filesystem::remove(folder_.file("sites/c.csv"));
  EXPECT_EQ(hash({sites}), before);
}

TEST_F(StudyHashTest, OfAFileThatIsGoneIsRefused) {
  EXPECT_THROW(hash({folder_.file("gone.csv")}), UserError);
}

}  // namespace
}  // namespace evenkeel
