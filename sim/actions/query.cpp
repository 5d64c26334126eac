// Asks the rows a question in SQL; what can be is computed where the rows are.
#include <array>

#include "models/runtime/user_error.h"
#include "sim/actions/row_maker.h"

namespace evenkeel {
namespace {

class Query final : public Action {
 public:
  struct Settings {
    std::string sql;
    std::string parameters;
    std::string level = "strong";
    Duration staleness = seconds(10);
    void describe(Fields& fields) {
      static constexpr std::array<std::string_view, 3> levels = {"strong", "bounded", "any"};
      fields.text("sql", sql, {"a SELECT over tables of the storage"});
      fields.text("parameters", parameters, {"for each ? a value: device, key, integer(1 9), ..."});
      fields.option("level", level, levels, {"how fresh the answer is"});
      fields.duration("staleness", staleness, {"bounded: how old at most", 0, 1e6});
    }
  };

  Query(const Settings& settings, const ActionSetting& setting) : sql_(settings.sql) {
    if (!settings.parameters.empty()) parameters_.emplace(settings.parameters);
    options_.level = settings.level == "any"       ? ReadLevel::any
                     : settings.level == "bounded" ? ReadLevel::bounded
                                                   : ReadLevel::strong;
    options_.staleness = settings.staleness;
    if (setting.tables.empty()) throw UserError("there is no table to ask; add 'storage.tables'");
  }

  Task<Result<Done>> run(ActionCall call) const override {
    std::vector<Value> parameters;
    if (parameters_) parameters = parameters_->row(call);
    Task<Result<QueryResult>> asking = call.clients.access->query(sql_, parameters, options_);
    const Result<QueryResult> answer = co_await std::move(asking);
    if (!answer) co_return answer.error();
    Probe& probe = call.node.probe();
    const NodeId here = call.node.id();
    probe.count("query bytes", here, static_cast<double>(answer->cost.bytes));
    probe.count("query nodes", here, static_cast<double>(answer->cost.nodes));
    probe.count("query rows scanned", here, static_cast<double>(answer->cost.rows_scanned));
    co_return Done{};
  }

 private:
  std::string sql_;
  std::optional<RowMaker> parameters_;
  ReadOptions options_;
};

const Registered entry{actions(), action_entry<Query>("query", "asks the rows in SQL")};

}  // namespace
}  // namespace evenkeel
