// The file system on three nodes, in virtual time and on sockets.
#include "models/storage/files/file_node.h"
#include "models/storage/storage.h"
#include "tests/storage/cluster.h"
#include "tests/two_worlds/worlds.h"

namespace evenkeel::test {
namespace {

StorageSettings patient_rows() {  // however slow the machine is
  StorageSettings settings;
  settings.records.timeout = seconds(5);
  settings.replica.timeout = seconds(5);
  return settings;
}

Blob big_file() {
  Blob bytes(300'000);
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::byte>(i * 131 + i / 7);
  return bytes;
}

struct FileHost {
  FileHost(Node& node, const Placement& placement)
      : storage(node, placement, patient_rows()),
        files(node, storage.records(), placement, {.files = {.chunk_bytes = 64 << 10}}) {}
  Storage storage;
  FileNode files;
};

Task<> keep_files(Node& node, const Placement& placement) {
  const FileHost host{node, placement};
  co_await node.sleep(seconds(1000));
}

Task<> write_files(Node& node, const Placement& placement, Notes& notes) {
  FileHost host{node, placement};
  Files& files = host.files.files();
  co_await node.sleep(milliseconds{300});
  FileSpace space{.owner = "me"};
  space.coding = {2, 1};
  Task<Result<Done>> making = files.make_space("home", space);
  const Result<Done> made = co_await std::move(making);
  if (!made) notes.add(made.error().detail);
  Task<Result<Done>> making_directory = files.make_directory("home/photos");
  const Result<Done> has_directory = co_await std::move(making_directory);
  if (!has_directory) notes.add(has_directory.error().detail);
  Task<Result<FileInfo>> putting = files.put("home/photos/new", big_file());
  const Result<FileInfo> put = co_await std::move(putting);
  if (!put) notes.add(put.error().detail);
  Task<Result<Done>> renaming = files.rename("home/photos/new", "home/photos/cat");
  const Result<Done> renamed = co_await std::move(renaming);
  if (!renamed) notes.add(renamed.error().detail);
  notes.add("written");
  co_await node.sleep(seconds(1000));
}

Task<> read_files(Node& node, const Placement& placement, Notes& notes) {
  FileHost host{node, placement};
  Files& files = host.files.files();
  while (notes.count("written") == 0) co_await node.sleep(milliseconds{20});
  Task<Result<Blob>> getting = files.get("home/photos/cat");
  const Result<Blob> got = co_await std::move(getting);
  const Blob wanted = big_file();
  notes.add(!got ? got.error().detail : *got == wanted ? "the same" : "other bytes");
  Task<Result<Blob>> getting_old = files.get("home/photos/new");
  const Result<Blob> old = co_await std::move(getting_old);
  notes.add(old ? "still there" : std::string{to_string(old.error().code)});
  co_await node.sleep(seconds(1000));
}

TEST_P(TwoWorlds, FilesWrittenOnOneNodeAreReadOnAnother) {
  in_world([this] {
    Notes notes;
    const FixedPlacement placement{even_layout(3)};
    play({.boots = {{a, [&](Node& node) { node.spawn(write_files(node, placement, notes)); }},
                    {b, [&](Node& node) { node.spawn(keep_files(node, placement)); }},
                    {c, [&](Node& node) { node.spawn(read_files(node, placement, notes)); }}},
          .length = seconds(6)});
    EXPECT_THAT(notes.all(), testing::ElementsAre("written", "the same", "not found"));
  });
}

}  // namespace
}  // namespace evenkeel::test
