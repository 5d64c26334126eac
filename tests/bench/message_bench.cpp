// Encoding and decoding a typical put: a key of 16 B, a value of 100 B, three version entries, a
// token of 64 B; beside copying the same content by hand.
#include <fmt/format.h>

#include <cstring>

#include "models/runtime/message.h"
#include "tests/bench/targets.h"

namespace evenkeel::bench {
namespace {

constexpr std::uint64_t rounds = 20'000'000;
constexpr double target_ns = 60;

struct VersionEntry {
  std::uint32_t node = 0;
  std::uint64_t counter = 0;
  template <class Visitor>
  void fields(Visitor& visit) {
    visit(node, counter);
  }
};

struct TypicalPut {
  std::string key = {};
  Blob value = {};
  std::vector<VersionEntry> version = {};
  Blob token = {};
  template <class Visitor>
  void fields(Visitor& visit) {
    visit(key, value, version, token);
  }
};

TypicalPut typical() {
  return {.key = std::string(16, 'k'),
          .value = Blob(100, std::byte{1}),
          .version = {{1, 10}, {2, 20}, {3, 30}},
          .token = Blob(64, std::byte{2})};
}

std::uint64_t encode() {
  TypicalPut put = typical();
  for (std::uint64_t i = 0; i < rounds; ++i) {
    put.version[0].counter = i;
    Blob bytes = encoded(put);
    benchmark::DoNotOptimize(bytes.data());
  }
  return rounds;
}

std::uint64_t decode() {
  const Blob bytes = encoded(typical());
  for (std::uint64_t i = 0; i < rounds; ++i) {
    const std::optional<TypicalPut> put = decoded<TypicalPut>(bytes);
    if (!put) return 0;
    benchmark::DoNotOptimize(put->value.data());
  }
  return rounds;
}

/// As much memory taken and copied: one block to encode, four to decode.
std::uint64_t copy_whole() {
  const Blob from = encoded(typical());
  for (std::uint64_t i = 0; i < rounds; ++i) {
    Blob bytes = from;
    benchmark::DoNotOptimize(bytes.data());
  }
  return rounds;
}

std::uint64_t copy_parts() {
  const TypicalPut from = typical();
  for (std::uint64_t i = 0; i < rounds; ++i) {
    TypicalPut put = from;
    benchmark::DoNotOptimize(put.value.data());
  }
  return rounds;
}

void report(benchmark::State& state, const char* what, std::uint64_t (*ours)(),
            std::uint64_t (*copy)()) {
  const Pair pair = compare(state, ours, copy);
  const double ns = 1e9 / pair.ours.requests_per_cpu_s();
  add_row({what, "at most 60 ns", fmt::format("{:.1f} ns", ns),
           fmt::format("{:.1f} ns to copy it", 1e9 / pair.baseline.requests_per_cpu_s()),
           ns / target_ns, ns <= target_ns});
}

void message_encode(benchmark::State& state) {
  report(state, "message: encode a typical put", encode, copy_whole);
}
void message_decode(benchmark::State& state) {
  report(state, "message: decode a typical put", decode, copy_parts);
}
BENCHMARK(message_encode)->UseManualTime()->Iterations(5);
BENCHMARK(message_decode)->UseManualTime()->Iterations(5);

}  // namespace
}  // namespace evenkeel::bench
