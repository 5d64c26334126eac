#include "sim/workload/private_holdings.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

namespace evenkeel {
namespace {

constexpr std::uint64_t values_below = 100;

template <class T>
void shuffle(std::vector<T>& list, Random& random) {
  for (std::size_t i = list.size(); i > 1; --i) std::swap(list[i - 1], list[random.below(i)]);
}

// Unique: each has its number in it.
std::string element(const std::string& name, std::string_view whose, std::uint64_t number,
                    Random& random) {
  return fmt::format("{} {}{} {:08x}", name, whose, number, random.below(std::uint64_t{1} << 32));
}

// In the clear, by looking each element up.
void answer_plainly(const PrivateQuery& query, DrawnHoldings& drawn) {
  for (std::size_t self = 0; self < 2; ++self) {
    const PrivateHolding& own = drawn.holdings[self];
    std::unordered_map<std::string, std::size_t> others;  // never iterated
    for (const std::string& other : drawn.holdings[1 - self].elements)
      others.emplace(other, others.size());
    std::uint64_t sum = 0;
    std::vector<std::uint64_t> places;
    for (std::size_t i = 0; i < own.elements.size(); ++i) {
      if (!others.contains(own.elements[i])) continue;
      places.push_back(i);
      if (!own.values.empty()) sum += own.values[i];
    }
    std::vector<std::uint64_t>& numbers = drawn.right[self].numbers;
    if (query.kind == PrivateQueryKind::intersection)
      numbers = std::move(places);
    else
      numbers.push_back(places.size());
    if (query.kind == PrivateQueryKind::sum && self == 1) numbers.push_back(sum);
  }
}

}  // namespace

DrawnHoldings drawn_holdings(const PrivateQuery& query, std::uint64_t common,
                             const std::string& name, std::uint64_t seed) {
  Random random = Random::stream(seed, "private holdings " + name);
  DrawnHoldings drawn;
  if (query.kind == PrivateQueryKind::retrieval) {
    drawn.rows.resize(query.items * query.row_bytes);
    for (std::byte& byte : drawn.rows) byte = static_cast<std::byte>(random.below(256));
    for (PrivateHolding& holding : drawn.holdings)
      holding.records = records_of(drawn.rows, query.row_bytes);
    return drawn;
  }
  EVENKEEL_CHECK(common <= query.items, "more in common than there is");
  std::vector<std::string>& first = drawn.holdings[0].elements;
  for (std::uint64_t i = 0; i < common; ++i) first.push_back(element(name, "", i, random));
  drawn.holdings[1].elements = first;
  constexpr std::string_view whose[] = {"first ", "second "};
  for (std::size_t self = 0; self < 2; ++self) {
    PrivateHolding& own = drawn.holdings[self];
    for (std::uint64_t i = common; i < query.items; ++i)
      own.elements.push_back(element(name, whose[self], i, random));
    shuffle(own.elements, random);
    if (query.kind == PrivateQueryKind::sum && self == 1)
      for (std::uint64_t i = 0; i < query.items; ++i)
        own.values.push_back(random.below(values_below));
  }
  answer_plainly(query, drawn);
  return drawn;
}

PrivateAnswer right_row(const PrivateQuery& query, const DrawnHoldings& drawn,
                        std::uint64_t place) {
  const auto row = std::span{drawn.rows}.subspan(place * query.row_bytes, query.row_bytes);
  return {.row = {row.begin(), row.end()}};
}

}  // namespace evenkeel
