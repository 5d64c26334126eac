#include "models/sql/disk_vfs.h"

#include <fmt/format.h>
#include <sqlite3.h>
#include <xxhash.h>

#include <atomic>
#include <cstring>
#include <utility>

#include "models/runtime/random.h"
#include "models/sql/sqlite_setup.h"

namespace evenkeel {
namespace {

constexpr int longest_name = 512;
constexpr sqlite3_int64 unix_epoch_ms = 210'866'760'000'000;  // in SQLite's Julian days

// A VFS of one database. SQLite knows it by a name that no other in the process has.
class DiskVfs final : public SqlGround {
 public:
  DiskVfs(Disk& disk, std::uint64_t seed) : disk_(disk), random_(seed) {
    static std::atomic<std::uint64_t> count{0};
    name_ = fmt::format("evenkeel-disk-{}", count.fetch_add(1));
    fill_in();
    sqlite3_vfs_register(&vfs_, 0);
  }
  ~DiskVfs() override { sqlite3_vfs_unregister(&vfs_); }
  DiskVfs(const DiskVfs&) = delete;

  const char* name() const { return vfs_.zName; }
  void enter() override { SqliteRandomness::begin(random_); }
  void leave() override { SqliteRandomness::end(); }
  void close() override { closed_ = true; }

 private:
  struct File {
    sqlite3_file base;  // first: SQLite sees only this
    DiskVfs* vfs;
    const char* name;  // SQLite keeps it until the file is closed
    std::string_view path() const { return name; }
  };
  static File& file(sqlite3_file* opened) { return *reinterpret_cast<File*>(opened); }
  static Disk& disk(sqlite3_file* opened) { return file(opened).vfs->disk_; }
  static DiskVfs& self(sqlite3_vfs* vfs) { return *static_cast<DiskVfs*>(vfs->pAppData); }

  static int refused(const Error& error, int otherwise) {
    return error.code == ErrorCode::full ? SQLITE_FULL : otherwise;
  }

  static int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* opened, int flags,
                  int* flags_out) {
    opened->pMethods = nullptr;
    if (name == nullptr) return SQLITE_CANTOPEN;  // temporary files are in memory
    DiskVfs& on = self(vfs);
    if (!on.disk_.size(name)) {
      if ((flags & SQLITE_OPEN_CREATE) == 0 || on.closed_) return SQLITE_CANTOPEN;
      const Result<std::size_t> made = on.disk_.write(name, 0, {});
      if (!made) return refused(made.error(), SQLITE_CANTOPEN);
    }
    file(opened) = {.base = {&methods_}, .vfs = &on, .name = name};
    if (flags_out != nullptr) *flags_out = flags;
    return SQLITE_OK;
  }

  static int remove(sqlite3_vfs* vfs, const char* name, int) {
    DiskVfs& on = self(vfs);
    if (on.closed_) return SQLITE_IOERR_DELETE;
    if (!on.disk_.size(name)) return SQLITE_IOERR_DELETE_NOENT;
    on.disk_.remove(name);
    return SQLITE_OK;
  }

  static int exists(sqlite3_vfs* vfs, const char* name, int, int* answer) {
    *answer = self(vfs).disk_.size(name) ? 1 : 0;
    return SQLITE_OK;
  }

  static int full_path(sqlite3_vfs*, const char* name, int size, char* path) {
    const std::size_t length = std::strlen(name);
    if (length >= static_cast<std::size_t>(size)) return SQLITE_CANTOPEN;
    std::memcpy(path, name, length + 1);
    return SQLITE_OK;
  }

  static int randomness(sqlite3_vfs* vfs, int size, char* bytes) {
    for (int i = 0; i < size; ++i) bytes[i] = static_cast<char>(self(vfs).random_());
    return size;
  }

  static int now(sqlite3_vfs*, sqlite3_int64* ms) {
    *ms = unix_epoch_ms;
    return SQLITE_OK;
  }
  static int now_days(sqlite3_vfs*, double* days) {
    *days = static_cast<double>(unix_epoch_ms) / 86'400'000;
    return SQLITE_OK;
  }
  static int sleep(sqlite3_vfs*, int) { return 0; }
  static int last_error(sqlite3_vfs*, int, char*) { return 0; }

  static int read(sqlite3_file* from, void* bytes, int size, sqlite3_int64 offset) {
    const auto wanted = static_cast<std::size_t>(size);
    const Result<std::vector<std::byte>> got =
        disk(from).read(file(from).path(), static_cast<std::uint64_t>(offset), wanted);
    if (!got) return SQLITE_IOERR_READ;
    if (!got->empty()) std::memcpy(bytes, got->data(), got->size());
    if (got->size() == wanted) return SQLITE_OK;
    std::memset(static_cast<std::byte*>(bytes) + got->size(), 0, wanted - got->size());
    return SQLITE_IOERR_SHORT_READ;
  }

  static int write(sqlite3_file* to, const void* bytes, int size, sqlite3_int64 offset) {
    if (file(to).vfs->closed_) return SQLITE_IOERR_WRITE;
    const std::span<const std::byte> what{static_cast<const std::byte*>(bytes),
                                          static_cast<std::size_t>(size)};
    const Result<std::size_t> written =
        disk(to).write(file(to).path(), static_cast<std::uint64_t>(offset), what);
    return written ? SQLITE_OK : refused(written.error(), SQLITE_IOERR_WRITE);
  }

  static int truncate(sqlite3_file* to, sqlite3_int64 size) {
    if (file(to).vfs->closed_) return SQLITE_IOERR_TRUNCATE;
    const Result<std::size_t> cut =
        disk(to).truncate(file(to).path(), static_cast<std::uint64_t>(size));
    return cut ? SQLITE_OK : SQLITE_IOERR_TRUNCATE;
  }

  static int sync(sqlite3_file* what, int) {
    if (file(what).vfs->closed_) return SQLITE_IOERR_FSYNC;
    const Result<std::size_t> synced = disk(what).sync(file(what).path());
    return synced ? SQLITE_OK : refused(synced.error(), SQLITE_IOERR_FSYNC);
  }

  static int size(sqlite3_file* of, sqlite3_int64* bytes) {
    const Result<std::uint64_t> known = disk(of).size(file(of).path());
    if (!known) return SQLITE_IOERR_FSTAT;
    *bytes = static_cast<sqlite3_int64>(*known);
    return SQLITE_OK;
  }

  static int close_file(sqlite3_file*) { return SQLITE_OK; }
  // Nobody else opens the file.
  static int lock(sqlite3_file*, int) { return SQLITE_OK; }
  static int is_reserved(sqlite3_file*, int* answer) {
    *answer = 0;
    return SQLITE_OK;
  }
  static int control(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
  static int sector_bytes(sqlite3_file*) { return 512; }
  // No SQLITE_IOCAP_POWERSAFE_OVERWRITE: a write that is cut off may spoil its sectors.
  static int characteristics(sqlite3_file*) { return 0; }

  void fill_in() {
    vfs_.iVersion = 2;
    vfs_.szOsFile = sizeof(File);
    vfs_.mxPathname = longest_name;
    vfs_.zName = name_.c_str();
    vfs_.pAppData = this;
    vfs_.xOpen = open;
    vfs_.xDelete = remove;
    vfs_.xAccess = exists;
    vfs_.xFullPathname = full_path;
    vfs_.xRandomness = randomness;
    vfs_.xSleep = sleep;
    vfs_.xCurrentTime = now_days;
    vfs_.xCurrentTimeInt64 = now;
    vfs_.xGetLastError = last_error;
  }

  // Version 1: no shared memory and no mapping; the log's index is on the heap.
  static constexpr sqlite3_io_methods methods_{
      .iVersion = 1,
      .xClose = close_file,
      .xRead = read,
      .xWrite = write,
      .xTruncate = truncate,
      .xSync = sync,
      .xFileSize = size,
      .xLock = lock,
      .xUnlock = lock,
      .xCheckReservedLock = is_reserved,
      .xFileControl = control,
      .xSectorSize = sector_bytes,
      .xDeviceCharacteristics = characteristics,
      .xShmMap = nullptr,
      .xShmLock = nullptr,
      .xShmBarrier = nullptr,
      .xShmUnmap = nullptr,
      .xFetch = nullptr,
      .xUnfetch = nullptr,
  };

  Disk& disk_;
  Random random_;
  std::string name_;
  sqlite3_vfs vfs_{};
  bool closed_ = false;
};

// After a restart the log's salts must not be those that its old frames have: these are drawn from
// the seed, which is the same again, and so from the old ones too.
std::uint64_t seed_of(const Disk& disk, const std::string& file, std::uint64_t seed) {
  for (const char* suffix : {"", "-wal", "-journal"}) {
    const Result<std::vector<std::byte>> head = disk.read(file + suffix, 0, 128);
    if (head) seed = XXH3_64bits_withSeed(head->data(), head->size(), mix(seed) + 1);
  }
  return seed;
}

std::unique_ptr<Database> connect(Disk& disk, const std::string& file,
                                  const DiskDatabase& settings) {
  auto vfs = std::make_unique<DiskVfs>(disk, seed_of(disk, file, settings.seed));
  constexpr int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX |
                        SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_EXRESCODE;
  sqlite3* handle = nullptr;
  const int code = sqlite3_open_v2(file.c_str(), &handle, flags, vfs->name());
  auto database = std::make_unique<Database>(handle, file, std::move(vfs));
  if (code != SQLITE_OK) database->fail(code);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_LOOKASIDE, nullptr, 0, 0);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  harden_sqlite(handle);
  return database;
}

}  // namespace

Result<std::unique_ptr<Database>> open_on_disk(Disk& disk, const std::string& file,
                                               const DiskDatabase& settings) {
  if (file.empty() || file.size() > longest_name - 16 || file.find('\0') != file.npos)
    return Error{ErrorCode::invalid, "a database's name has 1 to 496 bytes, none of them zero"};
  set_up_sqlite();
  return sql_result([&]() -> Result<std::unique_ptr<Database>> {
    std::unique_ptr<Database> database = connect(disk, file, settings);
    // First: what reads the file before this wants shared memory for a log that is there.
    database->execute("PRAGMA locking_mode = EXCLUSIVE");
    database->execute(
        fmt::format("PRAGMA page_size = {}; PRAGMA cache_size = {}; PRAGMA temp_store = MEMORY;"
                    "PRAGMA cell_size_check = ON",
                    settings.page_bytes, settings.cache_pages));
    // Which mode it is now is the answer, not the success.
    Statement mode{*database, "PRAGMA journal_mode = WAL", Statement::Use::once};
    if (!mode.step() || mode.text(0) != "wal")
      return Error{ErrorCode::disk, "the database '" + file + "' cannot have a log on this disk"};
    mode.reset();
    database->execute(fmt::format("PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = {}",
                                  settings.checkpoint_pages));
    try {
      database->execute("PRAGMA wal_checkpoint(TRUNCATE)");
    } catch (const SqlError& error) {
      if (error.kind() != SQLITE_FULL) throw;
      database->execute("PRAGMA query_only = ON");  // nothing may be appended to the old log
    }
    return database;
  });
}

}  // namespace evenkeel
