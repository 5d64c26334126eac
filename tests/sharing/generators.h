// Random caveats, requests and tokens for property tests.
#pragma once

#include <rapidcheck.h>

#include <algorithm>

#include "models/sharing/token.h"

namespace evenkeel::test {

inline std::string any_of(std::initializer_list<const char*> options) {
  return *rc::gen::elementOf(std::vector<const char*>(options));
}

inline std::vector<std::string> any_names(std::initializer_list<const char*> options) {
  std::vector<std::string> names;
  for (const char* option : options)
    if (*rc::gen::arbitrary<bool>()) names.emplace_back(option);
  return names;
}

inline bool maybe() { return *rc::gen::inRange(0, 3) == 0; }

/// Few values for each, so that requests meet them often.
inline Caveats any_caveats() {
  Caveats caveats;
  if (maybe()) caveats.resource = any_of({"", "a", "a/b", "a/b/c", "b"});
  if (maybe()) caveats.operations = static_cast<OperationSet>(*rc::gen::inRange(0, 64));
  if (maybe())
    caveats.rows = {{any_of({"x", "y"}), static_cast<RowComparison>(*rc::gen::inRange(0, 6)),
                     std::int64_t{*rc::gen::inRange(0, 5)}}};
  if (maybe()) caveats.columns = any_names({"x", "y", "z"});
  if (maybe()) caveats.purpose = any_of({"billing", "research"});
  if (maybe()) caveats.not_before_ms = *rc::gen::inRange(0, 100);
  if (maybe()) caveats.expires_ms = *rc::gen::inRange(0, 200);
  if (maybe()) caveats.minimum_group = static_cast<std::uint32_t>(*rc::gen::inRange(0, 20));
  caveats.aggregate_only = maybe();
  if (maybe()) caveats.aggregates = any_names({"count", "mean", "sum"});
  if (maybe()) caveats.zones = std::vector<std::uint32_t>{1, 2};
  if (maybe()) caveats.totals = GrantTotals{.calls = 5};
  return caveats;
}

inline GrantRequest any_request() {
  GrantRequest request;
  request.operation = static_cast<GrantOperation>(*rc::gen::inRange(0, 7));
  request.resource = any_of({"", "a", "a/b", "a/bc", "a/b/c", "b", "a/../b"});
  request.purpose = any_of({"", "billing", "research"});
  request.columns = any_names({"x", "y", "z"});
  request.aggregates = any_names({"count", "mean", "sum"});
  return request;
}

}  // namespace evenkeel::test
