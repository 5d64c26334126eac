// Fetches a file that another party shares, under a grant: block by block, from its owner and from
// all who have some already. What is here already is not fetched again.
#include "sim/actions/file_name.h"
#include "sim/actions/shared_client.h"

namespace evenkeel {
namespace {

class FetchShared final : public Action {
 public:
  struct Settings {
    SharedSettings shared;
    Duration limit = seconds(600);
    void describe(Fields& fields) {
      shared.describe(fields);
      fields.duration("limit", limit, {"the fetch is given up after this", 1e-3, 1e7});
    }
  };

  FetchShared(const Settings& settings, const ActionSetting& setting) : settings_(settings) {
    check_data_set(setting, settings.shared.data_set);
  }

  Task<Result<Done>> run(ActionCall call) const override {
    const Result<DataSetId> id = data_set_named(call, settings_.shared.data_set);
    if (!id) co_return id.error();
    Task<Result<Blob>> fetching =
        call.clients.shared->desk->fetch(*id, settings_.shared.purpose, settings_.limit);
    const Result<Blob> file = co_await std::move(fetching);
    if (!file) co_return refused(call, file.error());
    call.node.probe().count("shared files fetched", call.node.id(), 1);
    if (call.setting.witness != nullptr)
      call.setting.witness->file_got("shared " + id->name, digest_of(*file), call.node.now());
    co_return Done{};
  }

 private:
  Settings settings_;
};

const Registered entry{
    actions(), action_entry<FetchShared>("fetch_shared", "fetches a file that a party shares")};

}  // namespace
}  // namespace evenkeel
