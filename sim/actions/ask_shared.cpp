// Asks a question in SQL about what another party shares, under a grant: the first use comes to an
// agreement with the owner, and each question shows the grant to the nodes that keep the rows. Or
// about what several parties share together, whose answer is computed in secret.
#include <array>

#include "models/access/sql_parser.h"
#include "models/runtime/user_error.h"
#include "models/sharing/pooling/pool_desk.h"
#include "sim/actions/row_maker.h"
#include "sim/actions/shared_client.h"

namespace evenkeel {
namespace {

class AskShared final : public Action {
 public:
  struct Settings {
    SharedSettings shared;
    std::string pool;
    std::string sql;
    std::string parameters;
    std::string level = "any";
    Duration staleness = seconds(10);
    void describe(Fields& fields) {
      static constexpr std::array<std::string_view, 2> levels = {"bounded", "any"};
      shared.describe(fields);
      fields.text("pool", pool, {"or one of 'sharing.pools', which is the table's name in 'sql'"});
      fields.text("sql", sql, {"a SELECT over the table that the data set is made of"});
      fields.text("parameters", parameters, {"for each ? a value: device, key, integer(1 9), ..."});
      fields.option("level", level, levels, {"how fresh the answer is"});
      fields.duration("staleness", staleness, {"bounded: how old at most", 0, 1e6});
    }
  };

  AskShared(const Settings& settings, const ActionSetting& setting) : settings_(settings) {
    if (settings.pool.empty()) {
      check_data_set(setting, settings.shared.data_set);
    } else {
      check_pool(setting, settings.pool);
      if (!settings.shared.data_set.empty())
        throw UserError("ask_shared is about a data set or about a pool; leave one of them out");
    }
    if (const Result<Query> parsed = parse_sql(settings.sql); !parsed)
      throw UserError("ask_shared: '" + settings.sql + "': " + parsed.error().detail);
    if (!settings.parameters.empty()) parameters_.emplace(settings.parameters);
  }

  Task<Result<Done>> run(ActionCall call) const override {
    Task<Result<QueryResult>> asking = settings_.pool.empty() ? ask(call) : ask_pool(call);
    const Result<QueryResult> answer = co_await std::move(asking);
    if (!answer) co_return refused(call, answer.error());
    Probe& probe = call.node.probe();
    probe.count("shared answers", call.node.id(), 1);
    if (settings_.pool.empty())
      probe.count("shared query bytes", call.node.id(), static_cast<double>(answer->cost.bytes));
    else
      probe.count("owners in answers of pools", call.node.id(),
                  static_cast<double>(answer->cost.nodes));
    co_return Done{};
  }

 private:
  Task<Result<QueryResult>> ask(ActionCall call) const {
    const Result<DataSetId> id = data_set_named(call, settings_.shared.data_set);
    if (!id) co_return id.error();
    ReadOptions options{.level = settings_.level == "any" ? ReadLevel::any : ReadLevel::bounded,
                        .staleness = settings_.staleness};
    Task<Result<QueryResult>> asking = call.clients.shared->desk->query(
        *id, settings_.shared.purpose, settings_.sql, parameters_of(call), std::move(options));
    Result<QueryResult> answer = co_await std::move(asking);
    co_return answer;
  }
  Task<Result<QueryResult>> ask_pool(ActionCall call) const {
    if (call.clients.pools == nullptr) co_return of_no_party(call);
    Task<Result<QueryResult>> asking = call.clients.pools->query(
        settings_.pool, settings_.shared.purpose, settings_.sql, parameters_of(call));
    Result<QueryResult> answer = co_await std::move(asking);
    co_return answer;
  }
  std::vector<Value> parameters_of(const ActionCall& call) const {
    return parameters_ ? parameters_->row(call) : std::vector<Value>{};
  }

  Settings settings_;
  std::optional<RowMaker> parameters_;
};

const Registered entry{actions(),
                       action_entry<AskShared>("ask_shared", "asks another party's rows in SQL")};

}  // namespace
}  // namespace evenkeel
