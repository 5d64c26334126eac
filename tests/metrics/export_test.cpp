#include "sim/metrics/export.h"

#include <gmock/gmock.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <sstream>

#include "sim/metrics/table_writer.h"
#include "tests/metrics/sample_result.h"

namespace evenkeel {
namespace {

using test::sample_result;
using test::TemporaryFile;
using testing::ElementsAre;

/// A reader of RFC 4180, independent of the writer.
std::vector<std::vector<std::string>> parse_csv(const std::string& text) {
  std::vector<std::vector<std::string>> rows(1);
  std::string field;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted && c == '"' && i + 1 < text.size() && text[i + 1] == '"') {
      field += text[++i];
    } else if (c == '"') {
      quoted = !quoted;
    } else if (!quoted && (c == ',' || c == '\n')) {
      rows.back().push_back(std::exchange(field, {}));
      if (c == '\n') rows.emplace_back();
    } else {
      field += c;
    }
  }
  rows.pop_back();
  return rows;
}

class Export : public testing::Test {
 protected:
  Export() : place_("export.evk"), file_(place_.path(), ResultFile::Mode::write) {
    file_.add_run(sample_result(1, "nearest"));
    RunResult other = sample_result(2, "power_of_d: {d: 2, \"x\"}");
    other.chosen["name"] = "renamed";
    file_.add_run(other);
  }

  std::string text(ExportWhat what, ExportFormat format) const {
    std::ostringstream out;
    export_result(file_, what, format, out);
    return out.str();
  }

  TemporaryFile place_;
  ResultFile file_;
};

TEST(CsvTable, QuotesAsRfc4180Says) {
  std::ostringstream out;
  const auto table = csv_table(out, {"a", "b,c"});
  table->row({std::string("say \"hi\"\n"), 0.1});
  table->row({std::monostate(), no_value});
  table->row({true, std::uint64_t{18446744073709551615U}});
  table->end();
  EXPECT_EQ(out.str(), "a,\"b,c\"\n\"say \"\"hi\"\"\n\",0.1\n,\ntrue,18446744073709551615\n");
}

TEST_F(Export, GivesWhatIsInWordsApart) {
  const auto rows = parse_csv(text(ExportWhat::facts, ExportFormat::csv));
  EXPECT_EQ(rows.size(), 1 + 2 * 8U);
  EXPECT_EQ(rows[0].back(), "value");
  for (const auto& row : rows)
    if (row[row.size() - 2] == "mpc.corruptions") {
      EXPECT_EQ(row.back(), "1 of 3");
    }
}

TEST_F(Export, GivesWhatComputationsCost) {
  const auto json = nlohmann::json::parse(text(ExportWhat::scalars, ExportFormat::json));
  double online = 0;
  double link = 0;
  for (const auto& row : json) {
    if (row["name"] == "mpc.bytes.online") online = row["value"];
    if (row["name"] == "mpc_bytes" && row["subject"] == "up") link = row["value"];
  }
  EXPECT_DOUBLE_EQ(online, 400);
  EXPECT_DOUBLE_EQ(link, 1000);
}

TEST_F(Export, GivesEveryScalarWithAllItsDigits) {
  const auto rows = parse_csv(text(ExportWhat::scalars, ExportFormat::csv));
  EXPECT_THAT(rows[0],
              ElementsAre("run", "scenario", "seed", "version", "world", "balancing.policy",
                          "set.name", "scope", "subject", "name", "unit", "value"));
  const RunResult truth = file_.read_run(2);
  bool found = false;
  for (const auto& row : rows) {
    ASSERT_EQ(row.size(), rows[0].size());
    if (row[0] != "2" || row[7] != "run" || row[9] != "latency.p99") continue;
    found = true;
    EXPECT_EQ(row[4], "simgrid");
    EXPECT_EQ(row[5], "power_of_d: {d: 2, \"x\"}");
    EXPECT_EQ(row[6], "renamed");
    EXPECT_EQ(std::stod(row[11]), truth.latency.p99);
  }
  EXPECT_TRUE(found);
}

TEST_F(Export, SaysTheSameInCsvAndJson) {
  for (const auto what :
       {ExportWhat::scalars, ExportWhat::series, ExportWhat::requests, ExportWhat::histograms}) {
    const auto rows = parse_csv(text(what, ExportFormat::csv));
    const auto json = nlohmann::json::parse(text(what, ExportFormat::json));
    ASSERT_EQ(json.size() + 1, rows.size());
    for (std::size_t i = 0; i < json.size(); ++i) {
      for (std::size_t column = 0; column < rows[0].size(); ++column) {
        const auto& value = json[i].at(rows[0][column]);
        const std::string& cell = rows[i + 1][column];
        if (value.is_null()) {
          ASSERT_EQ(cell, "");
        } else if (value.is_string()) {
          ASSERT_EQ(cell, value.get<std::string>());
        } else if (value.is_number()) {
          ASSERT_EQ(std::stod(cell), value.get<double>());
        }
      }
    }
  }
}

TEST_F(Export, GivesEveryKeptRequestWithItsPhases) {
  const auto rows = nlohmann::json::parse(text(ExportWhat::requests, ExportFormat::json));
  const RunResult first = file_.read_run(1);
  const RunResult second = file_.read_run(2);
  ASSERT_EQ(rows.size(), first.requests.size() + second.requests.size());
  for (const auto& row : rows) {
    EXPECT_NEAR(row["latency_s"].get<double>(),
                row["queue_s"].get<double>() + row["compute_s"].get<double>(), 1e-9);
    EXPECT_EQ(row["server"].is_null(), row["end"] != "completed");
  }
}

}  // namespace
}  // namespace evenkeel
