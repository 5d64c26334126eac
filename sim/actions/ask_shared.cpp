// Asks a question in SQL about what another party shares, under a grant: the first use comes to an
// agreement with the owner, and each question shows the grant to the nodes that keep the rows.
#include <array>

#include "sim/actions/row_maker.h"
#include "sim/actions/shared_client.h"

namespace evenkeel {
namespace {

class AskShared final : public Action {
 public:
  struct Settings {
    SharedSettings shared;
    std::string sql;
    std::string parameters;
    std::string level = "any";
    Duration staleness = seconds(10);
    void describe(Fields& fields) {
      static constexpr std::array<std::string_view, 2> levels = {"bounded", "any"};
      shared.describe(fields);
      fields.text("sql", sql, {"a SELECT over the table that the data set is made of"});
      fields.text("parameters", parameters, {"for each ? a value: device, key, integer(1 9), ..."});
      fields.option("level", level, levels, {"how fresh the answer is"});
      fields.duration("staleness", staleness, {"bounded: how old at most", 0, 1e6});
    }
  };

  AskShared(const Settings& settings, const ActionSetting& setting) : settings_(settings) {
    check_data_set(setting, settings.shared.data_set);
    if (!settings.parameters.empty()) parameters_.emplace(settings.parameters);
  }

  Task<Result<Done>> run(ActionCall call) const override {
    const Result<DataSetId> id = data_set_named(call, settings_.shared.data_set);
    if (!id) co_return id.error();
    std::vector<Value> parameters;
    if (parameters_) parameters = parameters_->row(call);
    ReadOptions options{.level = settings_.level == "any" ? ReadLevel::any : ReadLevel::bounded,
                        .staleness = settings_.staleness};
    Task<Result<QueryResult>> asking = call.clients.shared->desk->query(
        *id, settings_.shared.purpose, settings_.sql, std::move(parameters), std::move(options));
    const Result<QueryResult> answer = co_await std::move(asking);
    if (!answer) co_return refused(call, answer.error());
    Probe& probe = call.node.probe();
    probe.count("shared answers", call.node.id(), 1);
    probe.count("shared query bytes", call.node.id(), static_cast<double>(answer->cost.bytes));
    co_return Done{};
  }

 private:
  Settings settings_;
  std::optional<RowMaker> parameters_;
};

const Registered entry{actions(),
                       action_entry<AskShared>("ask_shared", "asks another party's rows in SQL")};

}  // namespace
}  // namespace evenkeel
