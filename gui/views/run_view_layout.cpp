// Where things are in the Run view, and what they are called by a screen reader.
#include <QBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QSpinBox>

#include "gui/views/cell_grid.h"
#include "gui/views/matrix_editor.h"
#include "gui/views/run_view.h"

namespace evenkeel::gui {

void RunView::nameAll() {
  seeds_->setRange(1, 10000);
  seeds_->setObjectName("seeds");
  seeds_->setAccessibleName("Seeds");
  jobs_->setRange(0, 1024);
  jobs_->setSpecialValueText("as many as cores");
  jobs_->setAccessibleName("Runs at a time");
  result_->setObjectName("result");
  result_->setAccessibleName("Result file");
  count_->setObjectName("count");
  bar_->setAccessibleName("Progress");
  bar_->setTextVisible(true);
  status_->setObjectName("status");
  status_->setWordWrap(true);
  status_->setTextFormat(Qt::PlainText);
  status_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  stop_->setEnabled(false);
  start_->setEnabled(false);
  start_->setObjectName("start");
  stop_->setObjectName("stop");
}

void RunView::layOut() {
  nameAll();
  constexpr int matrixHeight = 150, between = 16;
  matrix_->setFixedHeight(matrixHeight);
  auto* fields = new QHBoxLayout;
  const auto add = [fields](const char* name, QWidget* field, int stretch) {
    auto* label = new QLabel(name);
    label->setBuddy(field);
    fields->addWidget(label);
    fields->addWidget(field, stretch);
    fields->addSpacing(between);
  };
  add("S&eeds", seeds_, 0);
  add("Runs at a ti&me", jobs_, 0);
  add("Resu&lt file", result_, 1);
  auto* buttons = new QHBoxLayout;
  for (QPushButton* one : {start_, stop_}) buttons->addWidget(one);
  buttons->addWidget(count_, 1);
  auto* layout = new QVBoxLayout(this);
  layout->addWidget(heading_);
  layout->addWidget(matrix_);
  layout->addLayout(fields);
  layout->addLayout(buttons);
  layout->addWidget(bar_);
  layout->addWidget(status_);
  layout->addWidget(cells_, 1);
}

}  // namespace evenkeel::gui
