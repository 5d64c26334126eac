// Qt's style Fusion, which draws the edges of fields and tables in the colour of the window, made
// darker: of a dark window nothing is left of that, so there they are made lighter.
#pragma once

#include <QProxyStyle>

namespace evenkeel::gui {

class EdgedStyle : public QProxyStyle {
  Q_OBJECT

 public:
  EdgedStyle() : QProxyStyle("Fusion") {}

  void drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                     const QWidget* widget) const override;
  void drawComplexControl(ComplexControl control, const QStyleOptionComplex* option,
                          QPainter* painter, const QWidget* widget) const override;
  int styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget,
                QStyleHintReturn* data) const override;
};

}  // namespace evenkeel::gui
