#include "gui/plots/plot_accessible.h"

#include <QAccessibleWidget>

#include "gui/plots/plot_widget.h"

namespace evenkeel::gui {
namespace {

class PlotAccessible : public QAccessibleWidget {
 public:
  explicit PlotAccessible(PlotWidget* plot) : QAccessibleWidget(plot, QAccessible::Chart) {}

  QString text(QAccessible::Text kind) const override {
    const auto* plot = static_cast<const PlotWidget*>(object());
    if (kind == QAccessible::Help)
      return QString(
                 "T shows the same numbers as a table of %1 rows; plus, minus and arrows zoom "
                 "and move, 0 shows all.")
          .arg(plot->spec().table.rows.size());
    return QAccessibleWidget::text(kind);
  }
};

QAccessibleInterface* make(const QString&, QObject* object) {
  auto* plot = qobject_cast<PlotWidget*>(object);
  return plot ? new PlotAccessible(plot) : nullptr;
}

}  // namespace

void makePlotsAccessible() { QAccessible::installFactory(make); }  // which keeps each once

}  // namespace evenkeel::gui
