// The values that an action writes or asks for, as a scenario says them: one short expression a
// column.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "sim/actions/action.h"

namespace evenkeel {

/// Makes rows from a text such as `device, now, uniform(0 100)`. The expressions:
///   device        the asking device: "population/number@gateway"
///   key           the number drawn by the class's `key`
///   now           milliseconds since the start of the run, by the node's clock
///   unique        a number that no other request of the run has
///   uniform(a b), normal(mean deviation), integer(a b)   drawn for each request
///   bytes(n)      so many random bytes
///   'text', 12, 1.5, null
class RowMaker {
 public:
  /// UserError that says what is wrong with the text.
  explicit RowMaker(const std::string& text);

  /// UserError unless it makes so many values; `what` is what they are for.
  void check_columns(std::size_t columns, const std::string& what) const;
  Row row(const ActionCall& call) const;

 private:
  using Maker = std::function<Value(const ActionCall&)>;
  static Maker maker(const std::string& text);

  std::vector<Maker> makers_;
};

}  // namespace evenkeel
