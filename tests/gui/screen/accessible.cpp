#include "tests/gui/screen/accessible.h"

#include <QDBusArgument>
#include <QDBusInterface>
#include <QDBusMessage>
#include <QDBusObjectPath>
#include <QDBusReply>
#include <QDBusVariant>
#include <QElapsedTimer>
#include <QThread>

namespace evenkeel::gui::screen {
namespace {

constexpr const char* object = "org.a11y.atspi.Accessible";
constexpr const char* root = "/org/a11y/atspi/accessible/root";
constexpr const char* registry = "org.a11y.atspi.Registry";

QDBusConnection bus() { return QDBusConnection("accessibility"); }

Accessible reference(const QDBusArgument& argument) {
  QString service;
  QDBusObjectPath path;
  argument.beginStructure();
  argument >> service >> path;
  argument.endStructure();
  return {service, path.path()};
}

Accessible referenceIn(const QVariantList& answer) {
  return answer.isEmpty() ? Accessible() : reference(answer.front().value<QDBusArgument>());
}

void event(const char* method, const QVariantList& arguments) {
  QDBusMessage message =
      QDBusMessage::createMethodCall(registry, "/org/a11y/atspi/registry/deviceeventcontroller",
                                     "org.a11y.atspi.DeviceEventController", method);
  message.setArguments(arguments);
  bus().call(message);
}

enum KeyEvent : uint { pressed = 0, released = 1, keysym = 3, letters = 4 };
void key(int code, const QString& text, KeyEvent kind) {
  event("GenerateKeyboardEvent", {code, text, static_cast<uint>(kind)});
}

}  // namespace

bool comes(const std::function<bool()>& what, int withinMs) {
  constexpr int betweenMs = 20;
  QElapsedTimer clock;
  clock.start();
  while (!what()) {
    if (clock.elapsed() > withinMs) return false;
    QThread::msleep(betweenMs);
  }
  return true;
}

Accessible desktop() {
  const QDBusMessage answer = QDBusConnection::sessionBus().call(QDBusMessage::createMethodCall(
      "org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus", "GetAddress"));
  if (answer.type() != QDBusMessage::ReplyMessage) return {};
  const QString address = answer.arguments().value(0).toString();
  if (!QDBusConnection::connectToBus(address, "accessibility").isConnected()) return {};
  return {registry, root};
}

QVariantList Accessible::call(const char* interface, const char* method,
                              const QVariantList& arguments) const {
  if (isNone()) return {};
  QDBusMessage message = QDBusMessage::createMethodCall(service_, path_, interface, method);
  message.setArguments(arguments);
  const QDBusMessage answer = bus().call(message);
  return answer.type() == QDBusMessage::ReplyMessage ? answer.arguments() : QVariantList();
}

QVariant Accessible::property(const char* interface, const char* name) const {
  const QVariantList answer = call("org.freedesktop.DBus.Properties", "Get", {interface, name});
  return answer.isEmpty() ? QVariant() : answer.front().value<QDBusVariant>().variant();
}

QString Accessible::name() const { return property(object, "Name").toString(); }
QString Accessible::role() const { return call(object, "GetRoleName").value(0).toString(); }

QList<Accessible> Accessible::children() const {
  const QVariantList answer = call(object, "GetChildren");
  QList<Accessible> all;
  if (answer.isEmpty()) return all;
  const auto list = answer.front().value<QDBusArgument>();
  list.beginArray();
  while (!list.atEnd()) all << reference(list);
  list.endArray();
  return all;
}

Accessible Accessible::child(int index) const {
  return referenceIn(call(object, "GetChildAtIndex", {index}));
}

bool Accessible::is(State state) const {
  const QVariantList answer = call(object, "GetState");
  if (answer.isEmpty()) return false;
  QList<uint> words;
  answer.front().value<QDBusArgument>() >> words;
  constexpr int bits = 32;
  return words.size() > state / bits && ((words[state / bits] >> (state % bits)) & 1) != 0;
}

QRect Accessible::place() const {
  constexpr uint ofScreen = 0;
  const QVariantList answer = call("org.a11y.atspi.Component", "GetExtents", {ofScreen});
  if (answer.isEmpty()) return {};
  int x = 0, y = 0, width = 0, height = 0;
  const auto four = answer.front().value<QDBusArgument>();
  four.beginStructure();
  four >> x >> y >> width >> height;
  four.endStructure();
  return {x, y, width, height};
}

void Accessible::focus() const { call("org.a11y.atspi.Component", "GrabFocus"); }

bool Accessible::act(const QString& action) const {
  constexpr const char* actions = "org.a11y.atspi.Action";
  const int count = property(actions, "NActions").toInt();
  for (int i = 0; i < count; ++i)
    if (call(actions, "GetName", {i}).value(0).toString() == action)
      return call(actions, "DoAction", {i}).value(0).toBool();
  return false;
}

double Accessible::value() const {
  return property("org.a11y.atspi.Value", "CurrentValue").toDouble();
}
double Accessible::most() const {
  return property("org.a11y.atspi.Value", "MaximumValue").toDouble();
}

QString Accessible::text() const {
  const int toEnd = -1;
  return call("org.a11y.atspi.Text", "GetText", {0, toEnd}).value(0).toString();
}

int Accessible::rows() const { return property("org.a11y.atspi.Table", "NRows").toInt(); }
int Accessible::columns() const { return property("org.a11y.atspi.Table", "NColumns").toInt(); }
Accessible Accessible::cell(int row, int column) const {
  return referenceIn(call("org.a11y.atspi.Table", "GetAccessibleAt", {row, column}));
}

Accessible Accessible::find(const QString& role,
                            const std::function<bool(const Accessible&)>& isSo) const {
  QList<Accessible> level{*this};
  while (!level.isEmpty()) {
    QList<Accessible> below;
    for (const Accessible& one : level) {
      if (!one.is(showing)) continue;
      const QString its = one.role();
      if (its == role && isSo(one)) return one;
      if (its != "table") below << one.children();
    }
    level = below;
  }
  return {};
}

Accessible Accessible::find(const QString& role, const QString& name) const {
  return find(role, [&](const Accessible& one) { return one.name().remove('&') == name; });
}

namespace hand {

void press(int code) { key(code, {}, keysym); }

void pressWithControl(int code) {
  constexpr int control = 37;  // where the X server's own keyboard has it
  key(control, {}, pressed);
  press(code);
  key(control, {}, released);
}

void type(const QString& text) { key(0, text, letters); }

void click(const QPoint& at, bool isDouble) {
  event("GenerateMouseEvent", {at.x(), at.y(), "abs"});
  event("GenerateMouseEvent", {at.x(), at.y(), isDouble ? "b1d" : "b1c"});
}

}  // namespace hand

}  // namespace evenkeel::gui::screen
