#include "models/storage/files/files.h"

namespace evenkeel {
namespace {

constexpr std::uint32_t names_a_page = 500;

FileInfo info_of(std::string name, const FileInode& inode) {
  return {std::move(name), inode.is_directory, inode.size,
          inode.coding,    inode.modified_ms,  inode.expires_ms};
}

}  // namespace

Files::Files(Node& node, Records& records, const Placement& placement, const FileSettings& settings)
    : node_(node),
      settings_(settings),
      chunks_(node, placement, settings.chunks),
      rows_(records),
      tree_(rows_),
      quota_(rows_, settings.reservation) {
  EVENKEEL_CHECK(settings.chunk_bytes > 0 && settings.chunk_bytes <= most_chunk_bytes,
                 "chunks of this size");
}

Task<Result<Done>> Files::make_space(std::string name, FileSpace space) {
  const Result<FilePath> path = FilePath::parse(name);
  if (!path || !path->names.empty() || path->space != name || !space.coding.is_sound())
    co_return Error{ErrorCode::invalid, "'" + name + "' cannot be made as a name space"};
  FileRows::Next<FileSpace> make =
      [=](const std::optional<FileSpace>& now) -> Result<std::optional<FileSpace>> {
    if (!now) return std::optional{space};
    if (now->owner == space.owner) return now;
    return Error{ErrorCode::conflict, "name space '" + name + "' belongs to " + now->owner};
  };
  Task<Result<std::optional<FileSpace>>> making = rows_.change_space(name, std::move(make));
  const Result<std::optional<FileSpace>> made = co_await std::move(making);
  if (!made) co_return made.error();
  FileInode root{.space = name, .is_directory = true, .parent = FileTree::root_of(name)};
  FileRows::Next<FileInode> make_root =
      [root](const std::optional<FileInode>& now) -> Result<std::optional<FileInode>> {
    return now ? now : std::optional{root};
  };
  Task<Result<std::optional<FileInode>>> rooting =
      rows_.change_inode(root.parent, std::move(make_root));
  const Result<std::optional<FileInode>> rooted = co_await std::move(rooting);
  if (!rooted) co_return rooted.error();
  co_return Done{};
}

Task<Result<FileSpace>> Files::space(std::string name) {
  Task<Result<std::optional<FileSpace>>> getting = rows_.space(name);
  Result<std::optional<FileSpace>> space = co_await std::move(getting);
  if (!space) co_return space.error();
  if (!*space) co_return Error{ErrorCode::not_found, "there is no name space '" + name + "'"};
  co_return std::move(**space);
}

Task<Result<Done>> Files::set_quota(std::string name, std::uint64_t bytes) {
  FileRows::Next<FileSpace> set =
      [=](const std::optional<FileSpace>& now) -> Result<std::optional<FileSpace>> {
    if (!now) return Error{ErrorCode::not_found, "there is no name space '" + name + "'"};
    FileSpace next = *now;
    next.quota_bytes = bytes;
    return std::optional{next};
  };
  Task<Result<std::optional<FileSpace>>> changing = rows_.change_space(name, std::move(set));
  const Result<std::optional<FileSpace>> changed = co_await std::move(changing);
  if (!changed) co_return changed.error();
  co_return Done{};
}

Task<Result<Done>> Files::make_directory(std::string path) {
  Result<FilePath> parsed = FilePath::parse(path);
  if (!parsed) co_return parsed.error();
  Task<Result<InodeId>> locating = tree_.parent_of(*parsed);
  const Result<InodeId> parent = co_await std::move(locating);
  if (!parent) co_return parent.error();
  FileInode directory{.space = parsed->space,
                      .is_directory = true,
                      .parent = *parent,
                      .name = parsed->names.back(),
                      .modified_ms = rows_.wall_ms()};
  Task<Result<Done>> adding = tree_.add(rows_.draw_inode(), std::move(directory));
  const Result<Done> added = co_await std::move(adding);
  co_return added;
}

Task<Result<FileInfo>> Files::stat(std::string path) {
  const Result<FilePath> parsed = FilePath::parse(path);
  if (!parsed) co_return parsed.error();
  Task<Result<FoundFile>> finding = tree_.find(*parsed);
  const Result<FoundFile> found = co_await std::move(finding);
  if (!found) co_return found.error();
  co_return info_of(found->inode.name, found->inode);
}

Task<Result<std::vector<FileInfo>>> Files::list(std::string path, std::string after,
                                                std::uint32_t limit) {
  const Result<FilePath> parsed = FilePath::parse(path);
  if (!parsed) co_return parsed.error();
  Task<Result<FoundFile>> finding = tree_.find(*parsed);
  const Result<FoundFile> found = co_await std::move(finding);
  if (!found) co_return found.error();
  if (!found->inode.is_directory) co_return Error{ErrorCode::invalid, "'" + path + "' is a file"};
  Task<Result<std::vector<FileTree::Listed>>> listing =
      tree_.list(found->id, std::move(after), limit);
  const Result<std::vector<FileTree::Listed>> listed = co_await std::move(listing);
  if (!listed) co_return listed.error();
  std::vector<FileInfo> infos;
  for (const FileTree::Listed& one : *listed) infos.push_back(info_of(one.name, one.found.inode));
  co_return infos;
}

Task<Result<Done>> Files::rename(std::string from, std::string to) {
  Result<FilePath> source = FilePath::parse(from), goal = FilePath::parse(to);
  if (!source) co_return source.error();
  if (!goal) co_return goal.error();
  Task<Result<Done>> moving = tree_.move(std::move(*source), std::move(*goal));
  const Result<Done> moved = co_await std::move(moving);
  co_return moved;
}

Task<Result<Done>> Files::remove(std::string path) {
  Result<FilePath> parsed = FilePath::parse(path);
  if (!parsed) co_return parsed.error();
  Task<Result<std::uint64_t>> counting = quota_.recounts(parsed->space);
  const Result<std::uint64_t> recounts = co_await std::move(counting);
  if (!recounts) co_return recounts.error();
  Task<Result<FileInode>> removing = tree_.remove(std::move(*parsed));
  const Result<FileInode> removed = co_await std::move(removing);
  if (!removed) co_return removed.error();
  if (removed->is_directory) co_return Done{};
  Task<Result<Done>> freeing = quota_.removed(*removed, *recounts);
  [[maybe_unused]] const Result<Done> freed = co_await std::move(freeing);  // or by a recount
  co_return Done{};
}

Task<Result<Done>> Files::remove_tree(std::string path) {
  // Depth first, with the open directories on a stack: those that are left to empty.
  std::vector<std::string> open{path};
  Task<Result<FileInfo>> asking = stat(path);
  const Result<FileInfo> top = co_await std::move(asking);
  if (!top) co_return top.error();
  while (!open.empty()) {
    const std::string here = open.back();
    std::vector<std::string> files;
    if (open.size() > 1 || top->is_directory) {
      Task<Result<std::vector<FileInfo>>> listing = list(here, {}, names_a_page);
      const Result<std::vector<FileInfo>> listed = co_await std::move(listing);
      if (!listed && listed.error().code != ErrorCode::not_found) co_return listed.error();
      bool deeper = false;
      for (std::size_t i = 0; listed && i < listed->size() && !deeper; ++i) {
        const std::string below = here + "/" + (*listed)[i].name;
        deeper = (*listed)[i].is_directory;
        (deeper ? open : files).push_back(below);
      }
      if (!deeper && files.empty()) files.push_back(here);
      if (!deeper && files.back() == here) open.pop_back();
    } else {
      files.push_back(here);
      open.pop_back();
    }
    for (const std::string& file : files) {
      Task<Result<Done>> removing = remove(file);
      const Result<Done> removed = co_await std::move(removing);
      if (!removed && removed.error().code != ErrorCode::not_found) co_return removed;
    }
  }
  co_return Done{};
}

Task<Result<FileInfo>> Files::put(std::string path, Blob bytes, PutOptions options) {
  options.expected_bytes = std::max<std::uint64_t>(options.expected_bytes, bytes.size());
  Task<Result<std::unique_ptr<FileWriter>>> creating = create(std::move(path), options);
  const Result<std::unique_ptr<FileWriter>> writer = co_await std::move(creating);
  if (!writer) co_return writer.error();
  Task<Result<Done>> writing = (*writer)->write(std::move(bytes));
  const Result<Done> written = co_await std::move(writing);
  if (!written) co_return written.error();
  Task<Result<FileInfo>> finishing = (*writer)->finish();
  Result<FileInfo> info = co_await std::move(finishing);
  co_return info;
}

Task<Result<std::unique_ptr<FileWriter>>> Files::create(std::string path, PutOptions options) {
  Result<FilePath> parsed = FilePath::parse(path);
  if (!parsed) co_return parsed.error();
  if (options.coding && !options.coding->is_sound())
    co_return Error{ErrorCode::invalid, "a code of at most 20 + 10 shards"};
  Task<Result<InodeId>> locating = tree_.parent_of(*parsed);
  const Result<InodeId> parent = co_await std::move(locating);
  if (!parent) co_return parent.error();
  Task<Result<FileSpace>> asking = space(parsed->space);
  Result<FileSpace> its_space = co_await std::move(asking);
  if (!its_space) co_return its_space.error();
  co_return std::make_unique<FileWriter>(*this, std::move(*parsed), *parent, options,
                                         std::move(*its_space));
}

Task<Result<std::unique_ptr<FileReader>>> Files::open(std::string path) {
  Result<FilePath> parsed = FilePath::parse(path);
  if (!parsed) co_return parsed.error();
  Task<Result<FoundFile>> finding = tree_.find(std::move(*parsed));
  Result<FoundFile> found = co_await std::move(finding);
  if (!found) co_return found.error();
  if (found->inode.is_directory)
    co_return Error{ErrorCode::invalid, "'" + path + "' is a directory"};
  co_return std::make_unique<FileReader>(*this, std::move(found->inode));
}

Task<Result<Blob>> Files::get(std::string path, std::uint64_t offset, std::uint64_t size) {
  Task<Result<std::unique_ptr<FileReader>>> opening = open(std::move(path));
  const Result<std::unique_ptr<FileReader>> reader = co_await std::move(opening);
  if (!reader) co_return reader.error();
  Task<Result<Blob>> reading = (*reader)->read(offset, size);
  Result<Blob> bytes = co_await std::move(reading);
  co_return bytes;
}

}  // namespace evenkeel
