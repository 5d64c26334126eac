// Replaces a row by compare-and-set, whatever it was: for tables with `cas`.
#include "sim/actions/row_maker.h"
#include "sim/actions/seen_row.h"

namespace evenkeel {
namespace {

class Swap final : public Action {
 public:
  struct Settings {
    std::string table;
    std::string row;
    void describe(Fields& fields) {
      fields.text("table", table, {"a table of the storage"});
      fields.text("row", row, {"its values: device, key, now, unique, uniform(0 1), ..."});
    }
  };

  Swap(const Settings& settings, const ActionSetting& setting)
      : table_(table_named(setting, settings.table)), row_(settings.row) {
    row_.check_columns(table_.columns.size(), "a row of '" + table_.name + "'");
  }

  Task<Result<Done>> run(ActionCall call) const override {
    const Row row = row_.row(call);
    const Row key(row.begin(), row.begin() + table_.key_columns);
    const auto before = std::make_shared<std::optional<Row>>();
    const Records::Next next = [row, before](const std::optional<Row>& was) {
      *before = was;
      return Result<std::optional<Row>>{row};
    };
    SeenSwap seen{call, table_, row};
    Task<Result<std::optional<Row>>> changing = call.clients.records->change(table_, key, next);
    const Result<std::optional<Row>> changed = co_await std::move(changing);
    if (!changed) {
      seen.failed(changed.error());
      co_return changed.error();
    }
    seen.over(*before);
    co_return Done{};
  }

 private:
  TableSchema table_;
  RowMaker row_;
};

const Registered entry{actions(), action_entry<Swap>("swap", "replaces a row by compare-and-set")};

}  // namespace
}  // namespace evenkeel
