// Contracts of one node's party: sends each step until it is acknowledged, keeps both processes on
// disk, gives out tokens for what was agreed on, and ends an agreement so that it has ended.
#pragma once

#include <functional>

#include "models/sharing/contract_book.h"
#include "models/sharing/leases.h"

namespace evenkeel {

/// What an owner gives that party of a data set, whatever it asked for; or why nothing.
using AnswerRequest =
    std::function<Result<Caveats>(const PublicKey& consumer, const std::string& data_set)>;

struct ContractSettings {
  int tries = 7;  // of a step, before it is only tried slowly
  Duration every = seconds(1);
  Duration slowly_every = seconds(30);  // a step that the other may have taken is never forgotten
  bool is_automatic = true;  // requests are agreed to as they are, offers accepted, starts granted
  AnswerRequest terms = {};  // with is_automatic: decides instead, once for each request
  std::size_t most_processes = 10'000;
};

struct SendContractStep;

/// What the other side made of a step.
struct ContractAnswer {
  bool taken = false;
  std::optional<ContractMessage> instead = {};  // that stands at its place
  template <class Visitor>
  void fields(Visitor& visit) {
    visit(taken, instead);
  }
};

class Contracts {
 public:
  /// Reads what the disk has and goes on with it. All outlive the node's tasks.
  Contracts(Node& node, Service& service, const PartyKeys& keys, const PartyDirectory& directory,
            Leases& leases, const ContractSettings& settings = {});
  Contracts(const Contracts&) = delete;

  /// Asks the party of that node for a data set on these terms; the process' number, once it is on
  /// disk. ErrorCode::not_found: a node of nobody.
  Task<Result<std::uint64_t>> request(NodeId provider, std::string data_set, Caveats terms);
  /// Asks for a transfer under a finalized agreement.
  Task<Result<std::uint64_t>> request_transfer(std::uint64_t agreement);
  /// The next step of ours: sent until it is acknowledged. Errors of ContractSide::begin.
  Task<Result<Done>> move(std::uint64_t process, ContractState to,
                          std::optional<Caveats> terms = {}, std::string reason = {});
  /// The provider ends an agreement: its token and all made from it are revoked (Leases::revoke;
  /// its bound holds when this returns well), running transfers are suspended, none starts again.
  Task<Result<Done>> retire(std::uint64_t agreement);

  // As the book has them (contract_book.h).
  const ContractSide* find(std::uint64_t process) const { return book_.find(process); }
  std::optional<Token> token_of(std::uint64_t transfer) const { return book_.token_of(transfer); }
  bool is_retired(std::uint64_t agreement) const { return book_.is_retired(agreement); }
  std::vector<std::uint64_t> numbers() const { return book_.numbers(); }
  std::vector<std::uint64_t> agreements() const { return book_.agreements(); }

 private:
  Task<Result<ContractAnswer>> answer(NodeId from, SendContractStep question);
  Result<std::uint64_t> open(NodeId peer, ContractMessage first);
  Task<> send(std::uint64_t number);
  void changed(std::uint64_t number);
  Result<Done> take_step(std::uint64_t number, ContractMessage message);
  Result<Done> fill(const ContractProcess& process, ContractMessage& message);
  Result<Done> may_open(const ContractMessage& first, const Party* sender) const;

  Node& node_;
  const PartyKeys& keys_;
  const PartyDirectory& directory_;
  Leases& leases_;
  ContractSettings settings_;
  ContractBook book_;
};

/// Tags 30-39 of Port::sharing.
struct SendContractStep {
  static constexpr std::uint16_t tag = 30;
  using Answer = ContractAnswer;
  ContractMessage message = {};
  template <class Visitor>
  void fields(Visitor& visit) {
    visit(message);
  }
};

}  // namespace evenkeel
