#include "models/storage/files/chunk_scrub.h"

namespace evenkeel {

ChunkScrub::ChunkScrub(Node& node, ChunkStore& store, const ChunkScrubSettings& settings)
    : node_(node), store_(store), settings_(settings) {
  node_.spawn(run());
}

Task<> ChunkScrub::run() {
  Task<> first = read(Which::unsure);
  co_await std::move(first);
  while (true) {
    co_await node_.sleep(
        seconds(to_seconds(settings_.period) * (0.75 + 0.5 * node_.random().uniform())));
    Task<> reading = read(Which::all);
    co_await std::move(reading);
    ++rounds_;
  }
}

Task<> ChunkScrub::read(Which which) {
  // What comes meanwhile was hashed when it came.
  std::vector<std::pair<ChunkKey, unsigned>> shards;
  for (const auto& [chunk, held] : store_.all())
    for (unsigned i = 0; i < chunk.coding.total(); ++i)
      if ((held.shards >> i & 1) != 0 && (which == Which::all || (held.sure >> i & 1) == 0))
        shards.emplace_back(chunk, i);
  for (const auto& [chunk, index] : shards) {
    const Result<Blob> bytes = store_.get(chunk, index);
    if (!bytes) continue;
    const auto size = static_cast<double>(bytes->size());
    co_await node_.disk_done();
    co_await node_.compute(Work{settings_.costs.hash_per_byte * size});
    co_await node_.sleep(seconds(size / settings_.bandwidth));
  }
}

}  // namespace evenkeel
