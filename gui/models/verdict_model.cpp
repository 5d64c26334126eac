#include "gui/models/verdict_model.h"

#include <QPixmap>

namespace evenkeel::gui {

void VerdictModel::show(Table table, std::vector<std::size_t> inks) {
  inks_ = std::move(inks);
  TableModel::show(std::move(table));
}

void VerdictModel::setTheme(const Theme& theme) {
  theme_ = theme;
  if (rowCount() > 0) emit dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
}

QVariant VerdictModel::data(const QModelIndex& index, int role) const {
  const bool isVerdict = index.column() == columnCount() - 1;
  if (index.column() == 0 && role == Qt::DecorationRole) {
    QPixmap swatch(12, 12);
    swatch.fill(theme_.ink(inks_[static_cast<std::size_t>(index.row())]));
    return swatch;
  }
  if (!isVerdict) return TableModel::data(index, role);
  const QString text = TableModel::data(index, Qt::DisplayRole).toString();
  const bool better = text.startsWith("better"), worse = text.startsWith("worse");
  if (role == Qt::TextAlignmentRole) return QVariant(Qt::AlignLeft | Qt::AlignVCenter);
  if (role == Qt::ForegroundRole && better) return theme_.good();
  if (role == Qt::ForegroundRole && worse) return theme_.bad();
  if (role == Qt::DisplayRole) return (better ? "▲ " : worse ? "▼ " : "") + text;
  return TableModel::data(index, role);
}

}  // namespace evenkeel::gui
