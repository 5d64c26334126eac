// Writes a row.
#include "sim/actions/row_action.h"

namespace evenkeel {
namespace {

class Put final : public RowAction {
 public:
  using RowAction::RowAction;

  Task<Result<Done>> run(ActionCall call) const override {
    const Row row = row_.row(call);
    SeenWrite seen{call, table_, row, row};
    Task<Result<Version>> putting =
        call.clients.access->put(table_.name, row, call.clients.session);
    const Result<Version> put = co_await std::move(putting);
    seen.over(put ? nullptr : &put.error());
    if (!put) co_return put.error();
    co_return Done{};
  }
};

const Registered entry{actions(), action_entry<Put>("put", "writes a row")};

}  // namespace
}  // namespace evenkeel
