#include "models/mpc/computation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "models/mpc/ledger.h"

namespace evenkeel {
namespace {

using Answer = std::vector<double>;

std::vector<Seat> owners_of(const Session& session, const Computation& computation) {
  if (!computation.owners.empty()) return computation.owners;
  std::vector<Seat> owners;
  const bool has_clients = session.seats() > session.parties();
  for (Seat seat = has_clients ? session.parties() : 0; seat < session.seats(); ++seat)
    owners.push_back(seat);
  return owners;
}

// Of what the owner has: the numbers to enter. One that would be rounded up to 2^bits does not fit.
Result<std::vector<std::int64_t>> prepared(const Computation& computation,
                                           std::span<const double> own, Claim claim,
                                           Random& random) {
  const Problem& problem = computation.problem;
  if (own.size() != problem.size)
    return Error{ErrorCode::invalid, fmt::format("{} numbers where the computation wants {}",
                                                 own.size(), problem.size)};
  const double limit = value_limit(problem);
  for (const double value : own)
    if (!(std::abs(value) < limit) && claim == Claim::honest)
      return Error{ErrorCode::invalid,
                   fmt::format("{} does not fit into {} bits", value, problem.bits)};
  std::vector<std::int64_t> numbers = computation.function->prepare(own, problem);
  computation.function->blur(numbers, problem, random);
  return numbers;
}

Task<Answer> with_protocol(Session& session, const Computation& computation,
                           const std::vector<std::int64_t>& mine, std::vector<Priced>* operations) {
  std::unique_ptr<Protocol> protocol = computation.kind.make(session);
  if (operations != nullptr) protocol = std::make_unique<Ledger>(std::move(protocol), *operations);
  co_await protocol->set_up();
  session.mark("set up");
  const std::vector<Seat> owners = owners_of(session, computation);
  const Needs needs = computation.function->needs(computation.problem);
  const std::vector<Secrets> entered = co_await protocol->inputs(owners, mine, needs.entered);
  session.mark("entered");
  Secrets outcome{needs.opened, {}};
  if (session.is_party())
    outcome = co_await computation.function->compute(*protocol, entered, computation.problem);
  session.mark("computed");
  std::vector<std::int64_t> opened;
  if (computation.receivers.empty() && session.is_party())
    opened = co_await protocol->open(outcome);
  for (const Seat receiver : computation.receivers) {
    std::vector<std::int64_t> revealed = co_await protocol->reveal(receiver, outcome);
    if (receiver == session.self()) opened = std::move(revealed);
  }
  session.mark("opened");
  Answer answer;
  if (!opened.empty()) answer = computation.function->finish(opened, computation.problem);
  co_return answer;
}

// For summands that are entered with an offset, so that none is negative.
Summands summands_of(const Computation& computation) {
  const Needs needs = computation.function->needs(computation.problem);
  return {needs.entered, needs.value_bits - bits_of(computation.problem.owners) + 1};
}

Task<Answer> with_aggregation(Session& session, const Computation& computation,
                              const std::vector<std::int64_t>& mine) {
  const Summands shape = summands_of(computation);
  const std::int64_t offset = std::int64_t{1} << (shape.bits - 1);
  Words summands;
  for (const std::int64_t value : mine) summands.push_back(static_cast<Word>(value + offset));
  const std::unique_ptr<Aggregation> aggregation = computation.kind.aggregate(session);
  const Aggregation::Total total = co_await aggregation->aggregate(shape, summands);
  session.mark("opened");
  Answer answer;
  if (total.values.empty()) co_return answer;
  std::vector<std::int64_t> opened;
  for (const Word value : total.values)
    opened.push_back(static_cast<std::int64_t>(value) -
                     offset * static_cast<std::int64_t>(total.counted.size()));
  Problem counted = computation.problem;
  counted.owners = static_cast<std::uint32_t>(total.counted.size());
  answer = computation.function->finish(opened, counted);
  co_return answer;
}

}  // namespace

std::optional<Error> reason_against(const Computation& computation, std::uint32_t parties,
                                    std::uint32_t clients) {
  const Guarantees& promises = computation.kind.promises;
  const std::string& name = computation.kind.name;
  const auto against = [](std::string why) { return Error{ErrorCode::invalid, std::move(why)}; };
  if (parties < promises.fewest_parties || parties > promises.most_parties)
    return against(fmt::format("{} wants {} to {} parties, not {}", name, promises.fewest_parties,
                               promises.most_parties, parties));
  if (computation.problem.size == 0) return against("there is nothing to compute with");
  if (std::optional<std::string> why = computation.function->objection(computation.problem))
    return against(std::move(*why));
  const Needs needs = computation.function->needs(computation.problem);
  if (!computation.kind.make && clients == 0)
    return against(fmt::format("{} adds up what clients have, and there is none", name));
  if (!computation.kind.make && !computation.function->is_sum())
    return against(
        fmt::format("{} can only add up; choose a function that is a sum, or a protocol "
                    "that multiplies and compares",
                    name));
  if (needs.multiplies && !promises.multiplies)
    return against(fmt::format("{} cannot multiply, which the function needs", name));
  if (needs.compares && !promises.compares)
    return against(fmt::format("{} cannot compare, which the function needs", name));
  if (needs.value_bits > promises.value_bits)
    return against(
        fmt::format("numbers of up to {} bits would arise, and {} has room for {}: give "
                    "fewer bits, or fewer after the point",
                    needs.value_bits, name, promises.value_bits));
  return std::nullopt;
}

Task<Result<Answer>> compute(Session& session, Computation computation, std::vector<double> own,
                             std::vector<Priced>* operations) {
  const std::vector<Seat> owners = owners_of(session, computation);
  const std::uint32_t clients = session.seats() - session.parties();
  if (std::optional<Error> against = reason_against(computation, session.parties(), clients))
    co_return std::move(*against);
  std::vector<std::int64_t> mine;
  if (std::ranges::find(owners, session.self()) != owners.end()) {
    Result<std::vector<std::int64_t>> numbers =
        prepared(computation, own, session.claim(), session.node().random());
    if (!numbers) co_return numbers.error();
    mine = std::move(*numbers);
  }
  Task<Answer> body = computation.kind.make ? with_protocol(session, computation, mine, operations)
                                            : with_aggregation(session, computation, mine);
  Task<Result<Answer>> running = session.run(std::move(body));
  Result<Answer> answer = co_await std::move(running);
  co_return answer;
}

Cost formula_of(Session& session, const Computation& computation,
                std::span<const Priced> operations) {
  if (computation.kind.make) return sum_of(operations, session.seats());
  const std::unique_ptr<Aggregation> aggregation = computation.kind.aggregate(session);
  return aggregation->cost(summands_of(computation));
}

}  // namespace evenkeel
