#include "models/access/row_watch.h"

#include <algorithm>

#include "models/access/access.h"
#include "models/runtime/together.h"

namespace evenkeel {
namespace {

constexpr std::uint32_t rows_a_page = 2000;

}  // namespace

RowWatch::RowWatch(Access& access, std::uint64_t number, TableSchema table, Key prefix,
                   std::vector<Partition> of, Shows shows)
    : access_(access),
      number_(number),
      table_(std::move(table)),
      prefix_(std::move(prefix)),
      partitions_(std::move(of)),
      arrived_(access.node().world()),
      shows_(std::move(shows)) {}

Task<Result<StoredRow>> RowWatch::next(Duration limit) {
  const Time until = time_after(access_.node().now(), limit);
  while (waiting_.empty() && !overflown_ && !refused_ && access_.node().now() < until) {
    arrived_.reset();
    const Signal::Wait wait = arrived_.wait_until(until);
    co_await wait;
  }
  if (!waiting_.empty()) {
    StoredRow row = std::move(waiting_.front());
    waiting_.pop_front();
    co_return std::move(row);
  }
  if (refused_) co_return *refused_;
  if (overflown_)
    co_return Error{ErrorCode::full,
                    "more rows changed than a watch can remember; watch a longer "
                    "key prefix"};
  co_return Error{ErrorCode::timeout, "nothing changed in time"};
}

// One token a replica: it stands as long as it is used.
const Blob& RowWatch::token_for(NodeId replica) {
  Blob& token = tokens_[replica];
  if (token.empty() && shows_) token = shows_(replica);
  return token;
}

void RowWatch::was_refused(NodeId replica, const Error& why) {
  tokens_.erase(replica);
  refusals_.insert_or_assign(replica, why);
  for (const Partition partition : partitions_) {
    const std::vector<NodeId>& replicas = access_.placement().readable().replicas[partition];
    if (std::ranges::all_of(replicas, [&](NodeId one) { return refusals_.contains(one); }))
      refused_ = why;
  }
  if (refused_) arrived_.raise();
}

void RowWatch::heard(const std::vector<StoredRow>& rows) {
  for (const StoredRow& row : rows) {
    if (!row.at.key.starts_with(prefix_) || overflown_) continue;
    Version& known = versions_[row.at];
    if (!(known < row.version)) continue;
    known = row.version;
    waiting_.push_back(row);
    const std::size_t most = access_.settings().most_watched_rows;
    overflown_ = versions_.size() > most || waiting_.size() > most;
  }
  if (!waiting_.empty() || overflown_) arrived_.raise();
}

// Whom to ask about what: those that were followed, and others where these failed.
std::map<NodeId, std::vector<Partition>> RowWatch::choose() {
  std::map<NodeId, std::vector<Partition>> asked;
  for (const Partition partition : partitions_) {
    const std::vector<NodeId>& replicas = access_.placement().readable().replicas[partition];
    const auto current = followed_.find(partition);
    const bool still = current != followed_.end() &&
                       std::ranges::find(replicas, current->second) != replicas.end();
    if (still) {
      asked[current->second].push_back(partition);
      continue;
    }
    std::set<NodeId>& failed = failed_[partition];
    std::vector<NodeId> left;
    for (const NodeId replica : access_.readers(partition))
      if (!failed.contains(replica)) left.push_back(replica);
    if (left.empty()) {
      failed.clear();
      left = replicas;
    }
    // A new node for as many partitions as possible: fewer messages.
    const auto known = std::ranges::find_if(left, [&](NodeId one) { return asked.contains(one); });
    const NodeId chosen =
        known != left.end() ? *known : access_.chooser().choose(left, access_.node().now());
    asked[chosen].push_back(partition);
  }
  return asked;
}

Task<> RowWatch::run(std::shared_ptr<RowWatch> watch) {
  Node& node = watch->access_.node();
  while (!watch->stopped_ && !watch->overflown_ && !watch->refused_) {
    std::vector<Task<Result<Done>>> following;
    const std::map<NodeId, std::vector<Partition>> chosen = watch->choose();
    for (const auto& [replica, of] : chosen) following.push_back(follow(watch, replica, of));
    Task<Result<Done>> all = all_of(node, std::move(following));
    const Result<Done> followed = co_await std::move(all);
    const Duration lease = watch->access_.settings().watch_lease;
    co_await node.sleep(followed ? lease / 3 : lease / 20);
  }
}

Task<Result<Done>> RowWatch::follow(std::shared_ptr<RowWatch> watch, NodeId replica,
                                    std::vector<Partition> of) {
  Access& access = watch->access_;
  const Subscribe question{.watch = watch->number_,
                           .table = watch->table_.name,
                           .partitions = of,
                           .prefix = watch->prefix_,
                           .lease = access.settings().watch_lease,
                           .token = watch->token_for(replica)};
  Task<Result<bool>> asking =
      ask(access.node(), replica, Port::queries, question, access.settings().timeout);
  Result<bool> known = co_await std::move(asking);
  if (!known && known.error().code == ErrorCode::not_found) {
    const DefineTable define{watch->table_};
    Task<Result<Done>> defining =
        ask(access.node(), replica, Port::records, define, access.settings().timeout);
    const Result<Done> defined = co_await std::move(defining);
    if (defined) {
      Task<Result<bool>> again =
          ask(access.node(), replica, Port::queries, question, access.settings().timeout);
      known = co_await std::move(again);
    }
  }
  Result<Done> result = Done{};
  if (!known) result = known.error();
  for (std::size_t i = 0; i < of.size() && result; ++i) {
    const auto current = watch->followed_.find(of[i]);
    const bool missed_nothing =
        *known && current != watch->followed_.end() && current->second == replica;
    if (missed_nothing) continue;
    Task<Result<Done>> catching_up =
        watch->shows_ ? catch_up_granted(watch, replica, of[i]) : catch_up(watch, replica, of[i]);
    result = co_await std::move(catching_up);
    if (result) watch->followed_[of[i]] = replica;
  }
  if (result) {
    watch->refusals_.erase(replica);
    co_return result;
  }
  if (result.error().code == ErrorCode::denied) watch->was_refused(replica, result.error());
  for (const Partition partition : of) {
    watch->followed_.erase(partition);
    watch->failed_[partition].insert(replica);
  }
  co_return result;
}

// Rows that are newer than what was given: told after the replica has begun to tell changes, so
// nothing is missed in between.
Task<Result<Done>> RowWatch::catch_up(std::shared_ptr<RowWatch> watch, NodeId replica,
                                      Partition partition) {
  Access& access = watch->access_;
  ListVersions question;
  question.range = {.table = watch->table_.name,
                    .partition = partition,
                    .from = watch->prefix_,
                    .to = watch->prefix_.empty() ? Key{} : watch->prefix_ + '\xff',
                    .limit = rows_a_page};
  for (;;) {
    Task<Result<ListVersions::Answer>> asking =
        ask(access.node(), replica, Port::queries, question, access.settings().timeout);
    const Result<ListVersions::Answer> page = co_await std::move(asking);
    if (!page) co_return page.error();
    if (page->empty()) co_return Done{};
    ReadRows newer{.table = watch->table_.name};
    for (const auto& [key, version] : *page) {
      RowKey at{partition, key};
      const auto known = watch->versions_.find(at);
      if (known == watch->versions_.end() || known->second < version)
        newer.keys.push_back(std::move(at));
    }
    if (!newer.keys.empty()) {
      Task<Result<std::vector<StoredRow>>> reading =
          ask(access.node(), replica, Port::records, newer, access.settings().timeout);
      const Result<std::vector<StoredRow>> rows = co_await std::move(reading);
      if (!rows) co_return rows.error();
      watch->heard(*rows);
    }
    question.range.from = page->back().first + '\0';
  }
}

// The same from what the grant shows.
Task<Result<Done>> RowWatch::catch_up_granted(std::shared_ptr<RowWatch> watch, NodeId replica,
                                              Partition partition) {
  Access& access = watch->access_;
  WatchedRows question{.range = {.table = watch->table_.name,
                                 .partition = partition,
                                 .from = watch->prefix_,
                                 .to = watch->prefix_.empty() ? Key{} : watch->prefix_ + '\xff',
                                 .limit = rows_a_page},
                       .token = watch->token_for(replica)};
  for (;;) {
    Task<Result<WatchedRows::Answer>> asking =
        ask(access.node(), replica, Port::queries, question, access.settings().timeout);
    const Result<WatchedRows::Answer> page = co_await std::move(asking);
    if (!page) co_return page.error();
    for (const StoredRow& row : page->rows)
      if (!is_sound(watch->table_, row))
        co_return Error{ErrorCode::malformed, "rows that do not fit the table"};
    watch->heard(page->rows);
    if (!page->next) co_return Done{};
    question.range.from = *page->next;
  }
}

}  // namespace evenkeel
