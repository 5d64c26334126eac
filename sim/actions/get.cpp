// Reads a row by its key.
#include "sim/actions/row_maker.h"
#include "sim/actions/seen_row.h"

namespace evenkeel {
namespace {

class Get final : public Action {
 public:
  struct Settings {
    std::string table;
    std::string key;
    void describe(Fields& fields) {
      fields.text("table", table, {"a table of the storage"});
      fields.text("key", key, {"the values of its key: device, key, integer(1 10), ..."});
    }
  };

  Get(const Settings& settings, const ActionSetting& setting)
      : table_(table_named(setting, settings.table)), key_(settings.key) {
    key_.check_columns(table_.key_columns, "a key of '" + table_.name + "'");
  }

  Task<Result<Done>> run(ActionCall call) const override {
    const Row key = key_.row(call);
    SeenRead seen{call, table_, key};
    Task<Result<StoredRow>> getting = call.clients.records->get(table_, key);
    const Result<StoredRow> got = co_await std::move(getting);
    if (!got) co_return got.error();
    seen.over(got->values);
    co_return Done{};
  }

 private:
  TableSchema table_;
  RowMaker key_;
};

const Registered entry{actions(), action_entry<Get>("get", "reads a row by its key")};

}  // namespace
}  // namespace evenkeel
