// What clients asked of one key, when, and what came back: the evidence that the checks judge.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "models/runtime/time.h"

namespace evenkeel {

/// A value as a number; what it stands for is the recorder's business. Put values are unique in a
/// key's history where a check says so.
using HistoryValue = std::uint64_t;
/// What a key holds before anything was written, and after a remove.
inline constexpr HistoryValue no_such_value = 0;

/// How a client learnt what became of its operation.
enum class OperationEnd : std::uint8_t {
  done,     // it took effect between start and end
  unknown,  // it may have taken effect at any time from its start on, or never
  failed,   // it certainly had no effect; a compare-and-set that did not match is `done`
};

struct Operation {
  enum class Kind : std::uint8_t { get, put, compare_and_set };
  std::uint32_t client = 0;
  Kind kind = Kind::get;
  OperationEnd outcome = OperationEnd::done;
  bool matched = true;        // compare_and_set that is done: it found what it expected
  HistoryValue value = 0;     // got, put or set
  HistoryValue expected = 0;  // compare_and_set
  Time start{};
  Time end = never;  // of an unknown one: never

  bool is_write() const { return kind != Kind::get && outcome != OperationEnd::failed; }
  /// When it was over, as far as anyone can tell.
  Time latest() const { return outcome == OperationEnd::done ? end : never; }
};

/// Of one key, in any order. A get whose outcome is not `done` says nothing.
struct History {
  HistoryValue initial = no_such_value;
  std::vector<Operation> operations = {};
};

/// Why a history is wrong: a sentence, and the few operations that prove it (places in the
/// history).
struct HistoryVerdict {
  bool holds = true;
  std::string why = {};
  std::vector<std::size_t> proof = {};

  explicit operator bool() const { return holds; }
  static HistoryVerdict wrong(std::string why, std::vector<std::size_t> proof) {
    return {false, std::move(why), std::move(proof)};
  }
};

/// "client 3 put 17 from 1.200000 s to 1.250000 s".
std::string describe(const Operation& operation);

}  // namespace evenkeel
