// Writes a row.
#include "sim/actions/row_maker.h"
#include "sim/actions/seen_row.h"

namespace evenkeel {
namespace {

class Put final : public Action {
 public:
  struct Settings {
    std::string table;
    std::string row;
    void describe(Fields& fields) {
      fields.text("table", table, {"a table of the storage"});
      fields.text("row", row, {"its values: device, key, now, unique, uniform(0 1), ..."});
    }
  };

  Put(const Settings& settings, const ActionSetting& setting)
      : table_(table_named(setting, settings.table)), row_(settings.row) {
    row_.check_columns(table_.columns.size(), "a row of '" + table_.name + "'");
  }

  Task<Result<Done>> run(ActionCall call) const override {
    const Row row = row_.row(call);
    SeenWrite seen{call, table_, row, row};
    Task<Result<Version>> putting = call.clients.records->put(table_, row);
    const Result<Version> put = co_await std::move(putting);
    seen.over(put ? nullptr : &put.error());
    if (!put) co_return put.error();
    co_return Done{};
  }

 private:
  TableSchema table_;
  RowMaker row_;
};

const Registered entry{actions(), action_entry<Put>("put", "writes a row")};

}  // namespace
}  // namespace evenkeel
