#include "models/storage/files/file_tree.h"

#include "models/runtime/together.h"

namespace evenkeel {
namespace {

constexpr int attempts = 4;
constexpr std::uint32_t names_a_page = 100;

Error not_found(const std::string& name) {
  return {ErrorCode::not_found, "there is no '" + name + "'"};
}

}  // namespace

Result<FilePath> FilePath::parse(std::string_view text) {
  FilePath path;
  std::vector<std::string> names;
  while (!text.empty()) {
    if (text.front() == '/') {
      text.remove_prefix(1);
      continue;
    }
    const std::size_t end = std::min(text.find('/'), text.size());
    names.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  for (const std::string& name : names)
    if (name == "." || name == ".." || name.size() > longest_name ||
        name.find('\0') != std::string::npos)
      return Error{ErrorCode::invalid, "'" + name + "' cannot be a name in a path"};
  if (names.empty() || names.size() > most_names)
    return Error{ErrorCode::invalid,
                 "a path is /space/name/..., of at most " + std::to_string(most_names) + " names"};
  path.space = std::move(names.front());
  names.erase(names.begin());
  path.names = std::move(names);
  return path;
}

InodeId FileTree::root_of(std::string_view space) {
  const Digest digest = sha256(bytes_of(space));
  InodeId id{};
  std::copy_n(digest.begin(), id.size(), id.begin());
  return id;
}

Task<Result<FoundFile>> FileTree::find(FilePath path) {
  const InodeId root = root_of(path.space);
  Task<Result<std::optional<FileInode>>> getting = rows_.inode(root);
  Result<std::optional<FileInode>> inode = co_await std::move(getting);
  if (!inode) co_return inode.error();
  if (!*inode) co_return Error{ErrorCode::not_found, "there is no name space '" + path.space + "'"};
  FoundFile found{root, std::move(**inode)};
  for (const std::string& name : path.names) {
    if (!found.inode.is_directory)
      co_return Error{ErrorCode::invalid, "'" + found.inode.name + "' is a file"};
    Task<Result<FoundFile>> looking = look_up(found.id, name);
    Result<FoundFile> next = co_await std::move(looking);
    if (!next) co_return next.error();
    found = std::move(*next);
  }
  co_return found;
}

Task<Result<InodeId>> FileTree::parent_of(FilePath path) {
  if (path.names.empty())
    co_return Error{ErrorCode::invalid, "the root of a name space is in no directory"};
  path.names.pop_back();
  Task<Result<FoundFile>> finding = find(std::move(path));
  const Result<FoundFile> found = co_await std::move(finding);
  if (!found) co_return found.error();
  if (!found->inode.is_directory)
    co_return Error{ErrorCode::invalid, "'" + found->inode.name + "' is a file"};
  co_return found->id;
}

Task<Result<FoundFile>> FileTree::look_up(InodeId directory, std::string name) {
  Task<Result<std::optional<FileEntry>>> getting = rows_.entry(directory, name);
  const Result<std::optional<FileEntry>> entry = co_await std::move(getting);
  if (!entry) co_return entry.error();
  if (!*entry) co_return not_found(name);
  Task<Result<FoundFile>> settling = settle(directory, std::move(name), **entry);
  Result<FoundFile> found = co_await std::move(settling);
  if (found && found->inode.is_expired(rows_.wall_ms())) co_return not_found(found->inode.name);
  co_return found;
}

// What the entry leads to, after a move to it that somebody left undone is finished. One that leads
// nowhere, and never can again, is erased.
Task<Result<FoundFile>> FileTree::settle(InodeId directory, std::string name, FileEntry entry) {
  for (int attempt = 0; attempt < attempts; ++attempt) {
    Task<Result<std::optional<FileInode>>> getting = rows_.inode(entry.inode);
    Result<std::optional<FileInode>> inode = co_await std::move(getting);
    if (!inode) co_return inode.error();
    if (*inode && (*inode)->token == entry.token)
      co_return FoundFile{entry.inode, std::move(**inode)};
    if (!*inode || (*inode)->epoch != entry.epoch) {
      Task<Result<Done>> erasing = rows_.erase_entry(directory, name, entry.token);
      [[maybe_unused]] const Result<Done> erased = co_await std::move(erasing);
      co_return not_found(name);
    }
    Task<Result<Done>> checking = check_directory(directory);
    const Result<Done> may_come = co_await std::move(checking);
    if (!may_come) co_return not_found(name);  // not there yet, and maybe never
    Task<Result<Done>> taking = take_place(directory, name, entry);
    const Result<Done> taken = co_await std::move(taking);
    if (!taken && taken.error().code != ErrorCode::conflict) co_return taken.error();
  }
  co_return Error{ErrorCode::conflict, "'" + name + "' is being moved; try again"};
}

Task<Result<Done>> FileTree::take_place(InodeId directory, std::string name, FileEntry entry) {
  FileRows::Next<FileInode> take =
      [=](const std::optional<FileInode>& now) -> Result<std::optional<FileInode>> {
    if (!now) return not_found(name);
    if (now->token == entry.token) return now;
    if (now->epoch != entry.epoch)
      return Error{ErrorCode::conflict, "'" + name + "' was moved by somebody else"};
    std::optional<FileInode> moved = now;
    moved->parent = directory;
    moved->name = name;
    moved->token = entry.token;
    ++moved->epoch;
    return moved;
  };
  Task<Result<std::optional<FileInode>>> changing =
      rows_.change_inode(entry.inode, std::move(take));
  const Result<std::optional<FileInode>> moved = co_await std::move(changing);
  if (!moved) co_return moved.error();
  co_return Done{};
}

// Nobody can finish the move any more; then the entry may go.
Task<> FileTree::call_off(InodeId directory, std::string name, FileEntry entry) {
  FileRows::Next<FileInode> next =
      [entry](const std::optional<FileInode>& now) -> Result<std::optional<FileInode>> {
    if (!now || now->epoch != entry.epoch) return now;
    std::optional<FileInode> later = now;
    ++later->epoch;
    return later;
  };
  Task<Result<std::optional<FileInode>>> changing =
      rows_.change_inode(entry.inode, std::move(next));
  const Result<std::optional<FileInode>> inode = co_await std::move(changing);
  if (!inode || (*inode && (*inode)->token == entry.token)) co_return;
  Task<Result<Done>> erasing = rows_.erase_entry(directory, std::move(name), entry.token);
  [[maybe_unused]] const Result<Done> erased = co_await std::move(erasing);
}

Task<Result<Done>> FileTree::put_entry(InodeId directory, std::string name, FileEntry entry) {
  for (int attempt = 0; attempt < attempts; ++attempt) {
    const auto other = std::make_shared<std::optional<FileEntry>>();
    FileRows::Next<FileEntry> put =
        [=](const std::optional<FileEntry>& now) -> Result<std::optional<FileEntry>> {
      other->reset();
      if (!now || now->token == entry.token) return std::optional{entry};
      *other = now;
      return Error{ErrorCode::conflict, "'" + name + "' is there already"};
    };
    Task<Result<std::optional<FileEntry>>> changing =
        rows_.change_entry(directory, name, std::move(put));
    const Result<std::optional<FileEntry>> changed = co_await std::move(changing);
    if (changed) co_return Done{};
    if (!*other) co_return changed.error();
    Task<Result<FoundFile>> settling = settle(directory, name, **other);
    const Result<FoundFile> found = co_await std::move(settling);
    if (found && !found->inode.is_expired(rows_.wall_ms())) co_return changed.error();
    if (found) {
      Task<Result<std::optional<FileInode>>> removing = remove_file(found->id, found->inode.token);
      const Result<std::optional<FileInode>> removed = co_await std::move(removing);
      if (!removed) co_return removed.error();
    } else if (found.error().code != ErrorCode::not_found) {
      co_return found.error();
    }
  }
  co_return Error{ErrorCode::conflict, "'" + name + "' is used by others; try again"};
}

// To be asked after an entry was put into it: a directory that is removed nevertheless has seen it.
Task<Result<Done>> FileTree::check_directory(InodeId directory) {
  for (int attempt = 0; attempt < attempts; ++attempt) {
    Task<Result<std::optional<FileInode>>> getting = rows_.inode(directory);
    const Result<std::optional<FileInode>> inode = co_await std::move(getting);
    if (!inode) co_return inode.error();
    if (!*inode || !(*inode)->is_directory)
      co_return Error{ErrorCode::not_found, "the directory was removed"};
    if ((*inode)->removing == 0) co_return Done{};
    Task<Result<Done>> finishing = finish_removing(directory, (*inode)->removing);
    const Result<Done> finished = co_await std::move(finishing);
    if (finished) co_return Error{ErrorCode::not_found, "the directory was removed"};
  }
  co_return Error{ErrorCode::conflict, "the directory is being removed"};
}

Task<Result<Done>> FileTree::add(InodeId id, FileInode inode) {
  inode.token = rows_.draw_token();
  inode.epoch = 1;
  const FileEntry entry{id, inode.token, 0, inode.is_directory};
  const InodeId directory = inode.parent;
  const std::string name = inode.name;
  const Time start = rows_.node().now();
  FileRows::Next<FileInode> make =
      [inode](const std::optional<FileInode>&) -> Result<std::optional<FileInode>> {
    return std::optional{inode};
  };
  Task<Result<std::optional<FileInode>>> making = rows_.change_inode(id, std::move(make));
  const Result<std::optional<FileInode>> made = co_await std::move(making);
  if (!made) co_return made.error();
  Task<Result<Done>> putting = put_entry(directory, name, entry);
  Result<Done> put = co_await std::move(putting);
  if (put) {
    Task<Result<Done>> checking = check_directory(directory);
    put = co_await std::move(checking);
  }
  // Later it may have been taken for an orphan.
  if (put && rows_.node().now() - start > seconds(240))
    put = Error{ErrorCode::timeout, "it took too long to make '" + name + "'"};
  if (!put && put.error().code != ErrorCode::no_quorum) {
    Task<Result<std::optional<FileInode>>> removing = remove_file(id, inode.token);
    [[maybe_unused]] const auto removed = co_await std::move(removing);
  }
  co_return put;
}

Task<Result<std::optional<FileInode>>> FileTree::remove_file(InodeId id, std::uint64_t token) {
  const auto removed = std::make_shared<std::optional<FileInode>>();
  FileRows::Next<FileInode> remove =
      [token, removed](const std::optional<FileInode>& now) -> Result<std::optional<FileInode>> {
    if (!now || now->token != token) return now;
    *removed = now;
    return std::optional<FileInode>{};
  };
  Task<Result<std::optional<FileInode>>> changing = rows_.change_inode(id, std::move(remove));
  const Result<std::optional<FileInode>> left = co_await std::move(changing);
  if (!left) co_return left.error();
  if (*left) removed->reset();
  if (*removed) {
    const FileInode inode = **removed;
    Task<Result<Done>> erasing = rows_.erase_entry(inode.parent, inode.name, token);
    [[maybe_unused]] const Result<Done> erased = co_await std::move(erasing);
  }
  co_return std::move(*removed);
}

Task<Result<FileInode>> FileTree::remove(FilePath path) {
  Task<Result<InodeId>> locating = parent_of(path);
  const Result<InodeId> parent = co_await std::move(locating);
  if (!parent) co_return parent.error();
  Task<Result<FoundFile>> looking = look_up(*parent, path.names.back());
  Result<FoundFile> found = co_await std::move(looking);
  if (!found) co_return found.error();
  if (found->inode.is_directory) {
    Task<Result<FileInode>> removing = remove_directory(std::move(*found));
    Result<FileInode> removed = co_await std::move(removing);
    co_return removed;
  }
  Task<Result<std::optional<FileInode>>> removing = remove_file(found->id, found->inode.token);
  Result<std::optional<FileInode>> removed = co_await std::move(removing);
  if (!removed) co_return removed.error();
  if (!*removed) co_return not_found(path.names.back());
  co_return std::move(**removed);
}

Task<Result<FileInode>> FileTree::remove_directory(FoundFile found) {
  const std::uint64_t token = found.inode.token;
  const std::uint64_t mark = rows_.draw_token();
  FileRows::Next<FileInode> set_mark =
      [=](const std::optional<FileInode>& now) -> Result<std::optional<FileInode>> {
    if (!now || now->token != token)
      return Error{ErrorCode::not_found, "the directory is gone, or was moved"};
    std::optional<FileInode> marked = now;
    marked->removing = mark;
    return marked;
  };
  Task<Result<std::optional<FileInode>>> marking =
      rows_.change_inode(found.id, std::move(set_mark));
  const Result<std::optional<FileInode>> marked = co_await std::move(marking);
  if (!marked) co_return marked.error();
  Task<Result<Done>> finishing = finish_removing(found.id, mark);
  const Result<Done> finished = co_await std::move(finishing);
  if (!finished) co_return finished.error();
  co_return std::move(found.inode);
}

// Looks through the marked directory, then removes it, or takes the mark away.
Task<Result<Done>> FileTree::finish_removing(InodeId directory, std::uint64_t mark) {
  bool is_empty = true;
  std::string after;
  while (is_empty) {
    Task<Result<std::vector<FileRows::Item>>> scanning =
        rows_.entries(directory, after, names_a_page);
    const Result<std::vector<FileRows::Item>> items = co_await std::move(scanning);
    if (!items) co_return items.error();
    if (items->empty()) break;
    for (const FileRows::Item& item : *items) {
      Task<Result<std::optional<FileInode>>> getting = rows_.inode(item.entry.inode);
      const Result<std::optional<FileInode>> inode = co_await std::move(getting);
      if (!inode) co_return inode.error();
      // It leads somewhere, or might soon.
      const bool counts =
          *inode && ((*inode)->token == item.entry.token || (*inode)->epoch == item.entry.epoch);
      if (counts) is_empty = false;
      if (counts) break;
    }
    after = items->back().name;
  }
  const auto was = std::make_shared<std::optional<FileInode>>();
  FileRows::Next<FileInode> finish =
      [=](const std::optional<FileInode>& now) -> Result<std::optional<FileInode>> {
    if (!now || now->removing != mark) return now;
    *was = now;
    if (is_empty) return std::optional<FileInode>{};
    std::optional<FileInode> unmarked = now;
    unmarked->removing = 0;
    return unmarked;
  };
  Task<Result<std::optional<FileInode>>> changing =
      rows_.change_inode(directory, std::move(finish));
  const Result<std::optional<FileInode>> left = co_await std::move(changing);
  if (!left) co_return left.error();
  if (*left) co_return Error{ErrorCode::conflict, "the directory is not empty"};
  if (*was) {
    const FileInode inode = **was;
    Task<Result<Done>> erasing = rows_.erase_entry(inode.parent, inode.name, inode.token);
    [[maybe_unused]] const Result<Done> erased = co_await std::move(erasing);
  }
  co_return Done{};
}

Task<Result<std::vector<FileTree::Listed>>> FileTree::list(InodeId directory, std::string after,
                                                           std::uint32_t limit) {
  std::vector<Listed> listed;
  while (listed.size() < limit) {
    const auto wanted = static_cast<std::uint32_t>(limit - listed.size());
    Task<Result<std::vector<FileRows::Item>>> scanning =
        rows_.entries(directory, after, std::min(wanted, names_a_page));
    const Result<std::vector<FileRows::Item>> items = co_await std::move(scanning);
    if (!items) co_return items.error();
    if (items->empty()) break;
    const auto found = std::make_shared<std::vector<std::optional<FoundFile>>>(items->size());
    std::vector<Task<Result<Done>>> looking;
    for (std::size_t i = 0; i < items->size(); ++i)
      looking.push_back(list_one(directory, (*items)[i], found, i));
    Task<Result<Done>> all = all_of(rows_.node(), std::move(looking));
    const Result<Done> done = co_await std::move(all);
    if (!done) co_return done.error();
    for (std::size_t i = 0; i < items->size(); ++i)
      if ((*found)[i]) listed.push_back({(*items)[i].name, std::move(*(*found)[i])});
    after = items->back().name;
  }
  co_return listed;
}

Task<Result<Done>> FileTree::list_one(InodeId directory, FileRows::Item item,
                                      std::shared_ptr<std::vector<std::optional<FoundFile>>> into,
                                      std::size_t place) {
  Task<Result<FoundFile>> settling = settle(directory, std::move(item.name), item.entry);
  Result<FoundFile> found = co_await std::move(settling);
  if (!found && found.error().code != ErrorCode::not_found) co_return found.error();
  if (found && !found->inode.is_expired(rows_.wall_ms())) (*into)[place] = std::move(*found);
  co_return Done{};
}

}  // namespace evenkeel
