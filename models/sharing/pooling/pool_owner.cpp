#include "models/sharing/pooling/pool_owner.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "models/sharing/guarded_access.h"

namespace evenkeel {
namespace {

Error denied(std::string why) { return {ErrorCode::denied, std::move(why)}; }

}  // namespace

PoolOwner::PoolOwner(Node& node, Service& service, GrantGuard& guard, PublicKey owner,
                     Access& access, const std::vector<Pool>& pools)
    : node_(node), guard_(guard), owner_(owner), access_(access), pools_(pools) {
  service.on(&PoolOwner::enter, *this);
}

// What the grant demands of the pool, beside what it allows of the question.
Result<Done> PoolOwner::fits(const Pool& pool, const AdmittedGrant& grant) const {
  const std::uint32_t least = grant.rules().minimum_group;
  if (pool.min_group < static_cast<std::int64_t>(least))
    return denied(
        fmt::format("group too small: the grant tells groups of {} rows or more, and the "
                    "pool '{}' tells groups of {}",
                    least, pool.name, pool.min_group));
  if (!grant.token || pool.epsilon > 0) return Done{};
  for (const TokenBlock& block : grant.token->token.blocks)
    if (block.caveats.totals && block.caveats.totals->epsilon > 0)
      return denied("no noise: the grant has a privacy budget, and the pool '" + pool.name +
                    "' tells exact numbers; give the pool an epsilon");
  return Done{};
}

Task<Result<Done>> PoolOwner::enter(NodeId from, EnterPool asked) {
  const auto pool = std::ranges::find(pools_, asked.pool, &Pool::name);
  const PoolMember* member = pool == pools_.end() ? nullptr : pool->member_at(node_.id());
  if (member == nullptr || member->data_set.owner != owner_)
    co_return Error{ErrorCode::not_found, "no pool '" + asked.pool + "' that this node is in"};
  Result<Presentation> shown = read_presentation(asked.shown);
  if (!shown) co_return shown.error();
  Task<Result<TableSchema>> looking = access_.table(member->table);
  const Result<TableSchema> table = co_await std::move(looking);
  if (!table) co_return table.error();
  const Result<PooledQuestion> question =
      PooledQuestion::read(*pool, *table, asked.sql, std::move(asked.parameters));
  if (!question) co_return question.error();
  const GrantRequest& request = shown->request;
  if (request.operation != GrantOperation::query ||
      request.resource != member->data_set.name + "/" + pool_part(pool->name) ||
      request.columns != question->columns() || request.aggregates != question->aggregates())
    co_return denied("wrong request: what was signed is not what is asked");
  forget_old();
  if (entered_.size() >= most_entered)
    co_return Error{ErrorCode::overloaded, "too many questions about pools; ask again later"};
  Task<Result<AdmittedGrant>> admitting = guard_.admit(std::move(*shown), owner_);
  Result<AdmittedGrant> grant = co_await std::move(admitting);
  if (!grant) co_return grant.error();
  if (const Result<Done> fitting = fits(*pool, *grant); !fitting) co_return fitting;
  const Result<Restriction> restriction = restriction_of(grant->rules(), *table);
  if (!restriction) co_return restriction.error();
  std::string sql = question->own_sql(member->table, restriction->row_filter);
  ReadOptions options{.level = ReadLevel::bounded};
  Task<Result<QueryResult>> reading = access_.query(std::move(sql), {}, std::move(options));
  const Result<QueryResult> own = co_await std::move(reading);
  if (!own) co_return own.error();
  Result<std::vector<double>> numbers = question->numbers_of(own->rows);
  if (!numbers) co_return numbers.error();
  GrantPiece piece{
      .bytes = 8 * numbers->size(),
      .epsilon = question->epsilon(),
      .remark = fmt::format("entered in secret into pool '{}': groups of {} rows and "
                            "{} owners or more are told, epsilon {}",
                            pool->name, pool->min_group, pool->min_owners, question->epsilon())};
  Task<Result<Done>> serving = guard_.serve(std::move(*grant), std::move(piece));
  const Result<Done> served = co_await std::move(serving);
  if (!served) co_return served;
  const Time until = time_after(node_.now(), kept_for);
  entered_[{from, asked.about}] = {&*pool, std::move(*numbers), until};
  co_return Done{};
}

void PoolOwner::forget_old() {
  std::erase_if(entered_, [this](const auto& one) { return one.second.until < node_.now(); });
}

// Only who was granted the answer gets it; only the pool's owners are counted, each once.
bool PoolOwner::is_what_was_granted(const Meeting& meeting, const Entered& entered) const {
  const Pool& pool = *entered.pool;
  const Problem problem = problem_of(pool, meeting.owners.size(), entered.numbers.size());
  const std::set<NodeId> owners(meeting.owners.begin(), meeting.owners.end());
  return meeting.function == function_name(pool) && meeting.size == problem.size &&
         meeting.bits == problem.bits && meeting.fraction == problem.fraction &&
         owners.size() == meeting.owners.size() &&
         owners.size() >= static_cast<std::size_t>(std::max<std::int64_t>(pool.min_owners, 1)) &&
         std::ranges::all_of(owners, [&](NodeId home) { return pool.member_at(home) != nullptr; });
}

std::vector<double> PoolOwner::numbers_for(const Meeting& meeting) {
  forget_old();
  if (meeting.receivers.size() != 1) return {};
  auto found = entered_.extract({meeting.receivers.front(), meeting.about});
  if (found.empty() || !is_what_was_granted(meeting, found.mapped())) {
    node_.probe().count("pool computations refused", node_.id(), 1);
    return {};
  }
  return std::move(found.mapped().numbers);
}

}  // namespace evenkeel
