// What SQLite refuses, as an exception: thrown by Database and Statement, caught where the caller
// knows what it means. In models/ that is sql_result(); where a user named the file, a UserError.
#pragma once

#include <stdexcept>
#include <string>
#include <type_traits>

#include "models/runtime/result.h"

namespace evenkeel {

class SqlError : public std::runtime_error {
 public:
  /// `code` is SQLite's extended result code.
  SqlError(int code, const std::string& message) : std::runtime_error(message), code_(code) {}

  int code() const { return code_; }
  /// The code's kind: SQLITE_CORRUPT for SQLITE_CORRUPT_INDEX.
  int kind() const { return code_ & 0xff; }

 private:
  int code_;
};

/// ErrorCode::full for a full disk and for a database that was opened on one, `disk` for one that
/// fails or holds what no store wrote, `conflict` for a constraint, `denied` for what the
/// authorizer forbids, `stopped` for a query that was interrupted, `overloaded` for a locked file
/// or too little memory, else `invalid`.
Error error_of(const SqlError& error);

/// What `work` returns, a Result; or the error it threw.
template <class Work>
std::invoke_result_t<Work&> sql_result(Work&& work) {
  try {
    return work();
  } catch (const SqlError& error) {
    return error_of(error);
  }
}

}  // namespace evenkeel
