// What each protocol sends, byte by byte, under one seed: a change of it is meant, or it is a
// mistake. The values are what our own code sent once; they prove nothing else.
#include "tests/mpc/recording.h"

namespace evenkeel::test {
namespace {

struct Trace {
  std::string_view protocol;
  std::string_view sha256;
};

// SHA-256 of all payload bytes, link by link in the order of (sender, receiver).
constexpr Trace golden[] = {
    {"gmw", "8a4ea2d4289f4c149808ae305770f620ebdade10e0b1fa4ef7e3652910bf2b3e"},
    {"yao", "99a482ed43410c61830968dc528bf5419417b5ea246a2707f396eefed001333f"},
    {"replicated3_malicious", "cb5c3bada2ec6bc332c4d7bf1c64b7aae402846bc5e984aa30ae3e691ffe08ee"},
    {"replicated4", "f076f077e935d65e2a9fd57e241a390d9128bc3949eeaf2d541070301cd8590e"},
    {"replicated3", "569198bfe52142daa7b1163ddceabe0965efa3d5cfaaf5778724cc1aba92be54"},
    {"additive", "f6274a2be4b6761e39ec7c2b57dfd25e5e5a48cf127ae9b50ad577167e0718d9"},
    {"additive_fss", "e15dda5cd5be153aa6f67e1e92f2a9f56089704f6b8bdccedd2d433a927f6856"},
    {"enclave", "ae07daa97f312492739266d474df722660a2d2eadbf49aaaec69a8c97e177430"},
    {"plaintext", "96a824b2a131403f572244a96b924c765d9cddf39db1fed65b2a1d05015d4848"},
    {"robust_shamir", "db905f10bbcb73eb628bbb0680c6ef887ad5d32d11848b5917054abf60b8c094"},
    {"shamir", "ff675a0f64b13fd1a06073e0f2a332dc3583faa0cb63029bf47baaaac2e5e72b"},
    {"spdz", "090f390cb0fdb4b7de17e3900e83f18eec9c23badff2a47a67b2fb71cf325551"},
    {"spdz2k", "d10c1c43a9f299191222de26efc3533b9f7b564f7f9e9a29af778bd29564b1dc"},
};

Task<Values> program(Protocol& p, const Sample& sample) {
  const std::vector<Secrets> entered = co_await p.inputs(sample.owners, sample.a, sample.count);
  Secrets result{sample.count, {}};
  if (p.session().is_party()) {
    result = entered[0];
    if (sample.length > 0) {
      result = co_await p.multiply(entered[0], entered[1]);
      const Secrets sum = co_await p.dot(entered[0], result, sample.count);
      const std::vector<Secrets> parts{sum, result};
      result = p.joined(parts);
      result = p.slice(result, 0, sample.count);
    }
    if (sample.bits > 0) result = co_await p.less(result, entered[1], sample.bits);
    const Secrets mask = co_await p.random(1);
    const Values opened = co_await p.open(result);
  }
  Values revealed = co_await p.reveal(sample.owners[1], result);
  co_return revealed;
}

class WireTrace : public testing::TestWithParam<std::string> {};

TEST_P(WireTrace, IsWhatItWas) {
  const Guarantees promises = protocol_named(GetParam()).promises;
  Table table{GetParam(),
              {.parties = std::max(2U, promises.fewest_parties), .clients = 1, .seed = 99}};
  const Sample sample{.a = some_numbers(70, 12, 5),
                      .count = 70,
                      .length = promises.multiplies ? 1U : 0U,
                      .bits = promises.compares ? 40 : 0,
                      .owners = {1, std::max(2U, promises.fewest_parties)}};
  Blob all;
  for (const auto& [link, messages] : record(table, program, sample))
    for (const Bytes& bytes : messages) all.insert(all.end(), bytes.begin(), bytes.end());
  const std::string digest = hex(sha256(all));
  const auto* const known =
      std::ranges::find(golden, std::string_view{GetParam()}, &Trace::protocol);
  ASSERT_NE(known, std::end(golden))
      << "no golden value; add {\"" << GetParam() << "\", \"" << digest << "\"},";
  EXPECT_EQ(digest, known->sha256);
}

INSTANTIATE_TEST_SUITE_P(All, WireTrace, testing::ValuesIn(computing_protocols()),
                         protocol_name_of);

}  // namespace
}  // namespace evenkeel::test
