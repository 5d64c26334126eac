#include "models/sharing/contract_book.h"

namespace evenkeel {

using S = ContractState;

struct ContractBook::Kept {
  std::uint64_t number = 0;
  ContractKind kind = ContractKind::negotiation;
  ContractRole role = ContractRole::consumer;
  PublicKey other = {};
  std::vector<ContractMessage> log = {};
  std::optional<ContractMessage> pending = {};
  NodeId peer{};
  std::uint64_t agreement = 0;
  std::optional<Token> token = {};
  bool retired = false;
  template <class Visitor>
  void fields(Visitor& visit) {
    visit(number, kind, role, other, log, pending, peer, agreement, token, retired);
  }
};

ContractBook::ContractBook(Disk& disk, const PublicKey& self)
    : journal_(disk, "sharing/contracts") {
  for (const Blob& bytes : journal_.take_loaded()) {
    std::optional<Kept> was = decoded<Kept>(bytes);
    if (!was) continue;
    ContractSide side{was->kind, was->role, self, was->other};
    side.restore(std::move(was->log), std::move(was->pending));
    ContractProcess process{std::move(side)};
    process.peer = was->peer;
    process.agreement = was->agreement;
    process.token = std::move(was->token);
    process.retired = was->retired;
    processes_.insert_or_assign(was->number, std::move(process));
  }
}

Blob ContractBook::kept(std::uint64_t number, const ContractProcess& process) {
  return encoded(Kept{number, process.side.kind(), process.side.role(), process.side.other(),
                      process.side.log(), process.side.pending(), process.peer, process.agreement,
                      process.token, process.retired});
}

Result<Done> ContractBook::keep(std::uint64_t number) {
  if (journal_.size() >= 256 + 8 * processes_.size()) {
    std::vector<Blob> all;
    for (const auto& [each, process] : processes_) all.push_back(kept(each, process));
    if (journal_.rewrite(all)) return Done{};
  }
  const Result<Done> written = journal_.append(kept(number, processes_.at(number)));
  return written ? journal_.sync() : written;
}

const ContractSide* ContractBook::find(std::uint64_t process) const {
  const auto found = processes_.find(process);
  return found == processes_.end() ? nullptr : &found->second.side;
}

bool ContractBook::is_retired(std::uint64_t agreement) const {
  const auto found = processes_.find(agreement);
  return found != processes_.end() && found->second.retired;
}

std::vector<std::uint64_t> ContractBook::numbers() const {
  std::vector<std::uint64_t> all;
  for (const auto& [number, process] : processes_) all.push_back(number);
  return all;
}

std::vector<std::uint64_t> ContractBook::agreements() const {
  std::vector<std::uint64_t> numbers;
  for (const auto& [number, process] : processes_)
    if (process.side.state() == S::finalized) numbers.push_back(number);
  return numbers;
}

std::optional<Token> ContractBook::token_of(std::uint64_t transfer) const {
  const ContractSide* side = find(transfer);
  if (side == nullptr) return std::nullopt;
  for (auto step = side->log().rbegin(); step != side->log().rend(); ++step)
    if (step->to == S::started && !step->token.empty()) return decoded<Token>(step->token);
  return std::nullopt;
}

}  // namespace evenkeel
