// Damaged files: a graph or a message with the file's name, never a crash or a hang.
#include <gmock/gmock.h>

#include <functional>

#include "models/runtime/user_error.h"
#include "sim/topology/analysis.h"
#include "sim/topology/readers.h"
#include "sim/topology/text.h"
#include "tests/topology/support.h"

namespace evenkeel {
namespace {

/// Flips, cuts, doubles and swaps pieces; tags more often than text.
std::string mutated(std::string text, Random& random) {
  static const std::vector<std::string> pieces{"<",
                                               ">",
                                               "/>",
                                               "\"",
                                               "&",
                                               "&#0;",
                                               "nan",
                                               "-1",
                                               "1e308",
                                               "</node>",
                                               "<node id='0'>",
                                               "<edge source='0' target='0'/>",
                                               "<!--",
                                               "]]>",
                                               "<![CDATA[",
                                               "\xFF",
                                               std::string(1, '\0')};
  const std::uint64_t times = 1 + random.below(4);
  for (std::uint64_t i = 0; i < times && !text.empty(); ++i) {
    const std::size_t at = random.below(text.size());
    const std::size_t length = random.below(std::min<std::size_t>(200, text.size() - at) + 1);
    switch (random.below(5)) {
      case 0:
        text[at] = static_cast<char>(random.below(256));
        break;
      case 1:
        text.erase(at, length);
        break;
      case 2:
        text.insert(at, text.substr(at, length));
        break;
      case 3:
        text.insert(at, pieces[random.below(pieces.size())]);
        break;
      default:
        text.resize(at);
        break;
    }
  }
  return text;
}

using Parse = std::function<Graph(const std::string&)>;

/// How many of the mutants were still read.
int survivors(const std::string& original, int mutants, const Parse& parse) {
  int read = 0;
  for (int seed = 0; seed < mutants; ++seed) {
    Random random(static_cast<std::uint64_t>(seed));
    const std::string text = mutated(original, random);
    try {
      const Graph graph = parse(text);
      describe_topology(graph);
      ++read;
    } catch (const UserError& error) {
      EXPECT_THAT(error.what(), testing::HasSubstr("damaged")) << "seed " << seed;
    }
  }
  return read;
}

TEST(DamagedFiles, OfGraphmlGiveAGraphOrAMessage) {
  SKIP_WITHOUT_DATA();
  for (const std::string name : {"Arpanet196912", "Kreonet", "Psnc"}) {
    const std::string original = read_text_file(data_path("topologies/" + name + ".graphml"));
    const int read = survivors(original, 300, [](const std::string& text) {
      return parse_graphml(text, "damaged.graphml", {});
    });
    EXPECT_GT(read, 0);
    EXPECT_LT(read, 300);
  }
}

TEST(DamagedFiles, OfSimgridGiveAGraphOrAMessage) {
  const std::string original =
      "<?xml version='1.0'?><platform version=\"4.1\"><zone id=\"z\" routing=\"Full\">"
      "<cluster id=\"c\" prefix=\"n\" suffix=\".x\" radical=\"0-9,12\" speed=\"1Gf\" bw=\"1GBps\" "
      "lat=\"50us\" bb_bw=\"2GBps\" bb_lat=\"500us\"/>"
      "<zone id=\"y\" routing=\"Full\"><host id=\"a\" speed=\"1Gf\"/><host id=\"b\" speed=\"1Gf\"/>"
      "<link id=\"l\" bandwidth=\"10MBps\" latency=\"1ms\"/>"
      "<route src=\"a\" dst=\"b\"><link_ctn id=\"l\"/></route></zone>"
      "<link id=\"w\" bandwidth=\"10MBps\" latency=\"1ms\"/>"
      "<zoneRoute src=\"c\" dst=\"y\" gw_src=\"nc_router.x\" gw_dst=\"a\"><link_ctn id=\"w\"/>"
      "</zoneRoute></zone></platform>";
  EXPECT_EQ(parse_simgrid(original, "f", {}).places().size(), 15u);
  EXPECT_LT(
      survivors(original, 300,
                [](const std::string& text) { return parse_simgrid(text, "damaged.xml", {}); }),
      300);
}

TEST(DamagedFiles, OfSitesAndMatricesGiveAGraphOrAMessage) {
  const std::string sites = "SITE_ID,LATITUDE,LONGITUDE\n1,50,8\n2,50.1,8.2\n\"3, x\",49,7\n";
  survivors(sites, 300, [](const std::string& text) {
    const TemporaryFile file(text, ".damaged.csv");
    return read_sites({.file = file.path()}, {});
  });
  const std::string pings = "1/2/3/0.1:paris\n4/5/6/0.1:rome\n";
  survivors(pings, 300, [](const std::string& text) {
    const TemporaryFile file(text, ".damaged.dat");
    return read_matrix({.file = file.path()}, {});
  });
}

}  // namespace
}  // namespace evenkeel
