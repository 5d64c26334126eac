// Real namespaces, where the machine lets us make them: root, and a kernel with veth.
#include "sim/world/namespaces.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <array>
#include <chrono>
#include <filesystem>
#include <set>
#include <thread>

#include "models/runtime/user_error.h"
#include "sim/topology/builder.h"
#include "sim/world/command.h"
#include "tests/folder.h"

namespace evenkeel {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;
using Clock = std::chrono::steady_clock;

/// Nodes a, b and c at three places: a --10 Mbit/s-- b --10 Mbit/s-- c; d is apart.
Platform chain() {
  GraphBuilder builder{LinkDefaults{}};
  for (const char* name : {"pa", "pb", "pc", "pd"}) builder.add({.name = name});
  for (VertexId i : {0u, 1u})
    builder.link({.from = i, .to = i + 1, .latency = milliseconds{1}, .bandwidth = 10e6});
  return {std::move(builder).build(),
          {{.name = "a", .vertex = 0},
           {.name = "b", .vertex = 1},
           {.name = "c", .vertex = 2},
           {.name = "d", .vertex = 3}}};
}

constexpr NodeId a{0}, b{1}, c{2}, d{3};
constexpr std::uint16_t port = 5000;

/// Empty if they can be made.
std::string refusal(const Platform& platform) {
  try {
    const Namespaces made(platform);
    return "";
  } catch (const UserError& error) {
    return error.what();
  }
}
#define SKIP_WITHOUT_NAMESPACES()                  \
  static const std::string why = refusal(chain()); \
  if (!why.empty()) GTEST_SKIP() << why

void enter(const Namespaces& namespaces, NodeId node) {
  const std::string option = namespaces.command_prefix(node)[1];
  const FileDescriptor space(
      ::open(option.substr(option.find('=') + 1).c_str(), O_RDONLY | O_CLOEXEC));
  ASSERT_EQ(::setns(space.get(), CLONE_NEWNET), 0);
}

/// A socket stays in the namespace where it was made.
FileDescriptor socket_at(const Namespaces& namespaces, NodeId node, int type) {
  FileDescriptor made;
  std::thread([&] {
    enter(namespaces, node);
    made = FileDescriptor(::socket(AF_INET, type | SOCK_CLOEXEC, 0));
  }).join();
  return made;
}

sockaddr_in endpoint(const Namespaces& namespaces, NodeId node) {
  sockaddr_in endpoint{};
  endpoint.sin_family = AF_INET;
  endpoint.sin_port = htons(port);
  ::inet_pton(AF_INET, namespaces.address(node).c_str(), &endpoint.sin_addr);
  return endpoint;
}

int connect(const FileDescriptor& socket, const sockaddr_in& to) {
  return ::connect(socket.get(), reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0 ? 0
                                                                                         : errno;
}

void bind(const FileDescriptor& socket, const sockaddr_in& at) {
  ASSERT_EQ(::bind(socket.get(), reinterpret_cast<const sockaddr*>(&at), sizeof at), 0);
}

/// How long a transfer of so many bytes takes.
double transfer_s(const Namespaces& namespaces, NodeId from, NodeId to, std::size_t bytes) {
  const FileDescriptor listener = socket_at(namespaces, to, SOCK_STREAM);
  bind(listener, endpoint(namespaces, to));
  EXPECT_EQ(::listen(listener.get(), 1), 0);
  const FileDescriptor sender = socket_at(namespaces, from, SOCK_STREAM);
  EXPECT_EQ(connect(sender, endpoint(namespaces, to)), 0);
  const FileDescriptor receiver(::accept(listener.get(), nullptr, nullptr));
  const std::string data(bytes, 'x');
  const auto start = Clock::now();
  std::thread sending([&] {
    EXPECT_EQ(::send(sender.get(), data.data(), bytes, MSG_NOSIGNAL), static_cast<ssize_t>(bytes));
  });
  std::string buffer(1 << 16, ' ');
  std::size_t received = 0;
  while (received < bytes) {
    const ssize_t count = ::recv(receiver.get(), buffer.data(), buffer.size(), 0);
    if (count <= 0) break;
    received += static_cast<std::size_t>(count);
  }
  sending.join();
  EXPECT_EQ(received, bytes);
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Routers between two nodes: how much of its life of 255 a packet has lost.
int routers_between(const Namespaces& namespaces, NodeId from, NodeId to) {
  const FileDescriptor receiver = socket_at(namespaces, to, SOCK_DGRAM);
  const FileDescriptor sender = socket_at(namespaces, from, SOCK_DGRAM);
  const int on = 1;
  ::setsockopt(receiver.get(), IPPROTO_IP, IP_RECVTTL, &on, sizeof on);
  const timeval patience{.tv_sec = 1, .tv_usec = 0};
  ::setsockopt(receiver.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  bind(receiver, endpoint(namespaces, to));
  EXPECT_EQ(connect(sender, endpoint(namespaces, to)), 0);
  // A datagram may be lost while the links come up.
  for (int tries = 0; tries < 10; ++tries) {
    EXPECT_EQ(::send(sender.get(), "x", 1, 0), 1);
    char data = 0;
    alignas(cmsghdr) char control[64];
    iovec part{&data, 1};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    if (::recvmsg(receiver.get(), &message, 0) == 1 && CMSG_FIRSTHDR(&message) != nullptr)
      return 255 - *reinterpret_cast<const int*>(CMSG_DATA(CMSG_FIRSTHDR(&message)));
  }
  return -1;
}

std::set<std::string> names_in(const std::string& folder) {
  std::set<std::string> names;
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(folder, none))
    names.insert(entry.path().filename());
  return names;
}

/// What of ours could stay: named namespaces, devices, open files.
struct Traces {
  std::set<std::string> namespaces = names_in("/run/netns");
  std::set<std::string> devices = names_in("/sys/class/net");
  std::set<std::string> files = names_in("/proc/self/fd");
  bool operator==(const Traces&) const = default;
};

TEST(Namespaces, HoldTheRateOfALink) {
  SKIP_WITHOUT_NAMESPACES();
  const Namespaces namespaces(chain());
  if (!namespaces.rates_in_kernel()) GTEST_SKIP() << namespaces.shaping();
  EXPECT_GT(transfer_s(namespaces, a, b, 2'500'000), 1.9);  // 2 s, and the headers
}

TEST(Namespaces, ForwardAlongTheRoute) {
  SKIP_WITHOUT_NAMESPACES();
  const Namespaces namespaces(chain());
  EXPECT_EQ(routers_between(namespaces, a, a), 0);
  EXPECT_EQ(routers_between(namespaces, a, b), 2);
  EXPECT_EQ(routers_between(namespaces, a, c), 3);
  EXPECT_EQ(routers_between(namespaces, c, a), 3);
}

TEST(Namespaces, RefuseWhereThereIsNoRoute) {
  SKIP_WITHOUT_NAMESPACES();
  const Namespaces namespaces(chain());
  const FileDescriptor sender = socket_at(namespaces, a, SOCK_STREAM);
  EXPECT_EQ(connect(sender, endpoint(namespaces, d)), ENETUNREACH);
  const FileDescriptor island = socket_at(namespaces, d, SOCK_STREAM);
  EXPECT_EQ(connect(island, endpoint(namespaces, a)), ENETUNREACH);
}

TEST(Namespaces, RunAProgramInANodesNamespace) {
  SKIP_WITHOUT_NAMESPACES();
  const Namespaces namespaces(chain());
  std::vector<std::string> words = namespaces.command_prefix(c);
  for (const char* word : {"ip", "-brief", "address"}) words.emplace_back(word);
  const CommandEnd end = run_command(words);
  EXPECT_THAT(end.output, HasSubstr("uplink@"));
  EXPECT_THAT(end.output, HasSubstr(namespaces.address(c) + "/32"));
}

TEST(Namespaces, SayWhatTheyUse) {
  SKIP_WITHOUT_NAMESPACES();
  const Namespaces namespaces(chain());
  EXPECT_EQ(namespaces.rates_in_kernel(),
            namespaces.shaping().find("tbf rates") != std::string::npos);
  EXPECT_EQ(namespaces.delays_in_kernel(),
            namespaces.shaping().find("netem delays") != std::string::npos);
}

TEST(Namespaces, StandBesideEachOther) {
  SKIP_WITHOUT_NAMESPACES();
  const Namespaces first(chain()), second(chain());
  EXPECT_EQ(routers_between(first, a, c), 3);
  EXPECT_EQ(routers_between(second, a, c), 3);
}

TEST(Namespaces, LeaveTheCallerWhereItIs) {
  SKIP_WITHOUT_NAMESPACES();
  const auto here = [] { return std::filesystem::read_symlink("/proc/thread-self/ns/net"); };
  const std::filesystem::path before = here();
  const Namespaces namespaces(chain());
  EXPECT_EQ(here(), before);
}

TEST(Namespaces, LeaveNothingBehind) {
  SKIP_WITHOUT_NAMESPACES();
  const Traces before;
  { const Namespaces namespaces(chain()); }
  EXPECT_EQ(Traces(), before);
}

TEST(Namespaces, LeaveNothingBehindAnException) {
  SKIP_WITHOUT_NAMESPACES();
  const Traces before;
  try {
    const Namespaces namespaces(chain());
    throw std::runtime_error("interrupted");
  } catch (const std::runtime_error&) {
  }
  EXPECT_EQ(Traces(), before);
}

TEST(Namespaces, LeaveNothingBehindAKilledProcess) {
  SKIP_WITHOUT_NAMESPACES();
  const Traces before;
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const Namespaces namespaces(chain());
    if (::write(ends[1], "x", 1) == 1) ::pause();
    ::_exit(1);
  }
  ::close(ends[1]);
  char ready = 0;
  EXPECT_EQ(::read(ends[0], &ready, 1), 1);
  ::close(ends[0]);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  EXPECT_EQ(Traces(), before);
}

/// A `tc` of the test's own, for as long as it lives.
class OtherTc {
 public:
  explicit OtherTc(const std::string& script) : path_(std::getenv("PATH")) {
    std::filesystem::permissions(folder_.write("tc", "#!/bin/sh\n" + script),
                                 std::filesystem::perms::owner_all);
    ::setenv("PATH", (folder_.path() + ":" + path_).c_str(), 1);
  }
  ~OtherTc() { ::setenv("PATH", path_.c_str(), 1); }

 private:
  test::Folder folder_;
  std::string path_;
};

TEST(Namespaces, LeaveNothingBehindWhenHalfMade) {
  SKIP_WITHOUT_NAMESPACES();
  const OtherTc failing("test $1 = qdisc && exit 0; echo The queue is closed >&2; exit 1");
  const Traces before;
  EXPECT_THAT(refusal(chain()),
              HasSubstr("/tc' cannot set up the network namespaces (The queue is closed); leave "
                        "out --netns"));
  EXPECT_EQ(Traces(), before);
}

TEST(Namespaces, LeaveShapingToTheCallerWhereTheKernelHasNone) {
  SKIP_WITHOUT_NAMESPACES();
  const OtherTc lacking("echo Error: Specified qdisc kind is unknown. >&2; exit 2");
  const Namespaces namespaces(chain());
  EXPECT_EQ(namespaces.shaping(), "rates and delays in user space");
  EXPECT_FALSE(namespaces.rates_in_kernel());
  EXPECT_FALSE(namespaces.delays_in_kernel());
  EXPECT_EQ(routers_between(namespaces, a, c), 3);
}

TEST(Namespaces, RefuseTooLargeAPlatform) {
  SKIP_WITHOUT_NAMESPACES();
  GraphBuilder builder{LinkDefaults{}};
  builder.add({.name = "place"});
  std::vector<PlatformNode> nodes;
  for (std::size_t i = 0; i <= NetworkPlan::max_nodes; ++i)
    nodes.push_back({.name = std::to_string(i)});
  EXPECT_THAT(refusal({std::move(builder).build(), std::move(nodes)}),
              HasSubstr("the platform has 201 nodes"));
}

TEST(Namespaces, RefuseWhoIsNotRoot) {
  if (::geteuid() == 0) {
    ASSERT_EQ(::seteuid(65534), 0);
    const std::string refused = refusal(chain());
    ASSERT_EQ(::seteuid(0), 0);
    EXPECT_THAT(refused, HasSubstr("--netns needs root"));
  } else {
    EXPECT_THAT(refusal(chain()), HasSubstr("--netns needs root"));
  }
}

}  // namespace
}  // namespace evenkeel
