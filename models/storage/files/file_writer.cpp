#include <algorithm>

#include "models/storage/files/files.h"

namespace evenkeel {
namespace {

constexpr int attempts = 4;
constexpr std::uint64_t largest_step = 64 << 20;  // by which a reservation grows
// From the last touch of a chunk to the manifest, at most; half of what garbage lives.
const Duration freshness = seconds(300);

}  // namespace

// Shared with the tasks that store its chunks, which may live longer than the writer.
struct FileWriter::Upload {
  explicit Upload(World& world) : changed(world) {}
  std::uint64_t writer = 0;
  Coding coding;
  std::vector<std::optional<StoredChunk>> chunks;
  std::size_t open = 0;
  std::optional<Error> error;
  Time touched = never;  // when the chunk that was touched longest ago was
  bool over = false;     // nobody needs the chunks to be kept alive
  Time keep_until = never;
  Signal changed;
};

FileWriter::FileWriter(Files& files, FilePath path, InodeId parent, PutOptions options,
                       FileSpace space)
    : files_(files),
      path_(std::move(path)),
      parent_(parent),
      options_(options),
      space_(std::move(space)),
      coding_(options.coding.value_or(space_.coding)),
      writer_(files.rows().draw_token()),
      upload_(std::make_shared<Upload>(files.node().world())) {
  upload_->writer = writer_;
  upload_->coding = coding_;
}

FileWriter::~FileWriter() {
  if (upload_->keep_until == never) upload_->over = true;
}

Task<Result<Done>> FileWriter::write(Blob piece) {
  if (upload_->error) co_return *upload_->error;
  const std::uint32_t chunk = files_.settings().chunk_bytes;
  for (std::size_t from = 0; from < piece.size();) {
    const std::size_t count = std::min(piece.size() - from, chunk - buffer_.size());
    const auto first = piece.begin() + static_cast<std::ptrdiff_t>(from);
    buffer_.insert(buffer_.end(), first, first + static_cast<std::ptrdiff_t>(count));
    from += count;
    taken_bytes_ += count;
    if (buffer_.size() < chunk) break;
    Task<Result<Done>> beginning = begin_chunk(std::exchange(buffer_, {}));
    const Result<Done> begun = co_await std::move(beginning);
    if (!begun) co_return begun;
  }
  co_return Done{};
}

// Waits until there is room for one more, in the name space and in flight.
Task<Result<Done>> FileWriter::begin_chunk(Blob bytes) {
  Task<Result<Done>> reserving = reserve(taken_bytes_);
  Result<Done> done = co_await std::move(reserving);
  if (done && upload_->chunks.size() >= most_chunks)
    done = Error{ErrorCode::full, "a file of more chunks than a manifest takes"};
  if (done) {
    Task<> waiting = wait_until_at_most(files_.settings().in_flight - 1);
    co_await std::move(waiting);
    if (upload_->error) done = *upload_->error;
  }
  if (!done) {
    const Error error = done.error();
    Task<Result<Done>> abandoning = abandon();
    [[maybe_unused]] const Result<Done> abandoned = co_await std::move(abandoning);
    upload_->error = error;
    co_return error;
  }
  if (upload_->chunks.empty()) {
    upload_->touched = files_.node().now();
    files_.node().spawn(keep_alive(files_, upload_));
  }
  ++upload_->open;
  upload_->chunks.emplace_back();
  files_.node().spawn(store_chunk(files_, upload_, std::move(bytes), upload_->chunks.size() - 1));
  co_return Done{};
}

Task<> FileWriter::store_chunk(Files& files, std::shared_ptr<Upload> upload, Blob bytes,
                               std::size_t place) {
  Task<Result<StoredChunk>> storing =
      files.chunks().store(std::move(bytes), upload->coding, upload->writer);
  Result<StoredChunk> stored = co_await std::move(storing);
  --upload->open;
  if (stored) {
    upload->chunks[place] = std::move(*stored);
  } else if (!upload->error) {
    upload->error = stored.error();
  }
  upload->changed.raise();
}

Task<> FileWriter::wait_until_at_most(std::size_t open) {
  while (upload_->open > open) {
    upload_->changed.reset();
    const Signal::Wait wait = upload_->changed.wait_until(never);
    co_await wait;
  }
}

Task<Result<Done>> FileWriter::reserve(std::uint64_t bytes) {
  if (bytes <= reserved_bytes_ || space_.quota_bytes == FileSpace::unlimited) co_return Done{};
  const std::uint64_t step = std::min(std::max<std::uint64_t>(reserved_bytes_, 1), largest_step);
  std::uint64_t wanted = std::max({bytes, options_.expected_bytes, reserved_bytes_ + step});
  Task<Result<Done>> reserving = files_.quota().reserve(path_.space, writer_, wanted);
  Result<Done> reserved = co_await std::move(reserving);
  if (!reserved && reserved.error().code == ErrorCode::full && wanted > bytes) {
    wanted = bytes;
    Task<Result<Done>> again = files_.quota().reserve(path_.space, writer_, wanted);
    reserved = co_await std::move(again);
  }
  if (reserved) reserved_bytes_ = wanted;
  co_return reserved;
}

Task<> FileWriter::keep_alive(Files& files, std::shared_ptr<Upload> upload) {
  while (true) {
    co_await files.node().sleep(files.settings().keep_alive);
    if (upload->over || upload->keep_until < files.node().now()) co_return;
    Task<Result<Done>> touching = touch(files, upload);
    [[maybe_unused]] const Result<Done> touched = co_await std::move(touching);
  }
}

Task<Result<Done>> FileWriter::touch(Files& files, std::shared_ptr<Upload> upload) {
  const Time start = files.node().now();
  std::vector<ChunkKey> keys;
  for (const std::optional<StoredChunk>& chunk : upload->chunks)
    if (chunk) keys.push_back(chunk->key);
  Task<Result<Done>> touching = files.chunks().touch(std::move(keys), upload->writer);
  const Result<Done> touched = co_await std::move(touching);
  if (touched) upload->touched = start;
  co_return touched;
}

Task<Result<Done>> FileWriter::abandon() {
  Task<> waiting = wait_until_at_most(0);
  co_await std::move(waiting);
  if (upload_->over) co_return Done{};
  upload_->over = true;
  if (!upload_->error) upload_->error = Error{ErrorCode::invalid, "the put was given up"};
  for (const std::optional<StoredChunk>& chunk : upload_->chunks)
    if (chunk) files_.chunks().withdraw(*chunk, writer_);
  if (reserved_bytes_ == 0) co_return Done{};
  Task<Result<Done>> giving = files_.quota().give_back(path_.space, writer_);
  const Result<Done> given = co_await std::move(giving);
  co_return given;
}

Task<Result<FileInfo>> FileWriter::finish() {
  Result<Done> ready = Done{};
  FileInode content{.space = path_.space,
                    .size = taken_bytes_,
                    .coding = coding_,
                    .chunk_bytes = files_.settings().chunk_bytes,
                    .modified_ms = files_.rows().wall_ms(),
                    .writer = writer_};
  if (options_.expires_after)
    content.expires_ms =
        content.modified_ms +
        std::chrono::duration_cast<std::chrono::milliseconds>(*options_.expires_after).count();
  if (upload_->error) co_return *upload_->error;
  if (upload_->chunks.empty() && buffer_.size() < files_.settings().inline_below) {
    content.inlined = std::move(buffer_);
    Task<Result<Done>> reserving = reserve(taken_bytes_);
    ready = co_await std::move(reserving);
  } else if (!buffer_.empty()) {
    Task<Result<Done>> beginning = begin_chunk(std::exchange(buffer_, {}));
    ready = co_await std::move(beginning);
  }
  Task<> waiting = wait_until_at_most(0);
  co_await std::move(waiting);
  if (ready && upload_->error) ready = *upload_->error;
  for (const std::optional<StoredChunk>& chunk : upload_->chunks)
    if (chunk) content.chunks.push_back(chunk->key.id);
  if (ready && !content.chunks.empty() &&
      files_.node().now() - upload_->touched > files_.settings().keep_alive) {
    Task<Result<Done>> touching = touch(files_, upload_);
    ready = co_await std::move(touching);
  }
  Result<FileInode> committed = Error{ErrorCode::stopped, ""};
  if (ready) {
    Task<Result<FileInode>> committing = commit(std::move(content));
    committed = co_await std::move(committing);
  } else {
    committed = ready.error();
  }
  if (!committed && committed.error().code == ErrorCode::no_quorum && ready) {
    // It may have happened, or still happen: the chunks stay for a while.
    upload_->keep_until = files_.node().now() + 2 * freshness;
    upload_->error = committed.error();
    co_return committed.error();
  }
  if (!committed) {
    Task<Result<Done>> abandoning = abandon();
    [[maybe_unused]] const Result<Done> abandoned = co_await std::move(abandoning);
    co_return committed.error();
  }
  upload_->over = true;
  upload_->error = Error{ErrorCode::invalid, "the file is finished"};
  if (reserved_bytes_ > 0) {
    Task<Result<Done>> settling = files_.quota().settle(path_.space, *committed);
    [[maybe_unused]] const Result<Done> settled =
        co_await std::move(settling);  // or when it expires
  }
  co_return FileInfo{path_.names.back(),     false,
                     committed->size,        committed->coding,
                     committed->modified_ms, committed->expires_ms};
}

// Onto the file that is there, or as a new one.
Task<Result<FileInode>> FileWriter::commit(FileInode content) {
  const std::string name = path_.names.back();
  for (int attempt = 0; attempt < attempts; ++attempt) {
    Task<Result<FoundFile>> looking = files_.tree().look_up(parent_, name);
    Result<FoundFile> found = co_await std::move(looking);
    if (found) {
      if (found->inode.is_directory)
        co_return Error{ErrorCode::conflict, "'" + name + "' is a directory"};
      if (options_.only_new)
        co_return Error{ErrorCode::conflict, "'" + name + "' is there already"};
      Task<Result<FileInode>> replacing = replace(std::move(*found), content);
      Result<FileInode> replaced = co_await std::move(replacing);
      if (replaced || replaced.error().code != ErrorCode::conflict) co_return replaced;
      continue;
    }
    if (found.error().code != ErrorCode::not_found) co_return found.error();
    const InodeId id = files_.rows().draw_inode();
    content.parent = parent_;
    content.name = name;
    if (reserved_bytes_ > 0) {
      Task<Result<Done>> announcing = files_.quota().announce(path_.space, writer_, id);
      const Result<Done> announced = co_await std::move(announcing);
      if (!announced) co_return announced.error();
    }
    Task<Result<Done>> adding = files_.tree().add(id, content);
    const Result<Done> added = co_await std::move(adding);
    if (added) co_return content;
    if (added.error().code != ErrorCode::conflict) co_return added.error();
  }
  co_return Error{ErrorCode::conflict, "'" + name + "' is changed by others all the time"};
}

Task<Result<FileInode>> FileWriter::replace(FoundFile found, FileInode content) {
  if (space_.quota_bytes != FileSpace::unlimited) {
    Task<Result<Done>> settling = files_.quota().settle(path_.space, found.inode);
    const Result<Done> settled = co_await std::move(settling);
    if (!settled) co_return settled.error();
    if (reserved_bytes_ > 0) {
      Task<Result<Done>> announcing = files_.quota().announce(path_.space, writer_, found.id);
      const Result<Done> announced = co_await std::move(announcing);
      if (!announced) co_return announced.error();
    }
  }
  const std::uint64_t former = found.inode.writer, token = found.inode.token;
  FileRows::Next<FileInode> put =
      [=](const std::optional<FileInode>& now) -> Result<std::optional<FileInode>> {
    if (now && now->writer == content.writer) return now;
    if (!now || now->writer != former || now->token != token)
      return Error{ErrorCode::conflict, "'" + found.inode.name + "' was changed meanwhile"};
    FileInode next = content;
    next.parent = now->parent;
    next.name = now->name;
    next.token = now->token;
    next.epoch = now->epoch;
    next.replaced = now->size;
    return std::optional{next};
  };
  Task<Result<std::optional<FileInode>>> changing =
      files_.rows().change_inode(found.id, std::move(put));
  Result<std::optional<FileInode>> changed = co_await std::move(changing);
  if (!changed) co_return changed.error();
  co_return std::move(**changed);
}

}  // namespace evenkeel
