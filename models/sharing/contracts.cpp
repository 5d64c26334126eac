#include "models/sharing/contracts.h"

#include <limits>

namespace evenkeel {

using S = ContractState;

Contracts::Contracts(Node& node, Service& service, const PartyKeys& keys,
                     const PartyDirectory& directory, Leases& leases,
                     const ContractSettings& settings)
    : node_(node),
      keys_(keys),
      directory_(directory),
      leases_(leases),
      settings_(settings),
      book_(node.disk(), keys.signing.public_key()) {
  service.on(&Contracts::answer, *this);
  for (const std::uint64_t number : book_.numbers()) changed(number);
}

Result<std::uint64_t> Contracts::open(NodeId peer, ContractMessage first) {
  const Party* other = directory_.owner_of(peer);
  if (other == nullptr) return Error{ErrorCode::not_found, "the node is of no party that we know"};
  if (book_.processes().size() >= settings_.most_processes)
    return Error{ErrorCode::full, "too many contracts at this node"};
  std::uint64_t number = 0;
  while (number == 0 || book_.processes().contains(number)) number = node_.random()();
  first.process = number;
  ContractProcess process{
      ContractSide{first.kind, ContractRole::consumer, keys_.signing.public_key(), other->key}};
  process.peer = peer;
  process.agreement = first.agreement;
  const Result<ContractMessage> begun = process.side.begin(std::move(first), keys_.signing);
  if (!begun) return begun.error();
  book_.processes().emplace(number, std::move(process));
  if (const Result<Done> done = book_.keep(number); !done) {
    book_.processes().erase(number);
    return done.error();
  }
  changed(number);
  return number;
}

Task<Result<std::uint64_t>> Contracts::request(NodeId provider, std::string data_set,
                                               Caveats terms) {
  ContractMessage first{.to = S::requested};
  first.data_set = std::move(data_set);
  first.terms = std::move(terms);
  const Result<std::uint64_t> number = open(provider, std::move(first));
  co_await node_.disk_done();
  co_return number;
}

Task<Result<std::uint64_t>> Contracts::request_transfer(std::uint64_t agreement) {
  const auto found = book_.processes().find(agreement);
  if (found == book_.processes().end() || found->second.side.state() != S::finalized)
    co_return Error{ErrorCode::invalid, "a transfer needs a finalized agreement"};
  ContractMessage first{.kind = ContractKind::transfer, .to = S::requested};
  first.agreement = agreement;
  const Result<std::uint64_t> number = open(found->second.peer, std::move(first));
  co_await node_.disk_done();
  co_return number;
}

// A start carries a token of its own, made from the agreement's: one can be revoked without the
// other.
Result<Done> Contracts::fill(const ContractProcess& process, ContractMessage& message) {
  if (process.side.kind() != ContractKind::transfer || message.to != S::started ||
      process.side.role() != ContractRole::provider)
    return Done{};
  const auto agreement = book_.processes().find(process.agreement);
  if (agreement == book_.processes().end() || !agreement->second.token || agreement->second.retired)
    return Error{ErrorCode::denied, "the agreement has been retired"};
  const Result<Token> token = attenuate(*agreement->second.token, {}, node_.random());
  if (!token) return token.error();
  const auto& operations = token->blocks.front().caveats.operations;
  const bool may_reshare =
      !operations || (*operations & operations_of(GrantOperation::reshare)) != 0;
  message.token = encoded(may_reshare ? *token : sealed(*token));
  return Done{};
}

Result<Done> Contracts::take_step(std::uint64_t number, ContractMessage message) {
  ContractProcess& process = book_.processes().at(number);
  const Result<Done> filled = fill(process, message);
  if (!filled) return filled;
  const Result<ContractMessage> begun = process.side.begin(std::move(message), keys_.signing);
  if (!begun) return begun.error();
  const Result<Done> done = book_.keep(number);
  if (!process.sending) {
    process.sending = true;
    node_.spawn(send(number));
  }
  return done;
}

Task<Result<Done>> Contracts::move(std::uint64_t number, ContractState to,
                                   std::optional<Caveats> terms, std::string reason) {
  if (!book_.processes().contains(number))
    co_return Error{ErrorCode::not_found, "no such contract"};
  ContractMessage message{.to = to};
  message.terms = std::move(terms);
  message.reason = std::move(reason);
  const Result<Done> begun = take_step(number, std::move(message));
  co_await node_.disk_done();
  co_return begun;
}

// What follows from a new state: a token for an agreement, a step of ours, the sending of it.
void Contracts::changed(std::uint64_t number) {
  ContractProcess& process = book_.processes().at(number);
  const bool agreed = process.side.kind() == ContractKind::negotiation &&
                      process.side.state() == S::finalized &&
                      process.side.role() == ContractRole::provider;
  if (agreed && !process.token) {
    Caveats terms = process.side.terms();
    terms.holder = process.side.other();
    const std::string& data_set = process.side.log().front().data_set;
    // Whatever the terms say, nothing beyond the data set that was asked for.
    if (!terms.resource || !covers(data_set, *terms.resource)) terms.resource = data_set;
    const Result<Token> token = issue_token(keys_.signing, terms, node_.random());
    if (token) {
      process.token = *token;
      if (!book_.keep(number)) process.token.reset();  // tried again at the next start
    }
    node_.probe().count("agreements", node_.id(), 1);
  }
  std::optional<ContractState> to;
  if (settings_.is_automatic) to = process.side.automatic_step(book_.is_retired(process.agreement));
  if (to) {
    ContractMessage message{.to = *to};
    if (settings_.terms && *to == S::agreed && process.side.state() == S::requested) {
      Result<Caveats> terms =
          settings_.terms(process.side.other(), process.side.log().front().data_set);
      if (terms) {
        message.terms = std::move(*terms);
      } else {
        message.to = S::terminated;
        message.reason = terms.error().detail;
      }
    }
    if (!take_step(number, std::move(message)))
      node_.probe().count("contract steps not taken", node_.id(), 1);
  } else if (process.side.pending() && !process.sending) {
    process.sending = true;
    node_.spawn(send(number));
  }
}

Task<> Contracts::send(std::uint64_t number) {
  ContractProcess& process = book_.processes().at(number);  // processes are never erased once sent
  for (int tried = 0; process.side.pending();) {
    const SendContractStep question{*process.side.pending()};
    Task<Result<ContractAnswer>> asked =
        ask(node_, process.peer, Port::sharing, question, settings_.every);
    const Result<ContractAnswer> answer = co_await std::move(asked);
    const std::size_t before = process.side.log().size();
    if (answer && answer->taken) process.side.acknowledged(question.message);
    if (answer && answer->instead && !process.side.overruled(*answer->instead))
      node_.probe().count("contract answers refused", node_.id(), 1);
    if (process.side.log().size() != before) {
      tried = 0;
      if (!book_.keep(number)) node_.probe().count("contracts not kept", node_.id(), 1);
      changed(number);
      continue;
    }
    if (++tried == settings_.tries)
      node_.probe().event(node_.now(), node_.id(), "contract", "the other party does not answer");
    co_await node_.sleep(tried < settings_.tries ? settings_.every : settings_.slowly_every);
  }
  process.sending = false;
}

Result<Done> Contracts::may_open(const ContractMessage& first, const Party* sender) const {
  if (sender == nullptr || sender->key != first.sender || first.step != 1 || first.process == 0 ||
      static_cast<std::uint8_t>(first.kind) > 1 || static_cast<std::uint8_t>(first.who) > 1)
    return Error{ErrorCode::invalid, "not the first step of a contract with the asking party"};
  if (book_.processes().size() >= settings_.most_processes)
    return Error{ErrorCode::full, "too many contracts at this node"};
  if (first.kind == ContractKind::negotiation) return Done{};
  const auto agreement = book_.processes().find(first.agreement);
  if (agreement == book_.processes().end() || agreement->second.side.state() != S::finalized ||
      agreement->second.side.other() != sender->key)
    return Error{ErrorCode::denied, "a transfer without an agreement"};
  return Done{};
}

Task<Result<ContractAnswer>> Contracts::answer(NodeId from, SendContractStep question) {
  const ContractMessage& message = question.message;
  auto found = book_.processes().find(message.process);
  if (found == book_.processes().end()) {
    const Party* sender = directory_.owner_of(from);
    const Result<Done> may = may_open(message, sender);
    if (!may) co_return may.error();
    const ContractRole ours =
        message.who == ContractRole::consumer ? ContractRole::provider : ContractRole::consumer;
    ContractProcess process{
        ContractSide{message.kind, ours, keys_.signing.public_key(), sender->key}};
    process.peer = from;
    process.agreement = message.agreement;
    if (const Result<Done> heard = process.side.heard(message); !heard) co_return heard.error();
    found = book_.processes().emplace(message.process, std::move(process)).first;
  } else {
    const bool is_new = found->second.side.at(message.step) == nullptr;
    if (is_new && message.to == S::started && book_.is_retired(found->second.agreement))
      co_return Error{ErrorCode::denied, "the agreement has been retired"};
    const Result<Done> heard = found->second.side.heard(message);
    if (!heard) {
      if (heard.error().code != ErrorCode::conflict) co_return heard.error();
      const ContractMessage* mine = found->second.side.at(message.step);
      ContractAnswer instead;
      if (mine != nullptr) instead.instead = *mine;
      co_return instead;
    }
  }
  const Result<Done> done = book_.keep(message.process);
  if (!done) co_return done.error();
  changed(message.process);
  co_await node_.disk_done();
  co_return ContractAnswer{.taken = true};
}

Task<Result<Done>> Contracts::retire(std::uint64_t agreement) {
  const auto found = book_.processes().find(agreement);
  if (found == book_.processes().end() || !found->second.token)
    co_return Error{ErrorCode::not_found, "no agreement of ours that gives anything"};
  found->second.retired = true;
  const Result<Done> done = book_.keep(agreement);
  if (!done) co_return done.error();
  for (const auto& [number, process] : book_.processes()) {
    if (process.agreement != agreement || process.side.state() != S::started) continue;
    ContractMessage message{.to = S::suspended};
    message.reason = "the agreement was retired";
    // One that is ending anyway needs no suspending: its token is dead either way.
    if (!take_step(number, std::move(message)))
      node_.probe().count("transfers not suspended", node_.id(), 1);
  }
  const TokenBlock& block = found->second.token->blocks.front();
  const std::int64_t expires_ms =
      block.caveats.expires_ms.value_or(std::numeric_limits<std::int64_t>::max());
  Task<Result<Done>> revoking = leases_.revoke(block.signature, expires_ms);
  const Result<Done> revoked = co_await std::move(revoking);
  co_return revoked;
}

}  // namespace evenkeel
