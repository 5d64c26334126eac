#include "models/sharing/grant_desk.h"

#include <algorithm>

#include "models/access/sql_check.h"
#include "models/access/sql_functions.h"
#include "models/access/sql_parser.h"
#include "models/sharing/refusal.h"

namespace evenkeel {
namespace {

/// What a query asks for, as far as a grant can forbid it before the rows are looked at.
Result<GrantRequest> request_of(const std::string& sql) {
  const Result<Query> query = parse_sql(sql);
  if (!query) return query.error();
  if (query->from.size() != 1)
    return Error{ErrorCode::invalid, "a grant is for one data set: ask one table at a time"};
  GrantRequest request{.operation = GrantOperation::query};
  const auto look = [&](const Expression& whole) {
    visit_parts(whole, [&](const Expression& part) {
      if (is_aggregate(part)) request.aggregates.push_back(part.name);
      return true;
    });
  };
  for (const SelectItem& item : query->items) look(item.what);
  if (query->having) look(*query->having);
  for (const OrderItem& order : query->order_by) look(order.by);
  std::ranges::sort(request.aggregates);
  request.aggregates.erase(std::ranges::unique(request.aggregates).begin(),
                           request.aggregates.end());
  return request;
}

}  // namespace

GrantDesk::GrantDesk(Node& node, Contracts& contracts, const PartyKeys& keys,
                     const PartyDirectory& directory, Access* access, SharedFiles* files,
                     const GrantDeskSettings& settings)
    : node_(node),
      contracts_(contracts),
      keys_(keys),
      directory_(directory),
      access_(access),
      files_(files),
      settings_(settings) {
  for (const std::uint64_t number : contracts_.numbers()) {
    const ContractSide* transfer = living(number);
    const ContractSide* agreement =
        transfer == nullptr ? nullptr : contracts_.find(transfer->log().front().agreement);
    if (agreement == nullptr || agreement->log().empty()) continue;
    transfers_[{agreement->other(), agreement->log().front().data_set}] = number;
  }
}

std::int64_t GrantDesk::wall_ms() const {
  return std::chrono::duration_cast<std::chrono::milliseconds>(node_.wall_clock()).count();
}

// A transfer of ours that goes on.
const ContractSide* GrantDesk::living(std::uint64_t transfer) const {
  const ContractSide* side = contracts_.find(transfer);
  const bool lives = side != nullptr && side->kind() == ContractKind::transfer &&
                     side->role() == ContractRole::consumer &&
                     side->state() == ContractState::started;
  return lives ? side : nullptr;
}

std::optional<Token> GrantDesk::kept_token(const DataSetId& id) const {
  const auto transfer = transfers_.find(id);
  if (transfer == transfers_.end() || living(transfer->second) == nullptr) return std::nullopt;
  std::optional<Token> token = contracts_.token_of(transfer->second);
  if (!token) return std::nullopt;
  const bool is_over = std::ranges::any_of(token->blocks, [&](const TokenBlock& block) {
    return block.caveats.expires_ms && *block.caveats.expires_ms <= wall_ms();
  });
  return is_over ? std::nullopt : token;
}

Task<Result<Done>> GrantDesk::wait_for(std::uint64_t process, ContractState wanted) {
  const Time until = time_after(node_.now(), settings_.patience);
  while (true) {
    const ContractSide* side = contracts_.find(process);
    if (side->state() == wanted) co_return Done{};
    if (side->state() == ContractState::terminated) {
      const std::string& reason = side->log().back().reason;
      co_return Error{ErrorCode::denied,
                      reason.empty() ? "refused: the owner ended the contract" : reason};
    }
    if (node_.now() >= until)
      co_return Error{ErrorCode::timeout, "the owner has not answered the contract; it goes on"};
    co_await node_.sleep(settings_.look_again_after);
  }
}

Task<Result<Done>> GrantDesk::agree(DataSetId id, NodeId home) {
  Caveats as_the_owner_likes;
  Task<Result<std::uint64_t>> requesting =
      contracts_.request(home, id.name, std::move(as_the_owner_likes));
  const Result<std::uint64_t> agreement = co_await std::move(requesting);
  if (!agreement) co_return agreement.error();
  Task<Result<Done>> agreeing = wait_for(*agreement, ContractState::finalized);
  const Result<Done> agreed = co_await std::move(agreeing);
  if (!agreed) co_return agreed;
  Task<Result<std::uint64_t>> opening = contracts_.request_transfer(*agreement);
  const Result<std::uint64_t> transfer = co_await std::move(opening);
  if (!transfer) co_return transfer.error();
  Task<Result<Done>> starting = wait_for(*transfer, ContractState::started);
  const Result<Done> started = co_await std::move(starting);
  if (started) transfers_[id] = *transfer;
  co_return started;
}

Task<Result<Token>> GrantDesk::token(DataSetId id) {
  const Party* owner = directory_.find(id.owner);
  if (owner == nullptr || owner->nodes.empty())
    co_return Error{ErrorCode::not_found, "a data set of nobody that we know"};
  const NodeId home = owner->nodes.front();
  while (true) {
    if (std::optional<Token> kept = kept_token(id)) co_return std::move(*kept);
    if (const auto refused = refused_.find(id);
        refused != refused_.end() && node_.now() < refused->second.until)
      co_return refused->second.why;
    if (!agreeing_.contains(id)) break;
    co_await node_.sleep(settings_.look_again_after);
  }
  struct Turn {
    std::set<DataSetId>& agreeing;
    const DataSetId& id;
    ~Turn() { agreeing.erase(id); }
  };
  agreeing_.insert(id);
  const Turn turn{agreeing_, id};
  Task<Result<Done>> agreeing = agree(id, home);
  const Result<Done> agreed = co_await std::move(agreeing);
  if (!agreed) {
    refused_.insert_or_assign(
        id, Refusal{agreed.error(), time_after(node_.now(), settings_.refused_for)});
    co_return agreed.error();
  }
  std::optional<Token> given = kept_token(id);
  if (!given) co_return Error{ErrorCode::denied, "expired: the grant ended before it was used"};
  co_return std::move(*given);
}

Presentation GrantDesk::show(const Token& token, GrantRequest request, NodeId server) {
  return present(&token, keys_.signing, std::move(request), server, wall_ms(), node_.random());
}

void GrantDesk::heard(const DataSetId& id, const Error& why) {
  const std::string name = refusal_name(why);
  if (name == "revoked" || name == "expired") transfers_.erase(id);
}

Task<Result<QueryResult>> GrantDesk::query(DataSetId id, std::string purpose, std::string sql,
                                           std::vector<Value> parameters, ReadOptions options) {
  if (access_ == nullptr) co_return Error{ErrorCode::invalid, "no data can be queried here"};
  if (options.level == ReadLevel::strong || options.level == ReadLevel::read_your_writes)
    co_return Error{ErrorCode::invalid,
                    "level not granted: what others share is asked at level 'bounded' or 'any'"};
  Result<GrantRequest> request = request_of(sql);
  if (!request) co_return request.error();
  request->resource = id.name;
  request->purpose = std::move(purpose);
  Task<Result<Token>> getting = token(id);
  const Result<Token> grant = co_await std::move(getting);
  if (!grant) co_return grant.error();
  options.token = [this, token = *grant, request = *request](NodeId server) {
    return encoded(show(token, request, server));
  };
  Task<Result<QueryResult>> asking =
      access_->query(std::move(sql), std::move(parameters), std::move(options));
  Result<QueryResult> answer = co_await std::move(asking);
  if (!answer) heard(id, answer.error());
  co_return std::move(answer);
}

Task<Result<std::shared_ptr<RowWatch>>> GrantDesk::watch(DataSetId id, std::string purpose,
                                                         std::string table, Row prefix) {
  if (access_ == nullptr) co_return Error{ErrorCode::invalid, "no data can be watched here"};
  Task<Result<Token>> getting = token(id);
  const Result<Token> grant = co_await std::move(getting);
  if (!grant) co_return grant.error();
  const GrantRequest request{.resource = id.name, .purpose = std::move(purpose)};
  RowWatch::Shows shows = [this, token = *grant, request](NodeId replica) {
    return encoded(show(token, request, replica));
  };
  Task<Result<std::shared_ptr<RowWatch>>> watching =
      access_->watch(std::move(table), std::move(prefix), std::move(shows));
  Result<std::shared_ptr<RowWatch>> watch = co_await std::move(watching);
  co_return std::move(watch);
}

Result<Token> GrantDesk::own_token(const DataSetId& id) {
  const std::int64_t lasts_ms = settings_.own_grants_last / std::chrono::milliseconds{1};
  return issue_token(keys_.signing,
                     {.resource = id.name,
                      .expires_ms = wall_ms() + lasts_ms,
                      .holder = keys_.signing.public_key()},
                     node_.random());
}

Task<Result<std::map<NodeId, Blob>>> GrantDesk::show_to(std::vector<NodeId> servers, DataSetId id,
                                                        GrantRequest request) {
  Result<Token> grant = Error{ErrorCode::denied, "no grant"};
  if (id.owner == keys_.signing.public_key()) {
    grant = own_token(id);
  } else {
    Task<Result<Token>> getting = token(id);
    grant = co_await std::move(getting);
  }
  if (!grant) co_return grant.error();
  request.resource = id.name + "/" + request.resource;
  std::map<NodeId, Blob> shown;
  for (const NodeId server : servers)
    if (!shown.contains(server)) shown[server] = encoded(show(*grant, request, server));
  co_return std::move(shown);
}

Task<Result<Blob>> GrantDesk::fetch(DataSetId id, std::string purpose, Duration limit) {
  if (files_ == nullptr) co_return Error{ErrorCode::invalid, "no files are shared here"};
  const Time until = time_after(node_.now(), limit);
  Task<Result<Token>> getting = token(id);
  const Result<Token> grant = co_await std::move(getting);
  if (!grant) co_return grant.error();
  BlockSwarm::Shows shows = [this, token = *grant, purpose](NodeId server,
                                                            const std::string& resource) {
    return show(token, {.resource = resource, .purpose = purpose}, server);
  };
  const NodeId home = directory_.find(id.owner)->nodes.front();
  std::vector<NodeId> peers = settings_.peers;
  Task<Result<Blob>> fetching = files_->fetch(id, home, std::move(peers), std::move(shows), until);
  Result<Blob> content = co_await std::move(fetching);
  if (!content) heard(id, content.error());
  co_return std::move(content);
}

}  // namespace evenkeel
