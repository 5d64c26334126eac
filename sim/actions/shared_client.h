// What actions on a node use of what parties share with each other.
#pragma once

#include <map>

#include "models/sharing/grant_desk.h"
#include "sim/actions/action.h"

namespace evenkeel {

/// Of the party whose node it is.
struct SharedClient {
  GrantDesk* desk = nullptr;
  std::map<std::string, DataSetId> data_sets = {};   // by name
  std::map<std::string, DataSetId> own_tables = {};  // of this party, by table
};

/// What both actions are told.
struct SharedSettings {
  std::string data_set;
  std::string purpose;
  void describe(Fields& fields) {
    fields.text("data_set", data_set, {"one of 'sharing.data_sets'"});
    fields.text("purpose", purpose, {"what it is asked for, as the grant demands it"});
  }
};

/// UserError with those that there are, unless there is such a data set.
void check_data_set(const ActionSetting& setting, const std::string& name);
/// The same of a pool.
void check_pool(const ActionSetting& setting, const std::string& name);
/// ErrorCode::invalid: the node where the action is done is of no party; what to do.
Error of_no_party(const ActionCall& call);
/// Which it is, on the node where the action is done; or of_no_party().
Result<DataSetId> data_set_named(const ActionCall& call, const std::string& name);
/// Counts a refusal by its name; what came of the action.
Error refused(const ActionCall& call, Error why);

}  // namespace evenkeel
