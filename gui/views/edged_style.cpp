#include "gui/views/edged_style.h"

#include <QStyleOption>
#include <optional>

namespace evenkeel::gui {
namespace {

bool isDark(const QPalette& palette) {
  constexpr int middle = 128;
  return palette.color(QPalette::Window).lightness() < middle;
}

/// Of which Fusion's edge, 1.4 times darker, stands out.
QColor windowForEdges(const QPalette& palette) { return palette.color(QPalette::PlaceholderText); }

/// The option with another window, if it is one of this kind and the window is dark.
template <class Option>
std::optional<Option> edged(const QStyleOption* option) {
  const auto* its = qstyleoption_cast<const Option*>(option);
  if (its == nullptr || !isDark(its->palette)) return std::nullopt;
  Option other(*its);
  other.palette.setColor(QPalette::Window, windowForEdges(its->palette));
  return other;
}

}  // namespace

void EdgedStyle::drawPrimitive(PrimitiveElement element, const QStyleOption* option,
                               QPainter* painter, const QWidget* widget) const {
  if (element == PE_Frame || element == PE_FrameLineEdit)
    if (const auto other = edged<QStyleOptionFrame>(option))
      return QProxyStyle::drawPrimitive(element, &*other, painter, widget);
  QProxyStyle::drawPrimitive(element, option, painter, widget);
}

void EdgedStyle::drawComplexControl(ComplexControl control, const QStyleOptionComplex* option,
                                    QPainter* painter, const QWidget* widget) const {
  if (const auto spin = edged<QStyleOptionSpinBox>(option))
    return QProxyStyle::drawComplexControl(control, &*spin, painter, widget);
  if (const auto combo = edged<QStyleOptionComboBox>(option))
    return QProxyStyle::drawComplexControl(control, &*combo, painter, widget);
  QProxyStyle::drawComplexControl(control, option, painter, widget);
}

int EdgedStyle::styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget,
                          QStyleHintReturn* data) const {
  if (hint == SH_Table_GridLineColor && option != nullptr && isDark(option->palette)) {
    constexpr int darker = 200;
    return static_cast<int>(windowForEdges(option->palette).darker(darker).rgb());
  }
  return QProxyStyle::styleHint(hint, option, widget, data);
}

}  // namespace evenkeel::gui
