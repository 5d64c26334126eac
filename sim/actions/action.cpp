#include "sim/actions/action.h"

#include "models/runtime/user_error.h"

namespace evenkeel {

Catalogue& actions() {
  static Catalogue all{"action"};
  return all;
}

const TableSchema& table_named(const ActionSetting& setting, const std::string& name) {
  const auto found = std::ranges::find(setting.tables, name, &TableSchema::name);
  if (found != setting.tables.end()) return *found;
  std::string known;
  for (const TableSchema& table : setting.tables) known += (known.empty() ? "" : ", ") + table.name;
  throw UserError("an action uses the table '" + name + "', which is not in 'storage.tables'" +
                  (known.empty() ? std::string{"; add it there"} : "; there are: " + known));
}

void check_space(const ActionSetting& setting, const std::string& name) {
  if (std::ranges::find(setting.file_spaces, name) != setting.file_spaces.end()) return;
  throw UserError("an action uses the name space '" + name +
                  "', which is not in 'storage.files'; add it there: files: {" + name + ": {}}");
}

}  // namespace evenkeel
