// Our erasure code beside ISA-L called directly, on the same shards of 64 KiB.
#include <fmt/format.h>
#include <isa-l/erasure_code.h>

#include "models/runtime/blob.h"
#include "models/storage/files/erasure_code.h"
#include "tests/bench/targets.h"

namespace evenkeel::bench {
namespace {

constexpr std::size_t shard_bytes = 64 << 10;
constexpr std::uint64_t rounds = 50'000;

struct Shards {
  explicit Shards(Coding its_coding) : coding(its_coding) {
    for (unsigned i = 0; i < coding.total(); ++i) {
      bytes.emplace_back(shard_bytes, static_cast<std::byte>(i * 37 + 1));
      (i < coding.data ? data : parity).push_back(bytes.back().data());
    }
  }
  Coding coding;
  std::vector<Blob> bytes;
  std::vector<std::byte*> data;
  std::vector<std::byte*> parity;
};

std::uint64_t encode_ours(Coding coding) {
  const Shards shards{coding};
  const ErasureCode code{coding};
  const std::vector<const std::byte*> data{shards.data.begin(), shards.data.end()};
  for (std::uint64_t i = 0; i < rounds; ++i) code.encode(data, shards.parity, shard_bytes);
  return rounds;
}

std::vector<unsigned char> expand(std::vector<unsigned char> rows, Coding coding) {
  std::vector<unsigned char> tables(rows.size() * 32);
  ec_init_tables(coding.data, static_cast<int>(rows.size()) / coding.data, rows.data(),
                 tables.data());
  return tables;
}

std::vector<unsigned char*> pointers(const std::vector<std::byte*>& from) {
  std::vector<unsigned char*> to;
  for (std::byte* one : from) to.push_back(reinterpret_cast<unsigned char*>(one));
  return to;
}

std::uint64_t encode_isal(Coding coding) {
  const Shards shards{coding};
  std::vector<unsigned char> matrix(coding.total() * coding.data);
  gf_gen_cauchy1_matrix(matrix.data(), static_cast<int>(coding.total()), coding.data);
  matrix.erase(matrix.begin(), matrix.begin() + coding.data * coding.data);
  std::vector<unsigned char> tables = expand(matrix, coding);
  std::vector<unsigned char*> data = pointers(shards.data), parity = pointers(shards.parity);
  for (std::uint64_t i = 0; i < rounds; ++i)
    ec_encode_data(static_cast<int>(shard_bytes), coding.data, coding.parity, tables.data(),
                   data.data(), parity.data());
  return rounds;
}

std::uint64_t rebuild_ours(Coding coding) {
  const Shards shards{coding};
  ErasureCode code{coding};
  std::vector<ShardView> sources;  // the first of data is lost, and the first of parity stands in
  std::vector<ShardRoom> rooms{{0, shards.data[0]}};
  for (unsigned i = 1; i <= coding.data; ++i) sources.push_back({i, shards.bytes[i].data()});
  for (std::uint64_t i = 0; i < rounds; ++i)
    if (!code.reconstruct(sources, rooms, shard_bytes)) return 0;
  return rounds;
}

// The same product, one row of k coefficients, with any coefficients.
std::uint64_t rebuild_isal(Coding coding) {
  const Shards shards{coding};
  std::vector<unsigned char> tables = expand(std::vector<unsigned char>(coding.data, 29), coding);
  std::vector<unsigned char*> sources, room = pointers({shards.data[0]});
  for (unsigned i = 1; i <= coding.data; ++i)
    sources.push_back(
        const_cast<unsigned char*>(reinterpret_cast<const unsigned char*>(shards.bytes[i].data())));
  for (std::uint64_t i = 0; i < rounds; ++i)
    ec_encode_data(static_cast<int>(shard_bytes), coding.data, 1, tables.data(), sources.data(),
                   room.data());
  return rounds;
}

void report(benchmark::State& state, const char* what, Coding coding, std::uint64_t (*ours)(Coding),
            std::uint64_t (*isal)(Coding)) {
  const Pair pair = compare(
      state, [=] { return ours(coding); }, [=] { return isal(coding); });
  const double ratio = pair.ours.requests_per_cpu_s() / pair.baseline.requests_per_cpu_s();
  const double gigabytes = static_cast<double>(shard_bytes) * coding.data * 1e-9;
  add_row({fmt::format("{} {}+{}, shards of 64 KiB", what, coding.data, coding.parity),
           "at least 0.8", fmt::format("{:.1f} GB/s", gigabytes * pair.ours.requests_per_cpu_s()),
           fmt::format("{:.1f} GB/s with ISA-L", gigabytes * pair.baseline.requests_per_cpu_s()),
           ratio, ratio >= 0.8});
}

void erasure_encode(benchmark::State& state, Coding coding) {
  report(state, "erasure code, encode", coding, encode_ours, encode_isal);
}
void erasure_rebuild(benchmark::State& state, Coding coding) {
  report(state, "erasure code, rebuild 1 of", coding, rebuild_ours, rebuild_isal);
}
BENCHMARK_CAPTURE(erasure_encode, 4_2, Coding{4, 2})->UseManualTime()->Iterations(5);
BENCHMARK_CAPTURE(erasure_encode, 2_1, Coding{2, 1})->UseManualTime()->Iterations(5);
BENCHMARK_CAPTURE(erasure_encode, 10_4, Coding{10, 4})->UseManualTime()->Iterations(5);
BENCHMARK_CAPTURE(erasure_rebuild, 4_2, Coding{4, 2})->UseManualTime()->Iterations(5);
BENCHMARK_CAPTURE(erasure_rebuild, 10_4, Coding{10, 4})->UseManualTime()->Iterations(5);

}  // namespace
}  // namespace evenkeel::bench
