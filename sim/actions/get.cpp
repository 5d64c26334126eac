// Reads a row by its key.
#include "sim/actions/row_action.h"

namespace evenkeel {
namespace {

class Get final : public KeyAction {
 public:
  using KeyAction::KeyAction;

  Task<Result<Done>> run(ActionCall call) const override {
    const Row key = key_.row(call);
    SeenRead seen{call, table_, key};
    Task<Result<StoredRow>> getting = call.clients.records->get(table_, key);
    const Result<StoredRow> got = co_await std::move(getting);
    if (!got) co_return got.error();
    seen.over(got->values);
    co_return Done{};
  }
};

const Registered entry{actions(), action_entry<Get>("get", "reads a row by its key")};

}  // namespace
}  // namespace evenkeel
