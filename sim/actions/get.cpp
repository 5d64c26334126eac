// Reads a row by its key.
#include "sim/actions/read_choice.h"
#include "sim/actions/row_action.h"

namespace evenkeel {
namespace {

class Get final : public KeyAction {
 public:
  struct Settings : KeyAction::Settings {
    ReadChoice read;
    void describe(Fields& fields) {
      KeyAction::Settings::describe(fields);
      read.describe(fields);
    }
  };

  Get(const Settings& settings, const ActionSetting& setting)
      : KeyAction(settings, setting), read_(settings.read) {}

  void be_seen_by(Witness& witness) const override {
    witness.promise(table_.name, read_.weakened(witness.promises_of(table_.name)));
  }

  Task<Result<Done>> run(ActionCall call) const override {
    const Row key = key_.row(call);
    SeenRead seen{call, table_, key};
    const ReadOptions options = read_.options(call);
    Task<Result<StoredRow>> getting = call.clients.access->get(table_.name, key, options);
    const Result<StoredRow> got = co_await std::move(getting);
    if (!got) co_return got.error();
    seen.over(got->values);
    co_return Done{};
  }

 private:
  ReadChoice read_;
};

const Registered entry{actions(), action_entry<Get>("get", "reads a row by its key")};

}  // namespace
}  // namespace evenkeel
