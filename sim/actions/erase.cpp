// Erases a row by its key.
#include "sim/actions/row_maker.h"
#include "sim/actions/seen_row.h"

namespace evenkeel {
namespace {

class Erase final : public Action {
 public:
  struct Settings {
    std::string table;
    std::string key;
    void describe(Fields& fields) {
      fields.text("table", table, {"a table of the storage"});
      fields.text("key", key, {"the values of its key: device, key, integer(1 10), ..."});
    }
  };

  Erase(const Settings& settings, const ActionSetting& setting)
      : table_(table_named(setting, settings.table)), key_(settings.key) {
    key_.check_columns(table_.key_columns, "a key of '" + table_.name + "'");
  }

  Task<Result<Done>> run(ActionCall call) const override {
    const Row key = key_.row(call);
    SeenWrite seen{call, table_, key, std::nullopt};
    Task<Result<Version>> erasing = call.clients.records->erase(table_, key);
    const Result<Version> erased = co_await std::move(erasing);
    seen.over(erased ? nullptr : &erased.error());
    if (!erased) co_return erased.error();
    co_return Done{};
  }

 private:
  TableSchema table_;
  RowMaker key_;
};

const Registered entry{actions(), action_entry<Erase>("erase", "erases a row by its key")};

}  // namespace
}  // namespace evenkeel
