// What assistive technology sees of a program, and what it may do there: an object of AT-SPI, over
// D-Bus. https://gitlab.gnome.org/GNOME/at-spi2-core, xml/
#pragma once

#include <QDBusConnection>
#include <QList>
#include <QPoint>
#include <QRect>
#include <QString>
#include <functional>
#include <optional>

namespace evenkeel::gui::screen {

/// Only so that a hang ends.
inline constexpr int patienceMs = 240'000;
/// Asked until it is so: false once nobody would wait any longer.
bool comes(const std::function<bool()>& what, int withinMs = patienceMs);

class Accessible {
 public:
  Accessible() = default;  // none
  Accessible(QString service, QString path)
      : service_(std::move(service)), path_(std::move(path)) {}

  bool isNone() const { return path_.isEmpty() || path_.endsWith("/null"); }
  QString name() const;
  QString role() const;
  QList<Accessible> children() const;
  Accessible child(int index) const;

  enum State { active = 1, focused = 12, showing = 25 };
  bool is(State state) const;
  /// On the screen.
  QRect place() const;
  void focus() const;
  /// The action of that name, as "Press".
  bool act(const QString& action) const;

  double value() const;
  double most() const;
  /// Of a field.
  QString text() const;
  int rows() const;
  int columns() const;
  Accessible cell(int row, int column) const;

  /// The first below that is to be seen, with this role, and is so; not within tables.
  Accessible find(const QString& role, const std::function<bool(const Accessible&)>& isSo) const;
  Accessible find(const QString& role, const QString& name) const;

 private:
  QVariant property(const char* interface, const char* name) const;
  QVariantList call(const char* interface, const char* method,
                    const QVariantList& arguments = {}) const;

  QString service_;
  QString path_;
};

/// Where accessible programs are told of themselves; connects to this session's.
Accessible desktop();

/// Keys and the mouse, as the X server gets them from a person.
namespace hand {
enum Key { enter = 0xff0d, tab = 0xff09, f5 = 0xffc2 };
void press(int keysym);
void pressWithControl(int keysym);
void type(const QString& text);
void click(const QPoint& at, bool isDouble = false);
}  // namespace hand

}  // namespace evenkeel::gui::screen
