#include "models/sharing/pooling/pooled_shape.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "models/access/sql_parser.h"

namespace evenkeel {
namespace {

double number_of(const Value& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
  const auto* real = std::get_if<double>(&value);
  return real == nullptr ? 0 : *real;
}

}  // namespace

bool same_value(const Value& a, const Value& b) {
  const auto as_real = [](const Value& value) -> std::optional<double> {
    if (const auto* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
    if (const auto* real = std::get_if<double>(&value)) return *real;
    return std::nullopt;
  };
  if (a == b) return true;
  const std::optional<double> left = as_real(a);
  return left && left == as_real(b);
}

std::size_t PooledShape::subject_of(const Expression& aggregate) const {
  const auto is_its = [&](const Subject& subject) {
    if (aggregate.arguments.empty() || !subject.column)
      return aggregate.arguments.empty() && !subject.column;
    return same_expression(*subject.column, aggregate.arguments[0]);
  };
  return static_cast<std::size_t>(std::ranges::find_if(subjects, is_its) - subjects.begin());
}

std::optional<std::size_t> PooledShape::group_of(std::span<const Value> values) const {
  const auto found = std::ranges::find_if(groups, [&](const Group& group) {
    return std::ranges::equal(group, values.first(group.size()), same_value);
  });
  if (found == groups.end()) return std::nullopt;
  return static_cast<std::size_t>(found - groups.begin());
}

// A value in range counts as 1, another as 0, none not at all.
std::vector<std::string> PooledShape::items() const {
  std::vector<std::string> all;
  for (const Subject& subject : subjects) {
    const std::string column = subject.column ? sql_text(*subject.column) : "*";
    if (!subject.range) {
      all.push_back("count(" + column + ")");
      continue;
    }
    const std::string lowest = "(" + sql_text(Value{subject.range->lowest}) + ")";
    const std::string highest = "(" + sql_text(Value{subject.range->highest}) + ")";
    const std::string is_in = "(" + column + " BETWEEN " + lowest + " AND " + highest + ")";
    all.push_back("sum" + is_in);
    all.push_back("sum((" + column + " - " + lowest + ") * " + is_in + ")");
  }
  return all;
}

Result<std::vector<double>> PooledShape::entered(const std::vector<Row>& answer,
                                                 std::int64_t most_rows) const {
  std::vector<double> numbers(this->numbers(), 0);
  const std::size_t keys = groups.front().size();
  std::size_t width = keys;
  for (const Subject& subject : subjects) width += subject.range ? 2 : 1;
  for (const Row& row : answer) {
    if (row.size() != width) return Error{ErrorCode::malformed, "an answer of another shape"};
    const std::optional<std::size_t> group = group_of(row);
    if (!group) continue;
    std::size_t at = keys;
    for (std::size_t s = 0; s < subjects.size(); ++s) {
      double* const its = &numbers[3 * (*group * subjects.size() + s)];
      const double rows = number_of(row[at++]);
      if (rows > static_cast<double>(most_rows))
        return Error{ErrorCode::full, fmt::format("{} rows in a group, and the pool takes {} of an "
                                                  "owner; ask about fewer rows",
                                                  rows, most_rows)};
      its[0] = rows > 0 ? 1 : 0;
      its[1] = rows;
      if (!subjects[s].range) continue;
      const double width_of_range = subjects[s].range->highest - subjects[s].range->lowest;
      its[2] = std::clamp(number_of(row[at++]) / width_of_range, 0.0, rows);
    }
  }
  return numbers;
}

Row PooledShape::told_row(std::size_t group, std::span<const Expression> aggregates,
                          std::span<const double> told) const {
  Row row = groups[group];
  for (const Expression& aggregate : aggregates) {
    const std::size_t subject = subject_of(aggregate);
    const double rows = told[2 * subject];
    const std::optional<PoolColumn>& range = subjects[subject].range;
    const double sum =
        range ? range->lowest * rows + (range->highest - range->lowest) * told[2 * subject + 1] : 0;
    if (aggregate.name != "count") row.emplace_back(sum);
    // Of an average both are merged.
    if (aggregate.name != "sum") row.emplace_back(std::int64_t{std::llround(rows)});
  }
  return row;
}

}  // namespace evenkeel
