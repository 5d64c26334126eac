// The contracts of a node's party as they stand, each step on disk before it is sent or
// acknowledged.
#pragma once

#include <map>

#include "models/sharing/contract.h"
#include "models/sharing/journal.h"

namespace evenkeel {

struct ContractProcess {
  explicit ContractProcess(ContractSide its_side) : side(std::move(its_side)) {}
  ContractSide side;
  NodeId peer{};
  std::uint64_t agreement = 0;
  std::optional<Token> token;  // the provider's, of an agreement
  bool retired = false;
  bool sending = false;
};

class ContractBook {
 public:
  /// Reads what the disk has, which outlives it; `self`: the party's key.
  ContractBook(Disk& disk, const PublicKey& self);

  /// By number. One that is added is on disk once it is kept.
  std::map<std::uint64_t, ContractProcess>& processes() { return processes_; }
  const std::map<std::uint64_t, ContractProcess>& processes() const { return processes_; }
  /// Writes down how one stands.
  Result<Done> keep(std::uint64_t number);

  /// Null if there is none of that number.
  const ContractSide* find(std::uint64_t process) const;
  /// The token that a started transfer was given.
  std::optional<Token> token_of(std::uint64_t transfer) const;
  bool is_retired(std::uint64_t agreement) const;
  /// All processes, ascending by number.
  std::vector<std::uint64_t> numbers() const;
  /// Those finalized, retired or not, ascending.
  std::vector<std::uint64_t> agreements() const;

 private:
  struct Kept;
  static Blob kept(std::uint64_t number, const ContractProcess& process);

  FrameJournal journal_;
  std::map<std::uint64_t, ContractProcess> processes_;
};

}  // namespace evenkeel
