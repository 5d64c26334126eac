// A data pool: tables of several owners about which others may ask together, and of none alone.
// What is told of them is computed by multi-party computation, so that neither who asks, nor the
// parties that compute, nor another owner sees what one owner has; and of a group only if enough
// rows of enough owners are in it. All owners have agreed to the pool as it is.
//
// Under a protocol that only adds, whose first party gets the sums, that one sees what is told.
//
// Not hidden: who asks what, which owners took part, and what follows from several answers. A group
// that is large enough may differ by one row from another one that is; against that there is noise,
// and each grant's privacy budget, from which every answer takes its share.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "models/mpc/function.h"
#include "models/runtime/node_id.h"
#include "models/sharing/catalogue.h"

namespace evenkeel {

/// A column of which sums may be asked for. Rows with a value outside count as if they had none.
struct PoolColumn {
  std::string name = {};
  double lowest = 0;
  double highest = 1;
};

struct PoolMember {
  DataSetId data_set = {};
  std::string table = {};
  NodeId home{};  // answers for the owner
};

struct Pool {
  std::string name = {};
  std::vector<PoolMember> members = {};  // of different owners; their tables have the same columns
  std::vector<PoolColumn> columns = {};
  std::int64_t min_group = 10;  // rows behind each number that is told
  std::int64_t min_owners = 2;  // who have some of these rows
  double epsilon = 0;           // of differential privacy, for each aggregated column; 0: no noise
  std::int64_t most_rows = 1'000'000;  // of one owner, in a group

  const PoolMember* member_at(NodeId home) const;
  const PoolColumn* column(std::string_view its_name) const;
};

/// A question makes at most so many numbers of an owner's rows.
inline constexpr std::size_t most_pooled_numbers = 3 * 4096;

/// What Council calls the pool's function.
std::string function_name(const Pool& pool);
std::shared_ptr<const Function> function_of(const Pool& pool);
/// The shape of a question that makes so many numbers of an owner's rows.
Problem problem_of(const Pool& pool, std::size_t owners, std::size_t numbers);

}  // namespace evenkeel
