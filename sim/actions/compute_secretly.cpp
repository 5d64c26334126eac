// Has the parties of the section 'mpc' compute what many own and nobody may see; the answer comes
// to where the request does.
#include "models/runtime/user_error.h"
#include "sim/actions/action.h"
#include "sim/actions/secret_computations.h"

namespace evenkeel {
namespace {

class ComputeSecretly final : public Action {
 public:
  struct Settings {
    std::string computation;
    void describe(Fields& fields) {
      fields.text("computation", computation, {"one of 'mpc.computations'"});
    }
  };

  ComputeSecretly(const Settings& settings, const ActionSetting& setting)
      : name_(settings.computation) {
    if (!setting.computations.contains(name_))
      throw UserError("an action computes '" + name_ +
                      "', which is none of 'mpc.computations'; add it there: " + name_ +
                      ": {function: ..., of: ..., values: ...}");
  }

  Task<Result<Done>> run(ActionCall call) const override {
    Task<Result<Done>> computing = call.clients.computations->compute(name_);
    const Result<Done> done = co_await std::move(computing);
    co_return done;
  }

 private:
  std::string name_;
};

const Registered entry{actions(),
                       action_entry<ComputeSecretly>(
                           "compute", "has a multi-party computation held over what many own")};

}  // namespace
}  // namespace evenkeel
