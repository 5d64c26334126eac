// SQLite on a node's Disk: one database, its journal and its log are files there.
#pragma once

#include "models/runtime/disk.h"
#include "models/sql/database.h"

namespace evenkeel {

struct DiskDatabase {
  std::uint64_t seed = 0;     // of what SQLite draws at random; mixed with what is on the disk
  int page_bytes = 1024;      // of a new database: a power of two, 512 to 65536
  int cache_pages = 64;       // in memory, beyond those of a transaction
  int checkpoint_pages = 64;  // so many in the log are copied into the database file
};

/// Opens or makes the database `file`. The disk outlives it, and nobody else opens the file
/// meanwhile. One thread at a time; databases of several threads do not share anything.
///
/// A commit that came back survives lose_power() of the disk, also where a write that was cut off
/// spoils its whole 512-byte sector, and also if the power fails again after that; one that did
/// not come back is there wholly or not at all (synchronous=FULL, no powersafe overwrite, and the
/// log is emptied at each opening: frames recovered from it share sectors with what is appended).
/// Closing it writes nothing. The same calls with the same seed on the same disk do the same reads
/// and writes; SQL's random() is a function of them too, and its clock stands at 1970-01-01.
///
/// Where the disk has no room to empty the log, the database can be read, and a write is refused as
/// SQLITE_READONLY until it is opened again with room.
///
/// ErrorCode::disk if the file is damaged or no database, or the disk fails; ErrorCode::full if
/// there is no room to make it. What its statements throw is an SqlError: SQLITE_FULL where the
/// disk says ErrorCode::full, SQLITE_IOERR for all else it says.
Result<std::unique_ptr<Database>> open_on_disk(Disk& disk, const std::string& file,
                                               const DiskDatabase& settings = {});

}  // namespace evenkeel
