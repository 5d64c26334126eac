// A request step by step, as the window draws it; and what it says when the program cannot tell.
#include "gui/views/steps_view.h"

#include <gmock/gmock.h>

#include <QPushButton>
#include <QTableView>
#include <QTest>

#include "gui/data/trace_plots.h"
#include "gui/plots/plot_widget.h"
#include "tests/cli/program.h"
#include "tests/gui/sample_study.h"

namespace evenkeel::gui {
namespace {

using Kind = TraceStep::Kind;

RequestTrace longTrace(int steps) {
  RequestTrace trace{.number = 5,
                     .request_class = "ask",
                     .site = "hub",
                     .record = RequestRecord{.ended = seconds(1)},
                     .followed_until = seconds(2),
                     .nodes = {"hub", "edge"}};
  for (int i = 0; i < steps; ++i)
    trace.steps.push_back({.kind = Kind::computation,
                           .node = NodeId{1},
                           .begin = seconds(0.01 * i),
                           .end = seconds(0.01 * i + 0.001 * (i + 1)),
                           .amount = 1e6});
  return trace;
}

TEST(StepsPlot, PutsEachStepWhereItBelongs) {
  RequestTrace trace = longTrace(2);
  trace.steps.push_back({.kind = Kind::message,
                         .node = NodeId{1},
                         .to = NodeId{0},
                         .begin = seconds(0.5),
                         .what = "replies"});
  trace.steps.push_back({.node = NodeId{0}, .begin = seconds(0.2), .what = "chose"});
  const PlotSpec spec = stepsPlot(trace, stepsUntil(trace));
  EXPECT_THAT(spec.y.categories, ::testing::ElementsAre("edge", "edge", "edge → hub"));
  EXPECT_DOUBLE_EQ(spec.spans[1].from, 10);  // ms
  EXPECT_DOUBLE_EQ(spec.spans[1].to, 12);
  EXPECT_DOUBLE_EQ(spec.spans[2].to, 1000);
  EXPECT_THAT(spec.spans[2].text, ::testing::EndsWith("(never came)"));
  EXPECT_EQ(spec.table.rows.size(), 4u);  // notes too
}

TEST(StepsPlot, SaysWhatItLeavesOff) {
  const RequestTrace trace = longTrace(60);
  const PlotSpec spec = stepsPlot(trace, stepsUntil(trace));
  EXPECT_EQ(spec.spans.size(), mostStepRows);
  ASSERT_EQ(spec.notes.size(), 1u);
  EXPECT_EQ(spec.notes[0], "the 40 of 60 steps that took longest; the table has all");
  EXPECT_EQ(spec.table.rows.size(), 60u);
  EXPECT_DOUBLE_EQ(spec.spans[0].from, 200);  // the first twenty were the shortest
}

class Steps : public ::testing::Test {
 protected:
  void SetUp() override { view_.show(); }
  void TearDown() override { qputenv("EVENKEEL_PROGRAM", before_); }
  void answerWith(const QByteArray& script) {
    QFile file(sample_.path("program.sh"));
    ASSERT_TRUE(file.open(QIODevice::WriteOnly));
    file.write("#!/bin/sh\n" + script + "\n");
    file.close();
    ASSERT_TRUE(file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
    qputenv("EVENKEEL_PROGRAM", file.fileName().toUtf8());
  }
  void offer(std::uint64_t request, double wallSeconds = 0.1) {
    view_.offer({.file = sample_.study(),
                 .run = 1,
                 .request = request,
                 .variant = "nearest",
                 .wallSeconds = wallSeconds});
    ASSERT_TRUE(QTest::qWaitFor([this] { return !view_.isBusy(); }, 60'000));
  }
  std::string status() const { return view_.status().toStdString(); }

  test::SampleFolder sample_;
  QByteArray before_ = qgetenv("EVENKEEL_PROGRAM");
  StepsView view_;
};

TEST_F(Steps, SaysWhyARunOfAnotherVersionIsNotRepeated) {
  offer(3);
  EXPECT_THAT(status(), ::testing::HasSubstr("evenkeel test made run 1"));
  EXPECT_FALSE(view_.trace());
}

TEST_F(Steps, LivesOnWhateverTheProgramDoes) {
  for (const auto& [script, said] :
       std::vector<std::pair<QByteArray, const char*>>{{"kill -9 $$", "the program crashed"},
                                                       {"echo '{}'", "this is no trace"},
                                                       {"echo '{\"request\": 1'", "it is no JSON"},
                                                       {"exit 1", "It cannot be followed"}}) {
    answerWith(script);
    view_.offerNothing();
    offer(3);
    EXPECT_THAT(status(), ::testing::HasSubstr(said)) << script.constData();
    EXPECT_TRUE(view_.findChild<QPushButton*>("follow")->isVisible());
  }
  EXPECT_FALSE(view_.plot()->isVisible());
}

TEST_F(Steps, RepeatsALongRunOnlyWhenAsked) {
  answerWith("cat >/dev/null; echo asked >&2; exit 2");
  offer(3, 3600);
  EXPECT_THAT(status(), ::testing::HasSubstr("takes up to about"));
  auto* follow = view_.findChild<QPushButton*>("follow");
  ASSERT_TRUE(follow->isVisible());
  QTest::mouseClick(follow, Qt::LeftButton);
  ASSERT_TRUE(QTest::qWaitFor([this] { return !view_.isBusy(); }, 60'000));
  EXPECT_EQ(status(), "It cannot be followed: asked");
}

// The request that is looked at next is the one that is shown, however slow the first one's answer.
TEST_F(Steps, ForgetsARequestThatIsNoLongerWanted) {
  answerWith("case $3 in 3) sleep 30 ;; *) echo other >&2; exit 2 ;; esac");
  view_.offer({.file = "x", .run = 1, .request = 3, .wallSeconds = 0.1});
  EXPECT_TRUE(view_.isBusy());
  offer(4);
  EXPECT_EQ(status(), "It cannot be followed: other");
}

}  // namespace
}  // namespace evenkeel::gui
