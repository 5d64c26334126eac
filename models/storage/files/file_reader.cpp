#include <algorithm>

#include "models/runtime/together.h"
#include "models/storage/files/files.h"

namespace evenkeel {

Task<Result<Blob>> FileReader::read(std::uint64_t offset, std::uint64_t size) {
  offset = std::min(offset, inode_.size);
  size = std::min(size, inode_.size - offset);
  Blob bytes;
  if (size == 0) co_return bytes;
  if (inode_.chunks.empty()) {
    if (inode_.inlined.size() != inode_.size)
      co_return Error{ErrorCode::malformed, "a manifest that does not fit its file"};
    const auto from = inode_.inlined.begin() + static_cast<std::ptrdiff_t>(offset);
    bytes.assign(from, from + static_cast<std::ptrdiff_t>(size));
    co_return bytes;
  }
  const std::uint64_t chunk = inode_.chunk_bytes;
  if (chunk == 0 || (inode_.size + chunk - 1) / chunk != inode_.chunks.size())
    co_return Error{ErrorCode::malformed, "a manifest that does not fit its file"};
  bytes.reserve(size);
  const std::size_t end = (offset + size + chunk - 1) / chunk;
  for (std::size_t first = offset / chunk; first < end; first += files_.settings().in_flight) {
    const std::size_t count = std::min(files_.settings().in_flight, end - first);
    const auto loaded = std::make_shared<std::vector<Blob>>(count);
    std::vector<Task<Result<Done>>> loading;
    for (std::size_t i = 0; i < count; ++i)
      loading.push_back(
          load(files_, inode_.chunk(first + i), inode_.length_of_chunk(first + i), loaded, i));
    Task<Result<Done>> all = all_of(files_.node(), std::move(loading));
    const Result<Done> done = co_await std::move(all);
    if (!done) co_return done.error();
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint64_t start = (first + i) * chunk;
      const View8 whole{(*loaded)[i]};
      const std::uint64_t from = std::max(start, offset) - start;
      const std::uint64_t to = std::min(offset + size - start, std::uint64_t{whole.size()});
      const View8 part = whole.subspan(from, to - from);
      bytes.insert(bytes.end(), part.begin(), part.end());
    }
  }
  co_return bytes;
}

Task<Result<Done>> FileReader::load(Files& files, ChunkKey chunk, std::uint32_t bytes,
                                    std::shared_ptr<std::vector<Blob>> into, std::size_t place) {
  Task<Result<Blob>> loading = files.chunks().load(chunk, bytes);
  Result<Blob> loaded = co_await std::move(loading);
  if (!loaded) co_return loaded.error();
  (*into)[place] = std::move(*loaded);
  co_return Done{};
}

Task<Result<Blob>> FileReader::next() {
  const std::uint64_t chunk = std::max<std::uint64_t>(inode_.chunk_bytes, 1);
  const std::uint64_t size = inode_.chunks.empty() ? inode_.size : chunk - next_ % chunk;
  Task<Result<Blob>> reading = read(next_, size);
  Result<Blob> bytes = co_await std::move(reading);
  if (bytes) next_ += bytes->size();
  co_return bytes;
}

}  // namespace evenkeel
