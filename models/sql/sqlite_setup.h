// SQLite's own settings and random numbers, which are the process's, put right once before first
// use. Without this, SQLite seeds one generator for all connections from /dev/urandom.
#pragma once

struct sqlite3;

namespace evenkeel {

class Random;

/// Before any other call into SQLite. Any thread, any number of times.
void set_up_sqlite();

/// Nothing in a hostile file may act: no triggers or functions beyond SQLite's own, no writes to
/// SQLite's own tables, values of at most 64 MiB. Turns extended result codes on.
void harden_sqlite(sqlite3* handle);

/// While it lives, what SQLite draws at random in this thread comes from the given stream.
class SqliteRandomness {
 public:
  explicit SqliteRandomness(Random& random) { begin(random); }
  ~SqliteRandomness() { end(); }
  SqliteRandomness(const SqliteRandomness&) = delete;

  static void begin(Random& random);
  static void end();
};

}  // namespace evenkeel
