// Asks the rows a question in SQL; what can be is computed where the rows are.
#include "models/runtime/user_error.h"
#include "sim/actions/read_choice.h"
#include "sim/actions/row_maker.h"

namespace evenkeel {
namespace {

class Query final : public Action {
 public:
  struct Settings {
    std::string sql;
    std::string parameters;
    ReadChoice read;
    void describe(Fields& fields) {
      fields.text("sql", sql, {"a SELECT over tables of the storage"});
      fields.text("parameters", parameters, {"for each ? a value: device, key, integer(1 9), ..."});
      read.describe(fields);
    }
  };

  Query(const Settings& settings, const ActionSetting& setting)
      : sql_(settings.sql), read_(settings.read) {
    if (!settings.parameters.empty()) parameters_.emplace(settings.parameters);
    if (setting.tables.empty()) throw UserError("there is no table to ask; add 'storage.tables'");
  }

  Task<Result<Done>> run(ActionCall call) const override {
    std::vector<Value> parameters;
    if (parameters_) parameters = parameters_->row(call);
    const ReadOptions options = read_.options(call);
    const Time asked = call.node.now();
    Task<Result<QueryResult>> asking = call.clients.access->query(sql_, parameters, options);
    const Result<QueryResult> answer = co_await std::move(asking);
    if (!answer) co_return answer.error();
    Probe& probe = call.node.probe();
    const NodeId here = call.node.id();
    probe.count("query bytes", here, static_cast<double>(answer->cost.bytes));
    probe.count("query nodes", here, static_cast<double>(answer->cost.nodes));
    probe.count("query rows scanned", here, static_cast<double>(answer->cost.rows_scanned));
    probe.count("queries: " + answer->plan, here, 1);
    probe.count("query seconds: " + answer->plan, here, to_seconds(call.node.now() - asked));
    co_return Done{};
  }

 private:
  std::string sql_;
  std::optional<RowMaker> parameters_;
  ReadChoice read_;
};

const Registered entry{actions(), action_entry<Query>("query", "asks the rows in SQL")};

}  // namespace
}  // namespace evenkeel
