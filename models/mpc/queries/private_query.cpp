#include "models/mpc/queries/private_query.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "models/crypto/crypto.h"
#include "models/mpc/costs.h"
#include "models/mpc/disclosure.h"
#include "models/mpc/tools/private_retrieval.h"
#include "models/mpc/tools/psi.h"

namespace evenkeel {
namespace {

constexpr std::size_t digest_bytes = 16;

PrivateRetrieval::Shape shape_of(const PrivateQuery& query) {
  return {query.items, query.row_bytes + digest_bytes};
}

PrivateSetIntersection::Kind kind_of(const PrivateQuery& query) {
  using Kind = PrivateSetIntersection::Kind;
  if (query.kind == PrivateQueryKind::intersection) return Kind::intersection;
  return query.kind == PrivateQueryKind::cardinality ? Kind::cardinality : Kind::sum;
}

Digest digest_of(std::uint64_t place, std::span<const std::byte> row) {
  SecretBytes bytes(sizeof place);
  std::memcpy(bytes.data(), &place, sizeof place);
  bytes.insert(bytes.end(), row.begin(), row.end());
  return sha256(bytes);
}

Task<PrivateAnswer> intersect(Session& session, const PrivateQuery& query,
                              const PrivateHolding& own) {
  PrivateSetIntersection psi{session};
  PrivateAnswer answer;
  if (query.kind == PrivateQueryKind::intersection) {
    const std::vector<std::size_t> places = co_await psi.intersection(own.elements);
    answer.numbers.assign(places.begin(), places.end());
  } else if (query.kind == PrivateQueryKind::cardinality) {
    const std::size_t count = co_await psi.cardinality(own.elements);
    answer.numbers.push_back(count);
  } else {
    const PrivateSetIntersection::Sum sum = co_await psi.sum(own.elements, own.values);
    answer.numbers.push_back(sum.cardinality);
    if (session.self() == 1) answer.numbers.push_back(sum.sum);
  }
  co_return answer;
}

Task<PrivateAnswer> retrieve(Session& session, const PrivateQuery& query, const PrivateHolding* own,
                             std::uint64_t place) {
  PrivateRetrieval retrieval{session, shape_of(query)};
  PrivateAnswer answer;
  if (session.is_party()) {
    co_await retrieval.answer(own->records, 1);
    co_return answer;
  }
  const std::size_t wanted = place;
  SecretBytes record = co_await retrieval.ask({&wanted, 1});
  const auto size = static_cast<std::ptrdiff_t>(query.row_bytes);
  answer.row.assign(record.begin(), record.begin() + size);
  session.charge(costs::hashed_word * static_cast<double>(record.size() / 8 + 1));
  const Digest digest = digest_of(place, answer.row);
  const std::span<const std::byte> shown = std::span{record}.subspan(query.row_bytes);
  const std::span<const std::byte> right = std::span{digest}.first(digest_bytes);
  if (!are_same(shown, right)) {
    const Session::Forever forever = session.abort(
        ErrorCode::cheating,
        fmt::format("what {} and {} sent makes no row: one cheats, or their tables differ",
                    session.name_of(0), session.name_of(1)));
    co_await forever;
  }
  co_return answer;
}

}  // namespace

std::optional<Error> reason_against(const PrivateQuery& query) {
  const auto against = [](std::string why) { return Error{ErrorCode::invalid, std::move(why)}; };
  if (query.items == 0 || query.items > PrivateQuery::most_items)
    return against(
        fmt::format("1 to {} elements or rows, not {}", PrivateQuery::most_items, query.items));
  if (query.kind != PrivateQueryKind::retrieval) return std::nullopt;
  if (query.row_bytes == 0) return against("a row has at least one byte");
  if (query.row_bytes > PrivateQuery::most_table_bytes / query.items)
    return against(fmt::format("a table of {} rows of {} bytes is larger than {} bytes",
                               query.items, query.row_bytes, PrivateQuery::most_table_bytes));
  return std::nullopt;
}

std::vector<std::byte> records_of(std::span<const std::byte> rows, std::size_t row_bytes) {
  std::vector<std::byte> records;
  records.reserve(rows.size() / row_bytes * (row_bytes + digest_bytes));
  for (std::uint64_t place = 0; place < rows.size() / row_bytes; ++place) {
    const auto row = rows.subspan(place * row_bytes, row_bytes);
    const Digest digest = digest_of(place, row);
    records.insert(records.end(), row.begin(), row.end());
    records.insert(records.end(), digest.begin(), digest.begin() + digest_bytes);
  }
  return records;
}

Task<Result<PrivateAnswer>> take_part(Session& session, PrivateQuery query,
                                      const PrivateHolding* own, std::uint64_t place) {
  if (std::optional<Error> against = reason_against(query)) co_return std::move(*against);
  const bool retrieves = query.kind == PrivateQueryKind::retrieval;
  const auto holds = [&](std::size_t numbers) {
    const bool needs_values = query.kind == PrivateQueryKind::sum && session.self() == 1;
    return retrieves ? own->records.size() == query.items * (query.row_bytes + digest_bytes)
                     : own->elements.size() == query.items &&
                           (!needs_values || own->values.size() == numbers);
  };
  const bool asks = retrieves && !session.is_party();
  if (!asks && (own == nullptr || !holds(query.items)))
    co_return Error{ErrorCode::invalid, "this node does not have what is asked about"};
  if (asks && place >= query.items)
    co_return Error{ErrorCode::not_found, fmt::format("there is no row {}", place)};
  Task<PrivateAnswer> body =
      retrieves ? retrieve(session, query, own, place) : intersect(session, query, *own);
  Task<Result<PrivateAnswer>> running = session.run(std::move(body));
  Result<PrivateAnswer> answer = co_await std::move(running);
  co_return answer;
}

Cost cost_of(const PrivateQuery& query) {
  if (query.kind == PrivateQueryKind::retrieval) {
    const PrivateRetrieval::Shape shape = shape_of(query);
    return {{shape.record_bytes, shape.record_bytes, 2 * PrivateRetrieval::query_bytes(shape)}, 2};
  }
  const PrivateSetIntersection::Kind kind = kind_of(query);
  const std::uint64_t n = query.items;
  return {{PrivateSetIntersection::sent_bytes(kind, 0, n, n),
           PrivateSetIntersection::sent_bytes(kind, 1, n, n)},
          PrivateSetIntersection::rounds(kind)};
}

Catalogue& private_queries() {
  static Catalogue all{"private query"};
  return all;
}

std::string describe(PrivateQueryKind kind) {
  constexpr std::string_view of_two =
      "private against 1 semi-honest of 2 parties; one that deviates can lie about its own set, "
      "and make the other learn nothing; the sizes of the sets are seen";
  switch (kind) {
    case PrivateQueryKind::intersection:
      return fmt::format("both parties learn which elements both have; {}", of_two);
    case PrivateQueryKind::cardinality:
      return fmt::format("both parties learn how many elements both have; {}", of_two);
    case PrivateQueryKind::sum:
      return fmt::format(
          "over the elements that both have, the first party learns how many, the second how many "
          "and the sum of its values; {}",
          of_two);
    case PrivateQueryKind::retrieval:
      return "the asker learns one row of two servers' table; private against 1 malicious of the "
             "2 servers, which must not collude; an altered answer is noticed unless the place "
             "is guessed; an asker that deviates may learn the sum of some rows instead";
  }
  return {};
}

namespace {

Entry query_entry(PrivateQueryKind kind) {
  return {std::string{private_query_names[static_cast<std::size_t>(kind)]}, describe(kind),
          [kind](Fields&) -> std::any { return kind; }};
}

const Registered entries[] = {{private_queries(), query_entry(PrivateQueryKind::intersection)},
                              {private_queries(), query_entry(PrivateQueryKind::cardinality)},
                              {private_queries(), query_entry(PrivateQueryKind::sum)},
                              {private_queries(), query_entry(PrivateQueryKind::retrieval)}};

}  // namespace
}  // namespace evenkeel
