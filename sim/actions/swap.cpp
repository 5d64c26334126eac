// Replaces a row by compare-and-set, whatever it was: for tables with `cas`.
#include "sim/actions/row_action.h"

namespace evenkeel {
namespace {

class Swap final : public RowAction {
 public:
  using RowAction::RowAction;

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
};

const Registered entry{actions(), action_entry<Swap>("swap", "replaces a row by compare-and-set")};

}  // namespace
}  // namespace evenkeel
