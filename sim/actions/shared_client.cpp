#include "sim/actions/shared_client.h"

#include <algorithm>

#include "models/runtime/user_error.h"
#include "models/sharing/refusal.h"

namespace evenkeel {

namespace {

void check_known(const std::vector<std::string>& all, const std::string& name,
                 const std::string& what, const std::string& where) {
  if (std::ranges::find(all, name) != all.end()) return;
  std::string known;
  for (const std::string& one : all) known += (known.empty() ? "" : ", ") + one;
  throw UserError("an action uses the " + what + " '" + name + "', which is not in '" + where +
                  "'" + (known.empty() ? std::string{"; add it there"} : "; there are: " + known));
}

}  // namespace

void check_data_set(const ActionSetting& setting, const std::string& name) {
  check_known(setting.data_sets, name, "data set", "sharing.data_sets");
}

void check_pool(const ActionSetting& setting, const std::string& name) {
  check_known(setting.pools, name, "pool", "sharing.pools");
}

Error of_no_party(const ActionCall& call) {
  return {ErrorCode::invalid,
          call.node.name() + " is of no party; add the devices to one in 'sharing.parties'"};
}

Result<DataSetId> data_set_named(const ActionCall& call, const std::string& name) {
  const SharedClient* shared = call.clients.shared;
  if (shared == nullptr || shared->desk == nullptr) return of_no_party(call);
  return shared->data_sets.at(name);
}

Error refused(const ActionCall& call, Error why) {
  call.node.probe().count("shared refused: " + refusal_name(why), call.node.id(), 1);
  return why;
}

}  // namespace evenkeel
