#include "models/storage/files/file_collector.h"

namespace evenkeel {

FileCollector::FileCollector(Node& node, Files& files, ChunkStore& store,
                             const FileCollectorSettings& settings)
    : node_(node), files_(files), store_(store), settings_(settings) {
  node_.spawn(run());
}

Task<> FileCollector::run() {
  while (true) {
    co_await node_.sleep(
        seconds(to_seconds(settings_.period) * (0.75 + 0.5 * node_.random().uniform())));
    Task<Result<Done>> collecting = collect();
    const Result<Done> collected = co_await std::move(collecting);
    if (!collected) node_.probe().count("collections given up", node_.id(), 1);
  }
}

bool FileCollector::is_garbage(const ChunkKey& chunk) const {
  const HeldChunk* held = store_.find(chunk);
  return unreferenced_since_.contains(chunk) &&
         (held == nullptr || held->touched + settings_.grace / 2 < node_.now());
}

bool FileCollector::is_ours(Partition partition) const {
  const Placement& placement = files_.chunks().placement();
  for (const NodeId node : placement.readable().replicas[partition])
    if (placement.is_alive(node)) return node == node_.id();
  return false;
}

Task<Result<Done>> FileCollector::collect() {
  const auto round = std::make_shared<Round>();
  round->start = node_.now();
  std::map<std::string, std::uint64_t> changes;  // before anything is counted
  for (const std::string& name : spaces_) {
    Task<Result<FileSpace>> asking = files_.space(name);
    const Result<FileSpace> space = co_await std::move(asking);
    if (space && space->reservations.empty()) changes[name] = space->changes;
  }
  for (std::size_t partition = 0; partition < partitions; ++partition) {
    Task<Result<Done>> reading = read_partition(static_cast<Partition>(partition), round);
    const Result<Done> read = co_await std::move(reading);
    if (!read) co_return read;
  }
  drop_garbage(*round);
  for (const auto& [name, count] : changes) {
    Task<Result<Done>> counting = files_.quota().recount(name, count, round->bytes[name]);
    [[maybe_unused]] const Result<Done> counted = co_await std::move(counting);
  }
  spaces_ = round->spaces;
  std::erase_if(orphan_since_, [&](const auto& one) {  // those that are gone
    return one.second + 2 * settings_.grace + 2 * settings_.period < node_.now();
  });
  co_return Done{};
}

Task<Result<Done>> FileCollector::read_partition(Partition partition,
                                                 std::shared_ptr<Round> round) {
  Task<Result<std::vector<FileRows::Numbered>>> reading = files_.rows().inodes(partition);
  const Result<std::vector<FileRows::Numbered>> inodes = co_await std::move(reading);
  if (!inodes) co_return inodes.error();
  for (const FileRows::Numbered& one : *inodes) {
    const bool is_root = one.inode.parent == one.id;
    if (is_root && is_ours(partition)) round->spaces.insert(one.inode.space);
    round->bytes[one.inode.space] += one.inode.size;
    for (std::size_t i = 0; i < one.inode.chunks.size(); ++i)
      if (store_.find(one.inode.chunk(i)) != nullptr) round->referenced.insert(one.inode.chunk(i));
    if (is_root || !is_ours(partition)) continue;
    Task<Result<Done>> removing =
        one.inode.is_expired(files_.rows().wall_ms()) ? remove_expired(one) : remove_orphan(one);
    [[maybe_unused]] const Result<Done> removed = co_await std::move(removing);
  }
  co_return Done{};
}

void FileCollector::drop_garbage(const Round& round) {
  std::vector<ChunkKey> garbage;
  std::erase_if(unreferenced_since_,
                [this](const auto& one) { return store_.find(one.first) == nullptr; });
  for (const auto& [chunk, held] : store_.all()) {
    if (round.referenced.contains(chunk) || held.touched >= round.start) {
      unreferenced_since_.erase(chunk);
      continue;
    }
    const Time since = unreferenced_since_.try_emplace(chunk, round.start).first->second;
    if (round.start - since >= settings_.grace && round.start - held.touched >= settings_.grace)
      garbage.push_back(chunk);
  }
  for (const ChunkKey& chunk : garbage) {
    for (unsigned i = 0; i < chunk.coding.total(); ++i) store_.drop(chunk, i);
    node_.probe().count("garbage chunks dropped", node_.id(), 1);
  }
}

Task<Result<Done>> FileCollector::remove_expired(FileRows::Numbered one) {
  Task<Result<std::uint64_t>> counting = files_.quota().recounts(one.inode.space);
  const Result<std::uint64_t> recounts = co_await std::move(counting);
  if (!recounts) co_return recounts.error();
  // A put may have replaced it by what does not expire.
  const auto removed = std::make_shared<std::optional<FileInode>>();
  const std::int64_t now_ms = files_.rows().wall_ms();
  FileRows::Next<FileInode> remove =
      [=](const std::optional<FileInode>& now) -> Result<std::optional<FileInode>> {
    if (!now || !now->is_expired(now_ms)) return now;
    *removed = now;
    return std::optional<FileInode>{};
  };
  Task<Result<std::optional<FileInode>>> changing =
      files_.rows().change_inode(one.id, std::move(remove));
  const Result<std::optional<FileInode>> left = co_await std::move(changing);
  if (!left) co_return left.error();
  if (*left || !*removed) co_return Done{};
  const FileInode inode = **removed;
  Task<Result<Done>> erasing = files_.rows().erase_entry(inode.parent, inode.name, inode.token);
  [[maybe_unused]] const Result<Done> erased = co_await std::move(erasing);
  node_.probe().count("expired files removed", node_.id(), 1);
  Task<Result<Done>> freeing = files_.quota().removed(inode, *recounts);
  const Result<Done> freed = co_await std::move(freeing);
  co_return freed;
}

// An inode whose maker crashed before it had an entry.
Task<Result<Done>> FileCollector::remove_orphan(FileRows::Numbered one) {
  Task<Result<std::optional<FileEntry>>> getting =
      files_.rows().entry(one.inode.parent, one.inode.name);
  const Result<std::optional<FileEntry>> entry = co_await std::move(getting);
  if (!entry) co_return entry.error();
  const std::pair key{one.id, one.inode.token};
  if (*entry && (*entry)->inode == one.id && (*entry)->token == one.inode.token) {
    orphan_since_.erase(key);
    co_return Done{};
  }
  const Time since = orphan_since_.try_emplace(key, node_.now()).first->second;
  if (node_.now() - since < settings_.grace) co_return Done{};
  orphan_since_.erase(key);
  Task<Result<std::optional<FileInode>>> removing =
      files_.tree().remove_file(one.id, one.inode.token);
  const Result<std::optional<FileInode>> removed = co_await std::move(removing);
  if (!removed) co_return removed.error();
  if (*removed) node_.probe().count("orphans removed", node_.id(), 1);
  co_return Done{};
}

}  // namespace evenkeel
