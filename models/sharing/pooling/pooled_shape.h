// What is added up for a question about a pool: for each group and each aggregated column three
// numbers of an owner (has it any rows there, how many, the sum of their values over the width of
// the range), of which the last two are told.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "models/access/access.h"
#include "models/sharing/pooling/pool.h"

namespace evenkeel {

struct PooledShape {
  // What rows are counted by: all of them, or those with a value in a column.
  struct Subject {
    std::optional<Expression> column = {};
    std::optional<PoolColumn> range = {};  // of its values; none: they are only counted
  };
  using Group = std::vector<Value>;  // the constants that its columns equal

  std::vector<Subject> subjects = {};
  std::vector<Group> groups = {};

  /// That an owner enters.
  std::size_t numbers() const { return 3 * groups.size() * subjects.size(); }
  /// The place of what an aggregate is of; behind the last if there is none.
  std::size_t subject_of(const Expression& aggregate) const;
  std::optional<std::size_t> group_of(std::span<const Value> values) const;

  /// What an owner selects of its rows, beside the columns of the groups.
  std::vector<std::string> items() const;
  /// The numbers that it enters, from the answer to that. ErrorCode::full: more rows than
  /// `most_rows` in a group.
  Result<std::vector<double>> entered(const std::vector<Row>& answer, std::int64_t most_rows) const;
  /// What a node of a plain query would answer for a group of which these numbers are told.
  Row told_row(std::size_t group, std::span<const Expression> aggregates,
               std::span<const double> told) const;
};

/// Numbers of both kinds are the same if they are equal.
bool same_value(const Value& a, const Value& b);

}  // namespace evenkeel
