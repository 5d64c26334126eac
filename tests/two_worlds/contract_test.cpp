// What a node may rely on, whatever world it lives in. Times are only bounded from below where the
// scenario's network or work takes them; how late a machine is says nothing.
#include "tests/two_worlds/worlds.h"

namespace evenkeel::test {
namespace {

Task<> echo(Node& node) {
  while (true) {
    Result<Message> message = co_await node.receive(Port::tests);
    node.send(message->from, Port::tests, std::move(message->payload));
  }
}

Task<> ping(Node& node, NodeId to, int rounds, Notes& notes) {
  for (int i = 0; i < rounds; ++i) {
    const Time sent = node.now();
    node.send(to, Port::tests, text_payload("ping " + std::to_string(i), 1000));
    const Result<Message> message = co_await node.receive(Port::tests);
    // There and back over a-b: twice 1 ms, and 1.006 ms for the bytes.
    if (node.now() - sent < milliseconds{4}) notes.add("too early");
    notes.add(text_of(message->payload) + " of " + std::to_string(message->payload.size()));
  }
}

TEST_P(TwoWorlds, AMessageComesBackWholeAndNotBeforeItsTime) {
  in_world([this] {
    Notes notes;
    play({.boots = {{a, [&](Node& node) { node.spawn(ping(node, b, 5, notes)); }},
                    {b, [&](Node& node) { node.spawn(echo(node)); }}}});
    EXPECT_THAT(notes.all(),
                testing::ElementsAre("ping 0 of 1006", "ping 1 of 1006", "ping 2 of 1006",
                                     "ping 3 of 1006", "ping 4 of 1006"));
  });
}

Task<> send_many(Node& node, NodeId to, std::vector<std::uint64_t> paddings) {
  for (std::size_t i = 0; i < paddings.size(); ++i) {
    node.send(to, Port::tests, text_payload(std::to_string(i), paddings[i]));
    if (i % 50 == 49) co_await node.sleep(milliseconds{1});
  }
}

Task<> write_down(Node& node, Notes& notes) {
  while (true) {
    const Result<Message> message = co_await node.receive(Port::tests);
    notes.add(text_of(message->payload) + "+" + std::to_string(message->payload.padding));
  }
}

TEST_P(TwoWorlds, MessagesOfAPairArriveInTheOrderOfSending) {
  in_world([this] {
    Random random(9);
    std::vector<std::uint64_t> paddings;
    std::vector<std::string> expected;
    for (std::size_t i = 0; i < 200; ++i) {
      paddings.push_back(random.below(10) == 0 ? random.below(20'000) : random.below(100));
      expected.push_back(std::to_string(i) + "+" + std::to_string(paddings.back()));
    }
    Notes notes;
    const Counted counted =
        play({.boots = {{a, [&](Node& node) { node.spawn(send_many(node, c, paddings)); }},
                        {c, [&](Node& node) { node.spawn(write_down(node, notes)); }}},
              .length = seconds(3)});
    EXPECT_THAT(notes.all(), testing::ElementsAreArray(expected));
    double bytes = 0;
    for (std::size_t i = 0; i < paddings.size(); ++i)
      bytes += static_cast<double>(paddings[i] + std::to_string(i).size());
    EXPECT_THAT(counted.link_bytes, testing::ElementsAre(bytes, bytes));
  });
}

Task<std::optional<Payload>> answer_after(Node& node, Duration span, Payload question,
                                          Notes& notes) {
  notes.add("began");
  co_await node.compute(Work{to_seconds(span) * 1e9});
  notes.add("ended");
  question.bytes.push_back(std::byte{'!'});
  co_return std::move(question);
}

void serve(Node& node, Duration span, Notes& notes) {
  node.rpc().serve(Port::tests, [&node, span, &notes](CallId, Payload question) {
    return answer_after(node, span, std::move(question), notes);
  });
}

Task<> ask(Node& node, NodeId to, const char* what, Duration timeout, Notes& notes) {
  Call call = node.rpc().call(to, Port::tests, text_payload(what), timeout);
  const Result<Payload> answer = co_await call;
  notes.add(answer ? text_of(*answer) : std::string{to_string(answer.error().code)});
}

TEST_P(TwoWorlds, ACallIsAnswered) {
  in_world([this] {
    Notes notes;
    play({.boots = {{a, [&](Node& node) { node.spawn(ask(node, b, "well", never, notes)); }},
                    {b, [&](Node& node) { serve(node, milliseconds{5}, notes); }}}});
    EXPECT_THAT(notes.all(), testing::ElementsAre("began", "ended", "well!"));
  });
}

TEST_P(TwoWorlds, ACallThatIsLateTimesOutAndItsWorkIsCancelled) {
  in_world([this] {
    Notes notes;
    play({.boots = {
              {a, [&](Node& node) { node.spawn(ask(node, b, "well", milliseconds{150}, notes)); }},
              {b, [&](Node& node) { serve(node, milliseconds{600}, notes); }}}});
    EXPECT_THAT(notes.all(), testing::ElementsAre("began", "timeout"));
  });
}

Task<> ask_and_lose_interest(Node& node, NodeId to, Notes& notes) {
  {
    TaskList calls;
    calls.spawn(ask(node, to, "well", never, notes));
    co_await node.sleep(milliseconds{150});
  }
  notes.add("gave up");
}

TEST_P(TwoWorlds, ACallThatIsGivenUpCancelsItsWork) {
  in_world([this] {
    Notes notes;
    play({.boots = {{a, [&](Node& node) { node.spawn(ask_and_lose_interest(node, b, notes)); }},
                    {b, [&](Node& node) { serve(node, milliseconds{600}, notes); }}}});
    EXPECT_THAT(notes.all(), testing::ElementsAre("began", "gave up"));
  });
}

TEST_P(TwoWorlds, NothingCrossesACutLinkUntilItIsMended) {
  in_world([this] {
    Notes notes;
    const auto ask_thrice = [&](Node& node) {
      node.spawn([](Node& its_node, Notes& its_notes) -> Task<> {
        for (const char* when : {"before", "during", "after"}) {
          co_await ask(its_node, b, when, milliseconds{200}, its_notes);
          co_await its_node.sleep_until(milliseconds{400} + (its_notes.count("timeout") > 0
                                                                 ? milliseconds{400}
                                                                 : milliseconds{0}));
        }
      }(node, notes));
    };
    const Counted counted =
        play({.boots = {{a, ask_thrice}, {b, [&](Node& node) { serve(node, {}, notes); }}},
              .faults = {{milliseconds{300}, [](FaultyWorld& world) { world.cut(0); }},
                         {milliseconds{700}, [](FaultyWorld& world) { world.mend(0); }}},
              .length = milliseconds{1500}});
    EXPECT_THAT(notes.all(), testing::ElementsAre("began", "ended", "before!", "timeout", "began",
                                                  "ended", "after!"));
    EXPECT_EQ(counted.counts.at("messages lost on the way"), 2);  // the call and its cancelling
  });
}

Task<> greet_often(Node& node, NodeId to) {
  while (true) {
    co_await node.sleep(milliseconds{20});
    node.send(to, Port::tests, text_payload("hello"));
  }
}

TEST_P(TwoWorlds, GroupsDoNotHearEachOther) {
  in_world([this] {
    Notes notes;
    play({.boots = {{a, [&](Node& node) { node.spawn(greet_often(node, b)); }},
                    {b, [&](Node& node) { node.spawn(write_down(node, notes)); }}},
          .faults = {{Time{}, [](FaultyWorld& world) { world.set_group(b, 1); }}},
          .length = milliseconds{300}});
    EXPECT_THAT(notes.all(), testing::IsEmpty());
  });
}

Wall wall(std::vector<bool> from, std::vector<bool> to) {
  return {.from = std::move(from), .to = std::move(to)};
}

TEST_P(TwoWorlds, AWallStopsOneDirectionUntilItIsTornDown) {
  in_world([this] {
    Notes heard_by_a, heard_by_b;
    const Counted counted =
        play({.boots = {{a,
                         [&](Node& node) {
                           node.spawn(greet_often(node, b));
                           node.spawn(write_down(node, heard_by_a));
                         }},
                        {b,
                         [&](Node& node) {
                           node.spawn(greet_often(node, a));
                           node.spawn(write_down(node, heard_by_b));
                         }}},
              .faults = {{Time{},
                          [](FaultyWorld& world) {
                            world.build_wall(7, wall({true, false, false}, {false, true, true}));
                          }},
                         {milliseconds{600}, [](FaultyWorld& world) { world.tear_down_wall(7); }}},
              .length = milliseconds{1000}});
    const std::size_t of_a = heard_by_a.all().size();
    const std::size_t of_b = heard_by_b.all().size();
    EXPECT_GT(of_b, 0u);  // once it was open
    EXPECT_GT(of_a, of_b + 10);
    EXPECT_GE(counted.counts.at("messages lost on the way"), 10);
  });
}

TEST_P(TwoWorlds, DisturbedMessagesAreLostDoubledAndDelayedAsOftenAsTheDisturbanceSays) {
  in_world([this] {
    Notes notes;
    const auto send_now = [](Node& node) {
      node.spawn([](Node& its_node) -> Task<> {
        co_await its_node.sleep(milliseconds{10});  // it is disturbed by now
        std::vector<std::uint64_t> paddings(1000, 0);
        Task<> sent = send_many(its_node, b, std::move(paddings));
        co_await std::move(sent);
      }(node));
    };
    const Counted counted = play(
        {.boots = {{a, send_now}, {b, [&](Node& node) { node.spawn(write_down(node, notes)); }}},
         .faults = {{Time{},
                     [](FaultyWorld& world) {
                       world.disturb(1, {true, false, false},
                                     {.loss = 0.3, .duplication = 0.5, .delay = milliseconds{20}});
                     }}},
         .length = milliseconds{1500}});
    const double lost = counted.counts.at("messages lost on the way");
    const double doubled = counted.counts.at("messages duplicated on the way");
    // Binomial: 300 of 1000 and half of the rest, within five standard deviations.
    EXPECT_NEAR(lost, 300, 5 * std::sqrt(1000 * 0.3 * 0.7));
    EXPECT_NEAR(doubled, (1000 - lost) / 2, 5 * std::sqrt((1000 - lost) / 4));
    EXPECT_EQ(static_cast<double>(notes.all().size()), 1000 - lost + doubled);
  });
}

// Numbers, so that overtaking shows.
Task<> send_numbers(Node& node, NodeId to, int count) {
  for (int i = 0; i < count; ++i) {
    co_await node.sleep(milliseconds{1});
    node.send(to, Port::tests, text_payload(std::to_string(i)));
  }
}

TEST_P(TwoWorlds, DelayedMessagesOvertakeOnlyWhereTheyMay) {
  for (const bool reorder : {false, true}) {
    in_world([this, reorder] {
      Notes notes;
      play({.boots = {{a, [](Node& node) { node.spawn(send_numbers(node, b, 200)); }},
                      {b, [&](Node& node) { node.spawn(write_down(node, notes)); }}},
            .faults = {{Time{},
                        [reorder](FaultyWorld& world) {
                          world.disturb(1, {false, true, false},
                                        {.delay = milliseconds{20}, .reorder = reorder});
                        }}},
            .length = milliseconds{1200}});
      ASSERT_EQ(notes.all().size(), 200u);
      std::vector<int> numbers;
      for (const std::string& text : notes.all()) numbers.push_back(std::stoi(text));
      EXPECT_EQ(std::ranges::is_sorted(numbers), !reorder);
    });
  }
}

TEST_P(TwoWorlds, ASkewedClockGainsAndItsTimersDoNot) {
  in_world([this] {
    Notes notes;
    const auto look = [&](Node& node) {
      node.spawn([](Node& its_node, Notes& its_notes) -> Task<> {
        co_await its_node.sleep_until(milliseconds{600});
        const Duration before = its_node.world().clock_error(its_node.id());
        const Time since = its_node.now();
        co_await its_node.sleep_until(milliseconds{1100});
        const Duration gained = its_node.world().clock_error(its_node.id()) - before;
        const Duration passed = its_node.now() - since;
        its_notes.add(before >= milliseconds{5} && gained >= passed / 20 && gained <= passed / 5
                          ? "ahead"
                          : "wrong");
        co_await its_node.sleep_until(milliseconds{2300});
        const Duration later = its_node.world().clock_error(its_node.id());
        its_notes.add(later == Duration{} ? "right" : "wrong");
      }(node, notes));
    };
    play({.boots = {{b, look}},
          .faults = {{milliseconds{100},
                      [](FaultyWorld& world) {
                        world.skew_clock(b, {.ahead = milliseconds{5}, .rate = 0.1});
                      }},
                     {milliseconds{1900}, [](FaultyWorld& world) { world.skew_clock(b, {}); }}},
          .length = milliseconds{2600}});
    EXPECT_THAT(notes.all(), testing::ElementsAre("ahead", "right"));
  });
}

std::vector<std::byte> as_bytes(const std::string& text) {
  const auto* data = reinterpret_cast<const std::byte*>(text.data());
  return {data, data + text.size()};
}

TEST_P(TwoWorlds, ACrashedNodeStartsAnewWithWhatItsDiskHadSynced) {
  in_world([this] {
    Notes notes;
    const auto boot_b = [&](Node& node) {
      std::string files;
      for (const std::string& file : node.disk().list()) files += " " + file;
      notes.add("start" + files);
      ASSERT_TRUE(node.disk().write("kept", 0, as_bytes("x")));
      ASSERT_TRUE(node.disk().sync("kept"));
      ASSERT_TRUE(node.disk().write("lost", 0, as_bytes("x")));
      serve(node, {}, notes);
    };
    const auto ask_at = [&](Node& node) {
      node.spawn([](Node& its_node, Notes& its_notes) -> Task<> {
        co_await its_node.sleep_until(milliseconds{450});
        co_await ask(its_node, b, "down", milliseconds{100}, its_notes);
        co_await its_node.sleep_until(milliseconds{1500});
        co_await ask(its_node, b, "again", milliseconds{400}, its_notes);
      }(node, notes));
    };
    play({.boots = {{a, ask_at}, {b, boot_b}},
          .faults = {{milliseconds{300}, [](FaultyWorld& world) { world.crash(b); }},
                     {milliseconds{700}, [](FaultyWorld& world) { world.restart(b); }}},
          .length = seconds(2)});
    EXPECT_THAT(notes.all(),
                testing::ElementsAre("start", "timeout", "start kept", "began", "ended", "again!"));
  });
}

TEST_P(TwoWorlds, ANodeWhoseDiskWasReplacedStartsWithNothing) {
  in_world([this] {
    Notes notes;
    const auto boot_b = [&](Node& node) {
      notes.add(std::to_string(node.disk().list().size()) + " files");
      ASSERT_TRUE(node.disk().write("kept", 0, as_bytes("x")));
      ASSERT_TRUE(node.disk().sync("kept"));
    };
    play({.boots = {{b, boot_b}},
          .faults = {{milliseconds{200}, [](FaultyWorld& world) { world.crash(b); }},
                     {milliseconds{300}, [](FaultyWorld& world) { world.restart(b); }},
                     {milliseconds{400}, [](FaultyWorld& world) { world.crash(b); }},
                     {milliseconds{500}, [](FaultyWorld& world) { world.lose_disk(b); }},
                     {milliseconds{600}, [](FaultyWorld& world) { world.restart(b); }}},
          .length = milliseconds{800}});
    EXPECT_THAT(notes.all(), testing::ElementsAre("0 files", "1 files", "0 files"));
  });
}

TEST_P(TwoWorlds, AFullDiskRefusesToGrowAndLetsTheRestBe) {
  in_world([this] {
    Notes notes;
    const auto boot_b = [&](Node& node) {
      ASSERT_TRUE(node.disk().write("file", 0, as_bytes("four")));
      node.spawn([](Node& its_node, Notes& its_notes) -> Task<> {
        for (const int at : {300, 500}) {
          co_await its_node.sleep_until(milliseconds{at});
          const bool changed =
              static_cast<bool>(its_node.disk().write("file", 0, as_bytes("FOUR")));
          const bool grown = static_cast<bool>(its_node.disk().write("file", 2, as_bytes("more")));
          its_notes.add(std::string{changed ? "changed" : "not"} + (grown ? " grown" : " not"));
        }
      }(node, notes));
    };
    play({.boots = {{b, boot_b}},
          .faults = {{milliseconds{200}, [](FaultyWorld& world) { world.fill_disk(b, true); }},
                     {milliseconds{400}, [](FaultyWorld& world) { world.fill_disk(b, false); }}},
          .length = milliseconds{700}});
    EXPECT_THAT(notes.all(), testing::ElementsAre("changed not", "changed grown"));
  });
}

TEST_P(TwoWorlds, ACorruptedDiskGivesBackOtherBytesWithoutAWord) {
  in_world([this] {
    Notes notes;
    const auto boot_b = [&](Node& node) {
      const std::vector<std::byte> zeros(10 * 4096);
      ASSERT_TRUE(node.disk().write("zeros", 0, zeros));
      ASSERT_TRUE(node.disk().sync("zeros"));
      node.spawn([](Node& its_node, Notes& its_notes) -> Task<> {
        co_await its_node.sleep_until(milliseconds{300});
        const auto read = its_node.disk().read("zeros", 0, 10 * 4096);
        const auto ones =
            std::ranges::count_if(*read, [](std::byte b) { return b != std::byte{}; });
        its_notes.add(std::to_string(ones) + " bytes of " + std::to_string(read->size()));
      }(node, notes));
    };
    play({.boots = {{b, boot_b}},
          .faults = {{milliseconds{200},
                      [](FaultyWorld& world) { world.corrupt_disk(b, 1, Random{1}); }}},
          .length = milliseconds{500}});
    EXPECT_THAT(notes.all(), testing::ElementsAre("10 bytes of 40960"));
  });
}

Task<> count_late(Node& node, Notes& notes) {
  co_await node.sleep(milliseconds{500});
  while (true) {
    const Result<Message> message = co_await node.receive(Port::tests, milliseconds{50});
    if (!message) break;
    notes.add("one");
  }
  notes.add("no more");
}

TEST_P(TwoWorlds, AFullMailboxDropsAndCounts) {
  in_world([this] {
    Notes notes;
    const Counted counted =
        play({.boots = {{a,
                         [&](Node& node) {
                           node.spawn(send_many(node, b, std::vector<std::uint64_t>(150, 0)));
                         }},
                        {b, [&](Node& node) {
                           node.limit_mailboxes(100);
                           node.spawn(count_late(node, notes));
                         }}}});
    EXPECT_EQ(notes.count("one"), 100u);
    EXPECT_EQ(notes.count("no more"), 1u);
    EXPECT_EQ(counted.counts.at("messages dropped at a full mailbox"), 50);
  });
}

Task<> work(Node& node, int number, Duration span, Notes& notes) {
  const Time began = node.now();
  co_await node.compute(Work{to_seconds(span) * 1e9});
  if (node.now() - began < span) notes.add("too early");
  notes.add(std::to_string(number));
}

TEST_P(TwoWorlds, AComputationHoldsACoreForTheTimeThatItTakes) {
  in_world([this] {
    Notes notes;
    play({.boots = {{a, [&](Node& node) {
                       for (int i = 0; i < 5; ++i)
                         node.spawn(work(node, i, milliseconds{40}, notes));
                       node.spawn([](Node& its_node, Notes& its_notes) -> Task<> {
                         co_await its_node.sleep(milliseconds{150});
                         its_notes.add(its_notes.count("3") == 0 ? "3 waits" : "3 is done");
                       }(node, notes));
                     }}}});
    // One core: the fourth is done after 160 ms, and not before.
    EXPECT_THAT(notes.all(), testing::ElementsAre("0", "1", "2", "3 waits", "3", "4"));
  });
}

INSTANTIATE_TEST_SUITE_P(Every, TwoWorlds, every_world, name_of);

}  // namespace
}  // namespace evenkeel::test
