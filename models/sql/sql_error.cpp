#include "models/sql/sql_error.h"

#include <sqlite3.h>

namespace evenkeel {

Error error_of(const SqlError& error) {
  const std::string why = error.what();
  switch (error.kind()) {
    case SQLITE_FULL:
    case SQLITE_READONLY:  // there was no room to make it writable
      return {ErrorCode::full, "the disk is full; erase something or give it more capacity"};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_FORMAT:
      return {ErrorCode::disk, "the disk gives not what was written to it: " + why};
    case SQLITE_CONSTRAINT:
      return {ErrorCode::conflict, why};
    case SQLITE_AUTH:
    case SQLITE_PERM:
      return {ErrorCode::denied, why};
    case SQLITE_INTERRUPT:
    case SQLITE_ABORT:
      return {ErrorCode::stopped, why};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_NOMEM:
      return {ErrorCode::overloaded, why};
    default:
      return {ErrorCode::invalid, why};
  }
}

}  // namespace evenkeel
