// Multi-party computations, under every protocol: the same answers at the same cost in virtual time
// and on sockets, and no byte more or less than the formulas say; on plain TCP as the kernel counts
// it.
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <array>
#include <atomic>

#include "sim/mpc/trial.h"
#include "sim/world/frame.h"
#include "tests/mpc/random_program.h"
#include "tests/world/support.h"

namespace evenkeel::test {
namespace {

// The part of tcp_info that Linux fills (linux/tcp.h) and the libc does not name.
struct SentOnTcp {
  std::array<std::byte, 200> before;
  std::uint64_t bytes_sent;
  std::uint64_t bytes_again;
};
constexpr int tcp_info_option = 11;

// What the kernel has sent on TCP connections that were closed since.
struct KernelCount {
  std::atomic<std::uint64_t> bytes = 0;
  std::atomic<std::uint64_t> connections = 0;  // on which something was sent

  void add(int descriptor) {
    SentOnTcp info{};
    socklen_t size = sizeof info;
    if (getsockopt(descriptor, IPPROTO_TCP, tcp_info_option, &info, &size) != 0) return;
    const std::uint64_t sent = info.bytes_sent - info.bytes_again;
    bytes += sent;
    connections += sent > 0;
  }
};
std::atomic<KernelCount*> kernel_count = nullptr;

}  // namespace
}  // namespace evenkeel::test

// Before the libc's, so that each connection is asked once what was sent on it in all.
extern "C" int close(int descriptor) {
  if (evenkeel::test::KernelCount* const count = evenkeel::test::kernel_count)
    count->add(descriptor);
  return static_cast<int>(syscall(SYS_close, descriptor));
}

namespace evenkeel::test {
namespace {

std::vector<std::string> all_protocols() {
  std::vector<std::string> names;
  for (const Entry& entry : protocols().entries()) names.push_back(entry.name);
  return names;
}

enum class World { simgrid, plain_sockets, tls_sockets };

class SecretComputations : public testing::TestWithParam<std::string> {
 protected:
  SecretComputations() : kind_(protocol_named(GetParam())) {}

  MpcTrial trial(std::shared_ptr<const Function> function, const Problem& problem,
                 std::uint32_t clients) const {
    return {.computation = {.kind = kind_, .function = std::move(function), .problem = problem},
            .parties = parties(),
            .clients = clients};
  }
  std::uint32_t parties() const {
    return std::min(std::max(2U, kind_.promises.fewest_parties), kind_.promises.most_parties);
  }
  bool only_adds() const { return !kind_.make; }
  MpcTrial random_trial(std::uint64_t seed) const {
    const auto clients = static_cast<std::uint32_t>(seed % 3);
    const std::uint32_t owners = clients > 0 ? clients : parties();
    const DrawnProgram::Shape shape{
        .seed = seed, .parties = parties(), .owners = owners, .count = 1 + 33 * (seed % 4)};
    auto program = std::make_shared<RandomProgram>(shape, kind_.promises);
    return trial(std::move(program), {.owners = owners}, clients);
  }
  MpcTrial sum_trial(std::uint32_t clients) const {
    const std::uint32_t owners = clients > 0 ? clients : parties();
    return trial(function_named("sum"), {.owners = owners, .size = 5, .bits = 12}, clients);
  }

  // In that world; the answer is the right one, the bytes are those of the formula.
  static MpcOutcome played(MpcTrial trial, World world) {
    trial.on_sockets = world != World::simgrid;
    trial.plain = world != World::tls_sockets;
    const Result<MpcOutcome> outcome = try_out(trial);
    EXPECT_TRUE(outcome) << outcome.error().detail;
    if (!outcome) return {};
    EXPECT_EQ(outcome->answer, outcome->right);
    double counted = 0;
    for (std::size_t seat = 0; seat < outcome->seats.size(); ++seat) {
      const MpcOutcome::PerSeat& its = outcome->seats[seat];
      EXPECT_EQ(its.spent.sent_bytes, its.formula_bytes) << "seat " << seat;
      counted += static_cast<double>(its.spent.sent_bytes + its.spent.header_bytes);
    }
    EXPECT_EQ(outcome->link_bytes, counted);
    return *outcome;
  }
  static void expect_alike(const MpcTrial& trial, World other) {
    const MpcOutcome one = played(trial, World::simgrid);
    const MpcOutcome two = played(trial, other);
    EXPECT_EQ(two.answer, one.answer);
    EXPECT_EQ(two.rounds, one.rounds);
    EXPECT_EQ(two.link_bytes, one.link_bytes);
    for (std::size_t seat = 0; seat < std::min(one.seats.size(), two.seats.size()); ++seat) {
      EXPECT_EQ(two.seats[seat].spent.sent_bytes, one.seats[seat].spent.sent_bytes);
      EXPECT_EQ(two.seats[seat].spent.messages, one.seats[seat].spent.messages);
    }
  }

  ProtocolKind kind_;
};

TEST_P(SecretComputations, AddUpAlikeInBothWorldsInTheRoundsOfTheFormula) {
  for (const std::uint32_t clients : {0U, 3U}) {
    if (only_adds() && clients == 0) continue;
    in_child([this, clients] {
      const MpcTrial adding = sum_trial(clients);
      expect_alike(adding, World::plain_sockets);
      const MpcOutcome outcome = played(adding, World::tls_sockets);
      EXPECT_EQ(outcome.rounds, outcome.formula.rounds);
    });
  }
}

TEST_P(SecretComputations, FollowRandomProgramsAlikeInBothWorlds) {
  if (only_adds()) GTEST_SKIP() << "it only adds up";
  for (const std::uint64_t seed : {1U, 2U, 3U, 4U}) {
    in_child([this, seed] {
      SCOPED_TRACE("seed " + std::to_string(seed));
      expect_alike(random_trial(seed), seed == 4 ? World::tls_sockets : World::plain_sockets);
    });
  }
}

TEST_P(SecretComputations, SendWhatTheKernelCountsToTheLastByte) {
  KernelCount counted;
  kernel_count = &counted;
  const MpcOutcome outcome =
      played(only_adds() ? sum_trial(3) : random_trial(5), World::plain_sockets);
  kernel_count = nullptr;
  std::uint64_t said = counted.connections * greeting_size;
  for (const MpcOutcome::PerSeat& seat : outcome.seats)
    said +=
        seat.spent.sent_bytes + seat.spent.header_bytes + seat.spent.messages * frame_header_size;
  EXPECT_GT(counted.connections, 0U);
  EXPECT_EQ(counted.bytes, said);
}

std::string name_of(const testing::TestParamInfo<std::string>& its) { return its.param; }

INSTANTIATE_TEST_SUITE_P(All, SecretComputations, testing::ValuesIn(all_protocols()), name_of);

}  // namespace
}  // namespace evenkeel::test
