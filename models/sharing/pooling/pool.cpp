#include "models/sharing/pooling/pool.h"

#include <algorithm>

#include "models/mpc/functions/pooled_sums.h"

namespace evenkeel {
namespace {

constexpr int bits_after_the_point = 20;  // of sums of values that were made to lie in [0, 1]

}  // namespace

const PoolMember* Pool::member_at(NodeId home) const {
  const auto found = std::ranges::find(members, home, &PoolMember::home);
  return found == members.end() ? nullptr : &*found;
}

const PoolColumn* Pool::column(std::string_view its_name) const {
  const auto found = std::ranges::find(columns, its_name, &PoolColumn::name);
  return found == columns.end() ? nullptr : &*found;
}

std::string function_name(const Pool& pool) { return "pool " + pool.name; }

std::shared_ptr<const Function> function_of(const Pool& pool) {
  return pooled_sums({pool.min_group, pool.min_owners, pool.epsilon});
}

Problem problem_of(const Pool& pool, std::size_t owners, std::size_t numbers) {
  return {.owners = static_cast<std::uint32_t>(owners),
          .size = numbers,
          .bits = bits_of(static_cast<std::uint64_t>(pool.most_rows) + 1),
          .fraction = bits_after_the_point};
}

}  // namespace evenkeel
