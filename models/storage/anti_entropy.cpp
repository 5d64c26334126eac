#include "models/storage/anti_entropy.h"

#include <algorithm>
#include <set>

namespace evenkeel {
namespace {

constexpr std::size_t rows_a_pull = 500;
constexpr std::size_t erasures_at_once = 1000;
constexpr std::size_t periods_a_scrub = 10;

// A question whose answer was lost is asked again: no long comparison shall begin anew for it.
template <Question Q>
Task<Result<typename Q::Answer>> ask_again(Node& node, NodeId peer, Q question, Duration timeout) {
  constexpr int tries = 3;
  for (int i = 1;; ++i) {
    Task<Result<typename Q::Answer>> asking = ask(node, peer, Port::records, question, timeout);
    Result<typename Q::Answer> answer = co_await std::move(asking);
    if (answer || answer.error().code != ErrorCode::timeout || i == tries)
      co_return std::move(answer);
  }
}

bool keeps(const Layout& layout, Partition partition, NodeId node) {
  const auto& replicas = layout.replicas[partition];
  return std::ranges::find(replicas, node) != replicas.end();
}

}  // namespace

AntiEntropy::AntiEntropy(Node& node, Replica& replica, const Placement& placement,
                         const ReplicaSettings& settings)
    : node_(node), replica_(replica), placement_(placement), settings_(settings) {
  replica.on_damage([this] { node_.spawn(recover()); });
  if (replica.is_recovering()) node.spawn(recover());
  node.spawn(run());
}

std::vector<Partition> AntiEntropy::shared_with(NodeId peer) const {
  std::vector<Partition> shared;
  const std::vector<const Layout*> layouts = placement_.in_force();
  const auto keep = [&](Partition partition, NodeId node) {
    return std::ranges::any_of(
        layouts, [&](const Layout* layout) { return keeps(*layout, partition, node); });
  };
  for (std::size_t p = 0; p < partitions; ++p) {
    const auto partition = static_cast<Partition>(p);
    if (keep(partition, node_.id()) && keep(partition, peer)) shared.push_back(partition);
  }
  return shared;
}

std::vector<NodeId> AntiEntropy::peers() const {
  std::set<NodeId> found;
  for (const Layout* layout : placement_.in_force())
    for (const auto& replicas : layout->replicas)
      if (std::ranges::find(replicas, node_.id()) != replicas.end())
        found.insert(replicas.begin(), replicas.end());
  found.erase(node_.id());
  return {found.begin(), found.end()};
}

Task<> AntiEntropy::run() {
  // Each at its own moment of the period, as machines do.
  co_await node_.sleep(seconds(node_.random().uniform() * to_seconds(settings_.sync_period)));
  while (true) {
    const Time started = node_.now();
    std::map<Partition, std::size_t> agreed;
    verify_now_and_then();
    for (const NodeId peer : peers()) {
      const std::vector<Partition> shared = shared_with(peer);
      Task<Result<Done>> comparing = compare(peer, shared);
      const Result<Done> equal = co_await std::move(comparing);
      if (!equal) continue;
      for (const Partition partition : shared) ++agreed[partition];
    }
    std::vector<Partition> agreed_by_all;
    for (const auto& [partition, count] : agreed)
      if (placement_.in_force().size() == 1 &&
          count + 1 == placement_.newest().replicas[partition].size())
        agreed_by_all.push_back(partition);
    Task<> forgetting = forget_old_erasures(std::move(agreed_by_all));
    co_await std::move(forgetting);
    co_await node_.sleep_until(time_after(started, settings_.sync_period));
  }
}

// What is never read would rot unseen.
void AntiEntropy::verify_now_and_then() {
  if (replica_.store().is_read_only())
    if (const Result<Done> opened = replica_.store().open(); !opened)
      replica_.damaged(opened.error());
  if (replica_.is_recovering() || ++periods_ % periods_a_scrub != 0) return;
  if (const Result<Done> sound = replica_.store().recount(); !sound)
    replica_.damaged(sound.error());
}

// Copied from a majority, itself not counted, it has seen all that was acknowledged, and the
// highest ballot of all that were promised by a majority.
bool AntiEntropy::has_copied_enough(const std::vector<NodeId>& from) const {
  for (const Layout* layout : placement_.in_force())
    for (std::size_t p = 0; p < partitions; ++p) {
      const auto partition = static_cast<Partition>(p);
      if (!keeps(*layout, partition, node_.id())) continue;
      const auto& replicas = layout->replicas[partition];
      const auto copied = std::ranges::count_if(replicas, [&](NodeId replica) {
        return replica != node_.id() && std::ranges::find(from, replica) != from.end();
      });
      const std::size_t others = replicas.size() - 1;
      if (static_cast<std::size_t>(copied) < std::min(others, Quorum::majority(replicas.size())))
        return false;
    }
  return true;
}

Task<> AntiEntropy::recover() {
  std::vector<NodeId> copied;
  const Time since = node_.now();
  node_.probe().event(node_.now(), node_.id(), "recovering", "lost its disk, copies all rows");
  std::uint64_t copied_into = 0;  // which opening of the store
  bool is_complete = false;
  while (!is_complete) {
    if (!replica_.store().is_open()) {
      const Result<Done> opened = replica_.store().open(RowStore::IfNew::incomplete);
      if (!opened) {
        co_await node_.sleep(settings_.timeout);
        continue;
      }
    }
    if (copied_into != replica_.store().times_opened()) copied.clear();
    copied_into = replica_.store().times_opened();
    for (const NodeId peer : peers()) {
      if (std::ranges::find(copied, peer) != copied.end()) continue;
      std::vector<Partition> shared = shared_with(peer);
      Task<Result<Done>> comparing = compare(peer, std::move(shared));
      const Result<Done> done = co_await std::move(comparing);
      if (done) copied.push_back(peer);
      if (!done && done.error().code == ErrorCode::disk) replica_.store().destroy();
    }
    if (has_copied_enough(copied)) {
      GroupCommit::Change complete = [copied_into](RowStore& store) -> Result<Done> {
        if (store.times_opened() == copied_into) return store.complete();
        return Error{ErrorCode::outdated, "the store was lost again while it was copied"};
      };
      Task<Result<Done>> completing = replica_.commits().apply(std::move(complete));
      const Result<Done> completed = co_await std::move(completing);
      is_complete = completed.has_value();
      if (!completed && completed.error().code == ErrorCode::disk) replica_.store().destroy();
    }
    if (!is_complete) co_await node_.sleep(settings_.timeout);
  }
  replica_.recovered();
  node_.probe().event(node_.now(), node_.id(), "recovered", "has all rows again");
  node_.probe().count("disks recovered", node_.id(), 1);
  node_.probe().count("recovery seconds", node_.id(), to_seconds(node_.now() - since));
}

Task<Result<Done>> AntiEntropy::learn_tables(NodeId peer) {
  const ListTables question;
  Task<Result<std::vector<TableSchema>>> asking =
      ask_again(node_, peer, question, settings_.timeout);
  const Result<std::vector<TableSchema>> tables = co_await std::move(asking);
  if (!tables) co_return tables.error();
  for (const TableSchema& table : *tables)
    if (const Result<Done> defined = replica_.store().define(table); !defined) co_return defined;
  co_return Done{};
}

Task<Result<Done>> AntiEntropy::compare(NodeId peer, std::vector<Partition> shared) {
  if (const Result<Done> open = replica_.check_open(); !open) co_return open;
  const Time started = node_.now();
  Task<Result<Done>> learning = learn_tables(peer);
  const Result<Done> learned = co_await std::move(learning);
  if (!learned) co_return learned;
  for (const TableSchema& table : replica_.store().schemas()) {
    Task<Result<Done>> comparing = compare_table(peer, table, shared);
    const Result<Done> compared = co_await std::move(comparing);
    if (!compared) co_return compared;
  }
  replica_.agreed(peer, started);
  co_return Done{};
}

Task<Result<Done>> AntiEntropy::compare_table(NodeId peer, TableSchema table,
                                              std::vector<Partition> shared) {
  const PartitionDigests question{.table = table.name, .wanted = shared};
  Task<Result<std::vector<RowsDigest>>> asking =
      ask_again(node_, peer, question, settings_.timeout);
  const Result<std::vector<RowsDigest>> theirs = co_await std::move(asking);
  if (!theirs) co_return theirs.error();
  if (theirs->size() != shared.size())
    co_return Error{ErrorCode::malformed, "digests of other partitions than asked"};
  for (std::size_t i = 0; i < shared.size(); ++i) {
    if (replica_.is_recovering() && table.kind == TableKind::cas) {
      Task<Result<Done>> copying = copy_promises(peer, table, shared[i]);
      const Result<Done> copied = co_await std::move(copying);
      if (!copied) co_return copied;
    }
    if (replica_.store().digest(table.name, shared[i]) == (*theirs)[i]) continue;
    Task<Result<Done>> comparing = compare_partition(peer, table, shared[i]);
    const Result<Done> compared = co_await std::move(comparing);
    if (!compared) co_return compared;
  }
  co_return Done{};
}

Task<Result<Done>> AntiEntropy::compare_partition(NodeId peer, TableSchema table,
                                                  Partition partition) {
  const BucketDigests digests{.table = table.name, .partition = partition};
  Task<Result<std::vector<RowsDigest>>> asking = ask_again(node_, peer, digests, settings_.timeout);
  const Result<std::vector<RowsDigest>> theirs = co_await std::move(asking);
  if (!theirs) co_return theirs.error();
  const auto ours = replica_.store().bucket_digests(table.name, partition);
  if (!ours) co_return ours.error();
  if (theirs->size() != buckets)
    co_return Error{ErrorCode::malformed, "not as many digests as there are buckets"};
  ListBuckets list{.table = table.name, .partition = partition};
  for (std::size_t b = 0; b < buckets; ++b)
    if ((*theirs)[b] != (*ours)[b]) list.wanted.push_back(static_cast<std::uint8_t>(b));
  Task<Result<ListBuckets::Answer>> listing = ask_again(node_, peer, list, settings_.timeout);
  const Result<ListBuckets::Answer> their_list = co_await std::move(listing);
  if (!their_list) co_return their_list.error();
  const auto our_list = replica_.store().list(table.name, partition, list.wanted);
  if (!our_list) co_return our_list.error();
  const std::map<Key, Version> there(their_list->begin(), their_list->end());
  const std::map<Key, Version> here(our_list->begin(), our_list->end());
  const auto newer = [&](const auto& than, const auto& in) {
    std::vector<RowKey> keys;
    for (const auto& [key, version] : in) {
      const auto found = than.find(key);
      if (found == than.end() || found->second < version) keys.push_back({partition, key});
    }
    return keys;
  };
  if (table.kind == TableKind::cas && settle_) {
    std::vector<RowKey> differing = newer(here, there);
    for (RowKey& key : newer(there, here)) differing.push_back(std::move(key));
    Task<Result<Done>> settling = settle_all(table, std::move(differing));
    const Result<Done> settled = co_await std::move(settling);
    if (!settled || !replica_.is_recovering()) co_return settled;
  }
  Task<Result<Done>> pulling = pull(peer, table, newer(here, there));
  const Result<Done> pulled = co_await std::move(pulling);
  if (!pulled) co_return pulled;
  Task<Result<Done>> pushing = push(peer, table, newer(there, here));
  const auto pushing_done = co_await std::move(pushing);
  co_return pushing_done;
}

Task<Result<Done>> AntiEntropy::pull(NodeId peer, TableSchema table, std::vector<RowKey> keys) {
  for (std::size_t from = 0; from < keys.size(); from += rows_a_pull) {
    const auto first = keys.begin() + static_cast<std::ptrdiff_t>(from);
    const auto count = static_cast<std::ptrdiff_t>(std::min(rows_a_pull, keys.size() - from));
    const ReadRows read{.table = table.name, .keys = {first, first + count}};
    Task<Result<std::vector<StoredRow>>> asking = ask_again(node_, peer, read, settings_.timeout);
    Result<std::vector<StoredRow>> rows = co_await std::move(asking);
    if (!rows) co_return rows.error();
    if (const Result<Done> open = replica_.check_open(); !open) co_return open;
    const std::size_t size = encoded_size(*rows);
    for (const StoredRow& row : *rows)
      if (row.version != Version{} && !is_sound(table, row))
        co_return Error{ErrorCode::malformed, "a replica sent a row that fits no table"};
    const auto count_of_rows = static_cast<double>(rows->size());
    const auto taken = std::make_shared<const std::vector<StoredRow>>(std::move(*rows));
    GroupCommit::Change change = [name = table.name, taken](RowStore& store) {
      for (const StoredRow& row : *taken) {
        if (row.version == Version{}) continue;
        if (const Result<Done> written = store.write(name, row); !written) return written;
      }
      return Result<Done>{Done{}};
    };
    Task<Result<Done>> applying = replica_.commits().apply(std::move(change));
    const Result<Done> applied = co_await std::move(applying);
    if (!applied) co_return applied;
    replica_.tell(table.name, *taken);
    node_.probe().count("rows repaired", node_.id(), count_of_rows);
    node_.probe().count("repair bytes", node_.id(), static_cast<double>(size));
    co_await node_.sleep(seconds(static_cast<double>(size) / settings_.sync_bandwidth));
  }
  co_return Done{};
}

Task<Result<Done>> AntiEntropy::push(NodeId peer, TableSchema table, std::vector<RowKey> keys) {
  for (std::size_t from = 0; from < keys.size(); from += rows_a_pull) {
    WriteRows write{.table = table.name};
    for (std::size_t i = from; i < std::min(from + rows_a_pull, keys.size()); ++i) {
      Result<StoredRow> row = replica_.store().read(table.name, keys[i]);
      if (!row) co_return row.error();
      if (row->version != Version{}) write.rows.push_back(std::move(*row));
    }
    const DefineTable define{table};
    Task<Result<Done>> defining = ask_again(node_, peer, define, settings_.timeout);
    const Result<Done> defined = co_await std::move(defining);
    if (!defined) co_return defined;
    const std::size_t size = encoded_size(write.rows);
    Task<Result<Done>> writing = ask_again(node_, peer, write, settings_.timeout);
    const Result<Done> written = co_await std::move(writing);
    if (!written) co_return written;
    node_.probe().count("rows repaired", peer, static_cast<double>(write.rows.size()));
    node_.probe().count("repair bytes", node_.id(), static_cast<double>(size));
    co_await node_.sleep(seconds(static_cast<double>(size) / settings_.sync_bandwidth));
  }
  co_return Done{};
}

Task<Result<Done>> AntiEntropy::settle_all(TableSchema table, std::vector<RowKey> keys) {
  for (const RowKey& at : keys) {
    std::optional<Row> key = decode_key(table, at.key);
    if (!key) continue;
    Task<Result<Done>> settling = settle_(table, std::move(*key));
    const Result<Done> settled = co_await std::move(settling);
    if (!settled) co_return settled;
  }
  co_return Done{};
}

Task<Result<Done>> AntiEntropy::copy_promises(NodeId peer, TableSchema table, Partition partition) {
  const ListPromises question{.table = table.name, .partition = partition};
  Task<Result<ListPromises::Answer>> asking = ask_again(node_, peer, question, settings_.timeout);
  Result<ListPromises::Answer> promises = co_await std::move(asking);
  if (!promises) co_return promises.error();
  if (promises->empty()) co_return Done{};
  GroupCommit::Change change = [name = table.name, partition,
                                taken = std::move(*promises)](RowStore& store) {
    for (const auto& [key, ballot] : taken) {
      const Result<PrepareRow::Answer> kept = store.promise(name, {partition, key}, ballot);
      if (!kept) return Result<Done>{kept.error()};
    }
    return Result<Done>{Done{}};
  };
  Task<Result<Done>> applying = replica_.commits().apply(std::move(change));
  const auto applying_done = co_await std::move(applying);
  co_return applying_done;
}

// An erasure may be forgotten when every replica has it and no older write can still be under way,
// in a message or in a hint. One replica of a partition, the first, sees to it.
Task<> AntiEntropy::forget_old_erasures(std::vector<Partition> agreed_by_all) {
  for (const TableSchema& table : replica_.store().schemas()) {
    if (table.kind == TableKind::cas) continue;  // an old ballot must find it
    for (const Partition partition : agreed_by_all) {
      const std::vector<NodeId>& replicas = placement_.newest().replicas[partition];
      if (*std::ranges::min_element(replicas) != node_.id()) continue;
      const auto erased = replica_.store().erased(table.name, partition, erasures_at_once);
      if (!erased) co_return;
      Candidates& candidates = erased_[{table.name, partition}];
      if (candidates.rows.empty()) candidates = {node_.now(), *erased};
      if (candidates.rows.empty() || node_.now() - candidates.since < settings_.forget_after)
        continue;
      const ForgetErased forget{table.name, partition, std::move(candidates.rows)};
      candidates = {};
      Task<Answers<Done>> asking =
          ask_all<ForgetErased>(node_, Port::records, replicas, forget, settings_.timeout,
                                [](const Answers<Done>&) { return false; });
      const Answers<Done> answers = co_await std::move(asking);
      node_.probe().count("erasures forgotten", node_.id(),
                          static_cast<double>(forget.erased.size()));
    }
  }
}

}  // namespace evenkeel
