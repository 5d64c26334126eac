// What peers that are hostile, broken or slow do to a node on sockets: each is counted by name, and
// everybody else goes on.
#include "sim/world/socket_world.h"

#include <arpa/inet.h>
#include <sys/socket.h>

#include <thread>

#include "models/runtime/user_error.h"
#include "tests/folder.h"
#include "tests/world/support.h"

namespace evenkeel::test {
namespace {

constexpr std::uint64_t run_number = 77;

// Node b, which listens; node a, which talks to it all the while; and whoever else turns up.
class SocketWorldTest : public testing::Test {
 protected:
  struct Member {
    Member(const Platform& its_platform, NodeId id, const SocketSettings& settings,
           LinkClocks& clocks)
        : platform(its_platform.twin()), world(platform, id, settings, clocks, probe) {}
    Platform platform;
    CountingProbe probe;
    SocketWorld world;
  };

  SocketSettings settings_of(NodeId id, const Authority* authority) {
    SocketSettings settings{.directory = folder_.file(std::to_string(index(id))),
                            .run = run_number};
    if (authority != nullptr) settings.credentials = authority->issue(platform_.node(id).name);
    return settings;
  }

  /// Runs a and b for `length`, and `strangers` beside them once they run.
  void run(const std::function<void()>& strangers, Duration length = milliseconds{1200}) {
    const Authority* authority = tls_ ? &authority_ : nullptr;
    a_ = std::make_unique<Member>(platform_, a, settings_of(a, authority), clocks_);
    b_ = std::make_unique<Member>(platform_, b, settings_of(b, authority), clocks_);
    const Address nowhere{"127.0.0.1", 1};
    std::vector<Address> addresses{{"127.0.0.1", a_->world.listen("127.0.0.1", 0)},
                                   {"127.0.0.1", b_->world.listen("127.0.0.1", 0)},
                                   nowhere};
    b_address_ = addresses[1];
    a_->world.meet(addresses);
    b_->world.meet(addresses);
    b_->world.node().on_start([this](Node& node) { node.spawn(count_messages(node)); });
    a_->world.node().on_start([](Node& node) { node.spawn(talk(node)); });
    const auto start = SocketWorld::Clock::now() + milliseconds{20};
    std::thread first{[&] { a_->world.run(start, length); }};
    std::thread second{[&] { b_->world.run(start, length); }};
    std::this_thread::sleep_until(start + milliseconds{100});
    heard_before_ = heard_;
    strangers();
    first.join();
    second.join();
  }

  static Task<> talk(Node& node) {
    while (true) {
      node.send(b, Port::tests, {});
      co_await node.sleep(milliseconds{10});
    }
  }
  /// Another node talks to b for a while, which it takes to be at that address.
  static void talk_alone(Member& member, const Address& to) {
    member.world.listen("127.0.0.1", 0);
    member.world.meet({to, to, to});
    member.world.node().on_start([](Node& node) { node.spawn(talk(node)); });
    member.world.run(SocketWorld::Clock::now(), milliseconds{300});
  }
  Task<> count_messages(Node& node) {
    while (true) {
      const Result<Message> message = co_await node.receive(Port::tests);
      if (message->from == a) ++heard_;
    }
  }

  double counted(const std::string& name) { return b_->probe.counts[name]; }
  /// a was heard on, after the strangers had come.
  bool goes_on() const { return heard_ > heard_before_ + 10; }

  /// A connection to b that speaks as it likes.
  FileDescriptor stranger() const {
    FileDescriptor socket{::socket(AF_INET, SOCK_STREAM, 0)};
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(b_address_.port);
    inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
    EXPECT_EQ(connect(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    return socket;
  }
  static void say(const FileDescriptor& socket, std::span<const std::byte> bytes) {
    [[maybe_unused]] const ssize_t sent =
        send(socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
  }
  /// Reads until the other side has had enough; true if it closed the connection.
  static bool is_refused(const FileDescriptor& socket) {
    const timeval limit{.tv_sec = 5, .tv_usec = 0};
    setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    char byte = 0;
    ssize_t got = 0;
    do {
      got = recv(socket.get(), &byte, 1, 0);
    } while (got > 0);
    return got == 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
  }

  bool tls_ = false;
  Folder folder_;
  Platform platform_ = chain();
  LinkClocks clocks_{platform_};
  Authority authority_;
  std::unique_ptr<Member> a_, b_;
  Address b_address_;
  std::atomic<int> heard_ = 0;
  int heard_before_ = 0;
};

TEST_F(SocketWorldTest, RefusesAGreetingThatIsNone) {
  run([this] {
    const FileDescriptor one = stranger();
    say(one, std::vector<std::byte>(100, std::byte{'x'}));
    EXPECT_TRUE(is_refused(one));
    const FileDescriptor of_another_run = stranger();
    say(of_another_run, encode(Greeting{a, run_number + 1}));
    EXPECT_TRUE(is_refused(of_another_run));
    const FileDescriptor nobody = stranger();
    say(nobody, encode(Greeting{NodeId{99}, run_number}));
    EXPECT_TRUE(is_refused(nobody));
  });
  EXPECT_EQ(counted("connections refused: wrong greeting"), 2);
  EXPECT_EQ(counted("connections refused: wrong name"), 1);
  EXPECT_TRUE(goes_on());
}

TEST_F(SocketWorldTest, EndsAConnectionWhoseFramesMakeNoSense) {
  run([this] {
    Random random(4);
    for (int i = 0; i < 20; ++i) {
      const FileDescriptor one = stranger();
      say(one, encode(Greeting{c, run_number}));
      std::vector<std::byte> garbage(4000);
      for (std::byte& byte : garbage) byte = static_cast<std::byte>(random.below(256));
      garbage[3] = std::byte{0xff};  // a length of gigabytes
      say(one, garbage);
      EXPECT_TRUE(is_refused(one));
    }
  });
  EXPECT_EQ(counted("malformed frames"), 20);
  EXPECT_TRUE(goes_on());
}

TEST_F(SocketWorldTest, SurvivesWhatLooksLikeFramesAndIsCutOff) {
  run([this] {
    Random random(5);
    for (int i = 0; i < 50; ++i) {
      const FileDescriptor one = stranger();
      say(one, encode(Greeting{c, run_number}));
      Frame frame{.port = Port{static_cast<std::uint16_t>(random.below(port_count))}};
      frame.payload.bytes.resize(random.below(100));
      frame.payload.padding = random.below(1 << 20);
      const auto header = encode_header(frame);
      say(one, std::span{header}.first(random.below(header.size() + 1)));
    }
  });
  EXPECT_TRUE(goes_on());
}

TEST_F(SocketWorldTest, RefusesAPeerOfAnotherAuthority) {
  tls_ = true;
  const Authority other;
  Member intruder{platform_, c, settings_of(c, &other), clocks_};
  run([&] { talk_alone(intruder, b_address_); });
  EXPECT_GE(counted("connections refused: wrong certificate"), 1);
  EXPECT_GE(intruder.probe.counts["connections refused: wrong certificate"], 1);
  EXPECT_TRUE(goes_on());
}

TEST_F(SocketWorldTest, RefusesAPeerThatIsNotWhoItSays) {
  tls_ = true;
  SocketSettings settings = settings_of(c, &authority_);
  settings.credentials = authority_.issue("somebody else");
  Member intruder{platform_, c, settings, clocks_};
  run([&] { talk_alone(intruder, b_address_); });
  EXPECT_GE(counted("connections refused: wrong name"), 1);
  EXPECT_TRUE(goes_on());
}

// The stranger takes the place of c, to which b sends, and reads nothing.
TEST_F(SocketWorldTest, DropsAndCountsWhatASlowReaderDoesNotTake) {
  const FileDescriptor listener{::socket(AF_INET, SOCK_STREAM, 0)};
  sockaddr_in address{};
  address.sin_family = AF_INET;
  inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
  socklen_t size = sizeof address;
  ASSERT_EQ(bind(listener.get(), reinterpret_cast<sockaddr*>(&address), size), 0);
  ASSERT_EQ(::listen(listener.get(), 1), 0);
  getsockname(listener.get(), reinterpret_cast<sockaddr*>(&address), &size);

  Member flooding{platform_, c, settings_of(c, nullptr), clocks_};
  run([&] {
    const Address deaf{"127.0.0.1", ntohs(address.sin_port)};
    flooding.world.listen("127.0.0.1", 0);
    flooding.world.meet({deaf, b_address_, deaf});
    flooding.world.node().on_start([](Node& node) {
      for (std::size_t i = 0; i < Outgoing::most_frames + 5000; ++i) {
        Payload payload;
        payload.bytes.resize(200);
        node.send(a, Port::tests, std::move(payload));
      }
      node.spawn(talk(node));
    });
    flooding.world.run(SocketWorld::Clock::now(), milliseconds{500});
  });
  const double dropped = flooding.probe.counts["messages dropped at a full queue"];
  EXPECT_GT(dropped, 0);
  EXPECT_LE(dropped, 5000);
  EXPECT_TRUE(goes_on());
}

TEST_F(SocketWorldTest, LosesAndCountsWhatWaitsForAPeerThatIsNotThere) {
  Member lonely{platform_, c, settings_of(c, nullptr), clocks_};
  run([&] { talk_alone(lonely, {"127.0.0.1", 1}); });
  EXPECT_GE(lonely.probe.counts["connections failed"], 2);  // it tries again, ever more seldom
  EXPECT_LE(lonely.probe.counts["connections failed"], 8);
  EXPECT_GT(lonely.probe.counts["messages lost on the way"], 10);
}

struct Counter final : Receiver {
  void arrived(Message) override { ++count; }
  int count = 0;
};

// Over a network that takes no time, such a message is due at the very instant of the start.
TEST_F(SocketWorldTest, KeepsWhatComesBeforeItsStart) {
  constexpr PacerRules at_once{.rates_elsewhere = true, .delays_elsewhere = true};
  SocketSettings settings = settings_of(a, nullptr);
  settings.network = at_once;
  Member early{platform_, a, settings, clocks_};
  settings.directory = folder_.file("late");
  Member late{platform_, b, settings, clocks_};
  const std::vector<Address> addresses{{"127.0.0.1", early.world.listen("127.0.0.1", 0)},
                                       {"127.0.0.1", late.world.listen("127.0.0.1", 0)}};
  Counter counter;
  early.world.meet(addresses);
  late.world.meet(addresses);
  early.world.node().on_start([](Node& node) { node.send(b, Port::tests, {}); });
  late.world.node().on_start([&](Node& node) { node.listen(Port::tests, counter); });
  const auto start = SocketWorld::Clock::now() + milliseconds{20};
  std::thread first{[&] { early.world.run(start, milliseconds{400}); }};
  std::thread second{[&] { late.world.run(start + milliseconds{200}, milliseconds{200}); }};
  first.join();
  second.join();
  EXPECT_EQ(counter.count, 1);
}

TEST_F(SocketWorldTest, RefusesAnAddressThatIsNone) {
  Member one{platform_, a, settings_of(a, nullptr), clocks_};
  EXPECT_THROW(one.world.listen("localhost", 0), UserError);
  Member two{platform_, b, settings_of(b, nullptr), clocks_};
  const std::uint16_t port = two.world.listen("127.0.0.1", 0);
  EXPECT_THROW(one.world.listen("127.0.0.1", port), UserError);
}

}  // namespace
}  // namespace evenkeel::test
