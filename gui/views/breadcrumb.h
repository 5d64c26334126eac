// What is looked at, part by part, from the file to the request: a click on a part leads to where
// it is seen or chosen; a part that was chosen goes away by its cross, or by Delete on it.
#pragma once

#include <QWidget>
#include <vector>

#include "gui/views/selection.h"

class QHBoxLayout;

namespace evenkeel::gui {

enum class SelectedPart { file, policies, run, classes, nodes, instant, range, request };

struct BreadcrumbPart {
  SelectedPart part;
  QString text;
  bool isChosen = true;  // and may be taken away
};

/// What is chosen, and the file and the run, which always are; none where the study has no such
/// run.
std::vector<BreadcrumbPart> breadcrumbOf(const Selected& selected, const StudyData& study);

/// The selection as it was before the part was chosen.
Selected without(Selected selected, SelectedPart part);

class Breadcrumb : public QWidget {
  Q_OBJECT

 public:
  explicit Breadcrumb(QWidget* parent = nullptr);

  void show(const std::vector<BreadcrumbPart>& parts);
  QString text() const;

 signals:
  void clicked(SelectedPart part);
  void removed(SelectedPart part);

 protected:
  bool eventFilter(QObject* object, QEvent* event) override;

 private:
  void build();
  void label();

  QHBoxLayout* row_;
  std::vector<BreadcrumbPart> parts_;
};

}  // namespace evenkeel::gui
