// The verdict table: each variant in the ink that it has in every plot, its verdict coloured and
// marked, so that it can be told without colours.
#pragma once

#include "gui/models/table_model.h"
#include "gui/plots/theme.h"

namespace evenkeel::gui {

class VerdictModel : public TableModel {
  Q_OBJECT

 public:
  using TableModel::TableModel;

  /// With the ink of each row.
  void show(Table table, std::vector<std::size_t> inks);
  void setTheme(const Theme& theme);
  QVariant data(const QModelIndex& index, int role) const override;

 private:
  std::vector<std::size_t> inks_;
  Theme theme_ = Theme::light();
};

}  // namespace evenkeel::gui
