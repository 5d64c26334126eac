// The real program on a real screen: started before a test, and ended after it. What was on the
// screen when a test failed is kept.
#pragma once

#include <gtest/gtest.h>

#include <QApplication>
#include <QDir>
#include <QImage>
#include <QPixmap>
#include <QProcess>
#include <QScreen>
#include <QTemporaryDir>
#include <stdexcept>

#include "tests/gui/screen/accessible.h"

namespace evenkeel::gui::screen {

/// evenkeel-gui, evenkeel
inline QStringList programs;

inline QImage picture(const QRect& of) {
  return QGuiApplication::primaryScreen()
      ->grabWindow(0, of.x(), of.y(), of.width(), of.height())
      .toImage();
}

class OnAScreen : public ::testing::Test {
 protected:
  void SetUp() override {
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert("EVENKEEL_PROGRAM", programs.value(1));
    environment.insert("QT_LINUX_ACCESSIBILITY_ALWAYS_ON", "1");  // not for this one
    program_.setProcessEnvironment(environment);
    program_.setProcessChannelMode(QProcess::ForwardedChannels);
    program_.start(programs.value(0), QStringList());
    ASSERT_TRUE(program_.waitForStarted());
    const Accessible all = desktop();
    ASSERT_FALSE(all.isNone()) << "no bus for accessibility";
    ASSERT_TRUE(comes([&] {
      for (const Accessible& one : all.children())
        if (one.name() == "evenkeel-gui") window_ = one.child(0);
      return !window_.isNone() && window_.is(Accessible::active);
    }));
  }
  void TearDown() override {
    if (HasFailure()) {
      const QString seen = QDir::current().filePath("main_path_on_a_screen.png");
      picture(QGuiApplication::primaryScreen()->geometry()).save(seen);
      std::printf("What was on the screen: %s\n", qPrintable(seen));
    }
    program_.kill();
    program_.waitForFinished();
  }

  /// Once it is there and to be seen.
  Accessible wait(const QString& role, const QString& name, const Accessible& in) {
    Accessible found;
    const bool came = comes([&] {
      found = in.find(role, name);
      return !found.isNone();
    });
    if (!came) throw std::runtime_error("no " + role.toStdString() + " " + name.toStdString());
    return found;
  }
  Accessible wait(const QString& role, const QString& name) { return wait(role, name, window_); }
  void click(const Accessible& what, bool isDouble = false) {
    hand::click(what.place().center(), isDouble);
  }
  void toTab(const QString& name) {
    const Accessible tab = wait("page tab", name);
    EXPECT_TRUE(tab.act("Press"));
    EXPECT_TRUE(comes([&] { return isAt(name); })) << name.toStdString();
  }
  bool isAt(const QString& tab) { return !window_.find("page tab list", tab).isNone(); }
  /// What is there is replaced.
  void write(const Accessible& field, const QString& text) {
    field.focus();
    ASSERT_TRUE(comes([&] { return field.is(Accessible::focused); }));
    hand::pressWithControl('a');
    hand::type(text);
    ASSERT_TRUE(comes([&] { return field.text() == text; })) << field.text().toStdString();
  }
  /// With Enter.
  void fill(const Accessible& field, const QString& text) {
    ASSERT_NO_FATAL_FAILURE(write(field, text));
    hand::press(hand::enter);
  }

  QTemporaryDir folder_;
  QProcess program_;
  Accessible window_;
};

}  // namespace evenkeel::gui::screen
