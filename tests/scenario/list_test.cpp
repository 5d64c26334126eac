// What `evenkeel list` prints.
#include "sim/scenario/list.h"

#include <gtest/gtest.h>

#include <sstream>

#include "tests/scenario/fixture.h"

namespace evenkeel {
namespace {

TEST(List, AlignsNamesDefaultsAndMeanings) {
  EXPECT_EQ(list_catalogue(testing::test_catalogues().knowledge),
            "bulletin  every period\n"
            "    period  = 1 s  between bulletins; 1 us to 1 h\n"
            "own       its own requests\n"
            "probe     asks\n");
  EXPECT_EQ(list_catalogue(testing::test_catalogues().arrivals),
            "on_off   bursts\n"
            "    on      must be given  rate while on; at most 1e+09 /s\n"
            "    order   = on_first     what comes first; on_first, off_first\n"
            "    levels  = [0.5]        of the bursts; 0 to 1\n"
            "poisson  independent\n");
}

TEST(List, HasAFormForPrograms) {
  const auto json = list_catalogue_json(testing::test_catalogues().policies);
  ASSERT_EQ(json.size(), 5u);
  EXPECT_EQ(json[0]["name"], "hedged");
  EXPECT_EQ(json[0]["settings"][0]["default"], "100 ms");
  EXPECT_EQ(json[0]["settings"][1]["catalogue"], "policy");
  EXPECT_EQ(json[2]["settings"][0]["min"], 1);
  EXPECT_EQ(json[2]["settings"][0]["max"], 1000);
}

TEST(List, HasALineForEveryEntryOfTheProgram) {
  for (const Catalogue* catalogue :
       {&catalogues().policies, &catalogues().knowledge, &catalogues().arrivals,
        &catalogues().services, &catalogues().sizes, &catalogues().movements,
        &catalogues().topologies}) {
    EXPECT_FALSE(catalogue->entries().empty()) << catalogue->kind();
    std::istringstream lines{list_catalogue(*catalogue)};
    std::vector<std::string> listed;
    for (std::string line; std::getline(lines, line);)
      if (!line.starts_with(' ')) listed.push_back(line.substr(0, line.find(' ')));
    std::vector<std::string> entries;
    for (const Entry& entry : catalogue->entries()) entries.push_back(entry.name);
    EXPECT_EQ(listed, entries);
  }
}

}  // namespace
}  // namespace evenkeel
