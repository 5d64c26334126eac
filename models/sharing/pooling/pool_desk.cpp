#include "models/sharing/pooling/pool_desk.h"

#include <fmt/format.h>

#include <algorithm>

#include "models/runtime/signal.h"

namespace evenkeel {

struct PoolDesk::Asking {
  explicit Asking(World& world) : over(world) {}
  EnterPool question;
  GrantRequest request;
  std::vector<NodeId> ready = {};  // homes of owners who take part
  std::optional<Error> refusal = {};
  std::size_t open = 0;
  Signal over;
};

PoolDesk::PoolDesk(Node& node, GrantDesk& grants, AuditTrail& audit, PublicKey self, Access& access,
                   Council& council, const std::vector<Pool>& pools,
                   const PoolDeskSettings& settings)
    : node_(node),
      grants_(grants),
      audit_(audit),
      self_(self),
      access_(access),
      council_(council),
      pools_(pools),
      settings_(settings) {}

Task<Result<QueryResult>> PoolDesk::query(std::string name, std::string purpose, std::string sql,
                                          std::vector<Value> parameters) {
  const auto pool = std::ranges::find(pools_, name, &Pool::name);
  if (pool == pools_.end() || pool->members.empty())
    co_return Error{ErrorCode::not_found, "no pool '" + name + "'"};
  Task<Result<TableSchema>> looking = access_.table(pool->members.front().table);
  const Result<TableSchema> table = co_await std::move(looking);
  if (!table) co_return table.error();
  const Result<PooledQuestion> question = PooledQuestion::read(*pool, *table, sql, parameters);
  if (!question) co_return question.error();

  const auto asking = std::make_shared<Asking>(node_.world());
  asking->question = {.about = node_.random()(),
                      .pool = pool->name,
                      .sql = std::move(sql),
                      .parameters = std::move(parameters)};
  asking->request = {.operation = GrantOperation::query,
                     .resource = pool_part(pool->name),
                     .purpose = std::move(purpose),
                     .columns = question->columns(),
                     .aggregates = question->aggregates()};
  asking->open = pool->members.size();
  for (const PoolMember& member : pool->members) {
    Task<> task = ask_owner(asking, member);
    node_.spawn(std::move(task));
  }
  const Signal::Wait wait = asking->over.wait_until(never);
  co_await wait;

  const auto least = static_cast<std::size_t>(std::max<std::int64_t>(pool->min_owners, 1));
  if (asking->ready.size() < least)
    co_return Error{asking->refusal->code,
                    fmt::format("{}; {} of {} owners take part, and the pool '{}' wants {}",
                                asking->refusal->detail, asking->ready.size(), pool->members.size(),
                                pool->name, least)};
  std::ranges::sort(asking->ready);
  Task<Result<std::vector<double>>> computing = compute(*pool, *asking, question->numbers());
  const Result<std::vector<double>> told = co_await std::move(computing);
  if (!told) co_return told.error();
  AuditRecord record{.who = self_,
                     .operation = GrantOperation::query,
                     .resource = pool_part(pool->name),
                     .bytes = 8 * told->size(),
                     .decision = AuditDecision::own,
                     .remark = fmt::format("learned sums over {} owners of pool '{}', of groups of "
                                           "{} rows and {} owners or more, epsilon {}",
                                           asking->ready.size(), pool->name, pool->min_group,
                                           pool->min_owners, question->epsilon())};
  Task<Result<Done>> writing = audit_.write(std::move(record));
  const Result<Done> written = co_await std::move(writing);
  if (!written) co_return written.error();
  Result<QueryResult> answer = question->answer(*told, access_.settings().limits);
  if (!answer) co_return answer.error();
  answer->cost.nodes = asking->ready.size();
  answer->cost.bytes = council_.last_held().spent.sent_bytes;
  answer->cost.rounds = council_.last_held().spent.rounds;
  co_return answer;
}

Task<> PoolDesk::ask_owner(std::shared_ptr<Asking> asking, PoolMember member) {
  Task<Result<Done>> entering = enter(*asking, member);
  const Result<Done> entered = co_await std::move(entering);
  if (entered) {
    asking->ready.push_back(member.home);
  } else {
    grants_.heard(member.data_set, entered.error());
    if (!asking->refusal || asking->refusal->code == ErrorCode::timeout)
      asking->refusal = entered.error();
  }
  if (--asking->open == 0) asking->over.raise();
}

Task<Result<Done>> PoolDesk::enter(const Asking& asking, const PoolMember& member) {
  std::vector<NodeId> home{member.home};
  Task<Result<std::map<NodeId, Blob>>> showing =
      grants_.show_to(std::move(home), member.data_set, asking.request);
  Result<std::map<NodeId, Blob>> shown = co_await std::move(showing);
  if (!shown) co_return shown.error();
  EnterPool question = asking.question;
  question.shown = std::move(shown->at(member.home));
  Task<Result<Done>> entering = ask(node_, member.home, Port::sharing, question, settings_.timeout);
  const Result<Done> entered = co_await std::move(entering);
  co_return entered;
}

Task<Result<std::vector<double>>> PoolDesk::compute(const Pool& pool, const Asking& asking,
                                                    std::size_t numbers) {
  const Problem problem = problem_of(pool, asking.ready.size(), numbers);
  Meeting meeting{.function = function_name(pool),
                  .owners = asking.ready,
                  .receivers = {node_.id()},
                  .size = problem.size,
                  .bits = problem.bits,
                  .fraction = problem.fraction,
                  .about = asking.question.about};
  Task<Result<std::vector<double>>> convening = council_.convene(std::move(meeting));
  Result<std::vector<double>> told = co_await std::move(convening);
  co_return told;
}

}  // namespace evenkeel
