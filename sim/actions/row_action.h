// What actions on one row share: the table, and how the row or its key is made.
#pragma once

#include "sim/actions/row_maker.h"
#include "sim/actions/seen_row.h"

namespace evenkeel {

/// An action that is given a whole row.
class RowAction : public Action {
 public:
  struct Settings {
    std::string table;
    std::string row;
    void describe(Fields& fields) {
      fields.text("table", table, {"a table of the storage"});
      fields.text("row", row, {"its values: device, key, now, unique, uniform(0 1), ..."});
    }
  };

  RowAction(const Settings& settings, const ActionSetting& setting)
      : table_(table_named(setting, settings.table)), row_(settings.row) {
    row_.check_columns(table_.columns.size(), "a row of '" + table_.name + "'");
  }

 protected:
  TableSchema table_;
  RowMaker row_;
};

/// An action that is given the key of a row.
class KeyAction : public Action {
 public:
  struct Settings {
    std::string table;
    std::string key;
    void describe(Fields& fields) {
      fields.text("table", table, {"a table of the storage"});
      fields.text("key", key, {"the values of its key: device, key, integer(1 10), ..."});
    }
  };

  KeyAction(const Settings& settings, const ActionSetting& setting)
      : table_(table_named(setting, settings.table)), key_(settings.key) {
    key_.check_columns(table_.key_columns, "a key of '" + table_.name + "'");
  }

 protected:
  TableSchema table_;
  RowMaker key_;
};

}  // namespace evenkeel
