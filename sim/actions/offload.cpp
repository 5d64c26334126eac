// Has a model run on a server that the balancer chooses; if the answer would come too late, a
// smaller one runs here.
#include "models/processing/offload.h"

#include <algorithm>

#include "models/balancing/balancers.h"
#include "models/runtime/user_error.h"
#include "sim/actions/action.h"

namespace evenkeel {
namespace {

class Offload final : public Action {
 public:
  struct Settings {
    std::string model;
    std::string fall_back;
    void describe(Fields& fields) {
      fields.text("model", model, {"a model of the processing"});
      fields.text("fall_back", fall_back,
                  {"a model without 'on': runs here if the deadline would be missed"});
    }
  };

  Offload(const Settings& settings, const ActionSetting& setting) : fall_back_(settings.fall_back) {
    const auto found = std::ranges::find(setting.models, settings.model, &OffloadModel::name);
    if (found == setting.models.end())
      throw UserError("an action offloads '" + settings.model +
                      "', which is no model of 'processing.models' that node kinds run; add it "
                      "there: " +
                      settings.model + ": {on: ..., work: ...}");
    model_ = *found;
    const bool is_there =
        std::ranges::find(setting.fallbacks, fall_back_) != setting.fallbacks.end();
    if (!fall_back_.empty() && !is_there)
      throw UserError("an action falls back to '" + fall_back_ +
                      "', which is no model of 'processing.models' without 'on'; add it there");
  }

  std::vector<std::string> asks() const override { return model_.kinds; }

  Task<Result<Done>> run(ActionCall call) const override {
    Balancer& balancer = call.clients.balancers->at(call.issue.seat, call.request_class.pool);
    OffloadRequest request{.model = model_.name,
                           .work = model_.work,
                           .input_bytes = call.issue.input_bytes,
                           .output_bytes = call.issue.output_bytes,
                           .request_class = call.issue.request_class,
                           .deadline = call.time_left,
                           .timeout = call.request_class.timeout,
                           .fallback = fall_back_};
    const auto home = call.clients.homes->find(model_.name);
    if (home != call.clients.homes->end()) request.home = home->second;
    Task<Result<OffloadAnswer>> running = call.clients.offloader->run(balancer, std::move(request));
    const Result<OffloadAnswer> answer = co_await std::move(running);
    if (!answer) co_return answer.error();
    if (!answer->fell_back) *call.phases = answer->phases;
    co_return Done{};
  }

 private:
  OffloadModel model_;
  std::string fall_back_;
};

const Registered entry{actions(), action_entry<Offload>("offload", "has a model run on a server")};

}  // namespace
}  // namespace evenkeel
