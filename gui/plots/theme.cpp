#include "gui/plots/theme.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "sim/report/svg.h"

namespace evenkeel::gui {
namespace {

constexpr std::array<const char*, 8> lightInks = {"#0072b2", "#d55e00", "#009e73", "#cc79a7",
                                                  "#e69f00", "#56b4e9", "#1d2129", "#a89a00"};
constexpr std::array<const char*, 8> darkInks = {"#4aa3df", "#ee7f33", "#27bd92", "#dd95bb",
                                                 "#f0b429", "#8fd0f5", "#e6e8ec", "#f0e442"};
constexpr std::array<Qt::PenStyle, 4> dashes = {Qt::SolidLine, Qt::DashLine, Qt::DotLine,
                                                Qt::DashDotLine};

}  // namespace

QColor Theme::ground() const { return QColor(isDark_ ? "#171b21" : "#ffffff"); }
QColor Theme::window() const { return QColor(isDark_ ? "#0f1216" : "#f3f4f6"); }
QColor Theme::text() const { return QColor(isDark_ ? "#e6e8ec" : "#1d2129"); }
QColor Theme::muted() const { return QColor(isDark_ ? "#98a2b3" : "#5b6472"); }
QColor Theme::grid() const { return QColor(isDark_ ? "#2b313b" : "#e3e6ea"); }
QColor Theme::accent() const { return QColor(isDark_ ? "#62b6dd" : "#0b6fa4"); }
QColor Theme::good() const { return QColor(isDark_ ? "#3fc79a" : "#00744f"); }
QColor Theme::bad() const { return QColor(isDark_ ? "#f08a5d" : "#b34700"); }

QColor Theme::ink(std::size_t series) const {
  return QColor((isDark_ ? darkInks : lightInks)[series % lightInks.size()]);
}

QPen Theme::pen(std::size_t series, double width) const {
  QPen pen(ink(series), width);
  pen.setStyle(dashes[series / lightInks.size() % dashes.size()]);
  return pen;
}

QPalette Theme::palette() const {
  QPalette palette(window());
  palette.setColor(QPalette::Window, window());
  palette.setColor(QPalette::Base, ground());
  palette.setColor(QPalette::AlternateBase, window());
  palette.setColor(QPalette::Button, isDark_ ? QColor("#232932") : QColor("#e9ebee"));
  for (const QPalette::ColorRole role :
       {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::ToolTipText})
    palette.setColor(role, text());
  palette.setColor(QPalette::ToolTipBase, ground());
  palette.setColor(QPalette::PlaceholderText, muted());
  palette.setColor(QPalette::Highlight, accent());
  palette.setColor(QPalette::HighlightedText, ground());
  palette.setColor(QPalette::Link, accent());
  palette.setColor(QPalette::Disabled, QPalette::Text, muted());
  palette.setColor(QPalette::Disabled, QPalette::ButtonText, muted());
  palette.setColor(QPalette::Disabled, QPalette::WindowText, muted());
  return palette;
}

QColor Theme::heat(double value) const {
  if (std::isnan(value)) return grid();
  return QColor(QString::fromStdString(report::heat_colour(value)));
}

QRgb Theme::heatRgb(double value) const {
  constexpr std::size_t steps = 256;
  static const std::array<QRgb, steps> colours = [this] {
    std::array<QRgb, steps> all{};
    for (std::size_t i = 0; i < steps; ++i)
      all[i] = heat(static_cast<double>(i) / (steps - 1)).rgb();
    return all;
  }();
  return colours[static_cast<std::size_t>(std::lround(std::clamp(value, 0.0, 1.0) * (steps - 1)))];
}

}  // namespace evenkeel::gui
