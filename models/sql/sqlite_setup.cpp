#include "models/sql/sqlite_setup.h"

#include <sqlite3.h>

#include <algorithm>
#include <mutex>

#include "models/runtime/random.h"

namespace evenkeel {
namespace {

constexpr int longest_value = 64 << 20;  // bytes; far above anything we write

thread_local Random* current_random = nullptr;
sqlite3_vfs* machine = nullptr;

// SQLite asks its default VFS for the seed of its generator, whichever VFS a connection uses.
int fill(sqlite3_vfs*, int size, char* bytes) {
  if (current_random == nullptr) return machine->xRandomness(machine, size, bytes);
  for (int i = 0; i < size; ++i) {
    static_assert(sizeof(char) == 1);
    bytes[i] = static_cast<char>((*current_random)());
  }
  return size;
}

void set_up() {
  // Refused if somebody else in this process used SQLite before; then it only costs memory.
  sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  sqlite3_config(SQLITE_CONFIG_PAGECACHE, nullptr, 0, 0);
  if (sqlite3_initialize() != SQLITE_OK) return;
  machine = sqlite3_vfs_find(nullptr);
  static sqlite3_vfs ours = *machine;
  ours.zName = "evenkeel";
  ours.xRandomness = fill;
  sqlite3_vfs_register(&ours, 1);
}

}  // namespace

void set_up_sqlite() {
  static std::once_flag once;
  std::call_once(once, set_up);
}

void harden_sqlite(sqlite3* handle) {
  sqlite3_extended_result_codes(handle, 1);
  sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, longest_value);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
}

void SqliteRandomness::begin(Random& random) {
  current_random = &random;
  sqlite3_randomness(0, nullptr);  // SQLite asks for a new seed when it next draws
}

void SqliteRandomness::end() { current_random = nullptr; }

}  // namespace evenkeel
