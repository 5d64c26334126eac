// Erases a row by its key.
#include "sim/actions/row_action.h"

namespace evenkeel {
namespace {

class Erase final : public KeyAction {
 public:
  using KeyAction::KeyAction;

  Task<Result<Done>> run(ActionCall call) const override {
    const Row key = key_.row(call);
    SeenWrite seen{call, table_, key, std::nullopt};
    Task<Result<Version>> erasing =
        call.clients.access->erase(table_.name, key, call.clients.session);
    const Result<Version> erased = co_await std::move(erasing);
    seen.over(erased ? nullptr : &erased.error());
    if (!erased) co_return erased.error();
    co_return Done{};
  }
};

const Registered entry{actions(), action_entry<Erase>("erase", "erases a row by its key")};

}  // namespace
}  // namespace evenkeel
