#include "sim/actions/shared_client.h"

#include <algorithm>

#include "models/runtime/user_error.h"
#include "models/sharing/refusal.h"

namespace evenkeel {

void check_data_set(const ActionSetting& setting, const std::string& name) {
  if (std::ranges::find(setting.data_sets, name) != setting.data_sets.end()) return;
  std::string known;
  for (const std::string& one : setting.data_sets) known += (known.empty() ? "" : ", ") + one;
  throw UserError("an action uses the data set '" + name +
                  "', which is not in 'sharing.data_sets'" +
                  (known.empty() ? std::string{"; add it there"} : "; there are: " + known));
}

Result<DataSetId> data_set_named(const ActionCall& call, const std::string& name) {
  const SharedClient* shared = call.clients.shared;
  if (shared == nullptr || shared->desk == nullptr)
    return Error{ErrorCode::invalid, call.node.name() +
                                         " is of no party; add the devices to one in "
                                         "'sharing.parties'"};
  return shared->data_sets.at(name);
}

Error refused(const ActionCall& call, Error why) {
  call.node.probe().count("shared refused: " + refusal_name(why), call.node.id(), 1);
  return why;
}

}  // namespace evenkeel
