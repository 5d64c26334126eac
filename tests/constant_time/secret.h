// Under memcheck: numbers that are secret count as undefined, so that it reports what branches on
// them or addresses memory by them.
#pragma once

#include <gtest/gtest.h>

#include "models/mpc/words.h"

#if __has_include(<valgrind/memcheck.h>)
#include <valgrind/memcheck.h>
#define EVENKEEL_MEMCHECK 1
#endif

namespace evenkeel::test {

inline bool runs_under_memcheck() {
#ifdef EVENKEEL_MEMCHECK
  return RUNNING_ON_VALGRIND != 0;
#else
  return false;
#endif
}

inline std::size_t memcheck_reports() {
#ifdef EVENKEEL_MEMCHECK
  return VALGRIND_COUNT_ERRORS;
#else
  return 0;
#endif
}

inline void make_secret([[maybe_unused]] void* memory, [[maybe_unused]] std::size_t size) {
#ifdef EVENKEEL_MEMCHECK
  if (size > 0) VALGRIND_MAKE_MEM_UNDEFINED(memory, size);
#endif
}
template <class Numbers>
Numbers secret(Numbers numbers) {
  make_secret(numbers.data(), numbers.size() * sizeof(*numbers.data()));
  return numbers;
}
inline Word secret(Word word) {
  make_secret(&word, sizeof word);
  return word;
}

/// Fails if memcheck reports anything while a test runs.
class ConstantTime : public testing::Test {
 protected:
  void SetUp() override {
    if (!runs_under_memcheck())
      GTEST_SKIP() << "not under valgrind: valgrind ./constant_time_tests";
    before_ = memcheck_reports();
  }
  void TearDown() override {
    EXPECT_EQ(memcheck_reports(), before_) << "what is done depends on a secret: see the report";
  }

 private:
  std::size_t before_ = 0;
};

}  // namespace evenkeel::test
