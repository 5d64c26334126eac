// One function under one protocol, from what the owners have to the answer: what each seat does.
#pragma once

#include <optional>

#include "models/mpc/function.h"
#include "models/mpc/ledger.h"

namespace evenkeel {

struct Computation {
  ProtocolKind kind;
  std::shared_ptr<const Function> function;
  Problem problem;
  /// Who enters what it has; nobody named: the clients, or the parties if there are none.
  std::vector<Seat> owners = {};
  /// Who gets the answer; nobody named: every party, and no client.
  std::vector<Seat> receivers = {};
};

/// Why this function cannot run so, before anything is sent: the protocol cannot do what it needs,
/// or its numbers would not fit.
std::optional<Error> reason_against(const Computation& computation, std::uint32_t parties,
                                    std::uint32_t clients);

/// This seat's part. An owner gives what it has as `own`. The answer, at seats that get it.
/// ErrorCode::invalid if it cannot run, if `own` has not `problem.size` numbers, or if one of them
/// is not below 2^problem.bits and the session's claim is honest. What a protocol was asked for is
/// noted in `operations`, if given; it lives as long as the task.
Task<Result<std::vector<double>>> compute(Session& session, Computation computation,
                                          std::vector<double> own,
                                          std::vector<Priced>* operations = nullptr);

/// What all of that costs by the protocol's formula.
Cost formula_of(Session& session, const Computation& computation,
                std::span<const Priced> operations);

}  // namespace evenkeel
