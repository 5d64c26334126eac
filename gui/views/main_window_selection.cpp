// How the window follows the selection: the line that says what it is, and the two menus of the
// policies and the classes of requests that are spoken of.
#include <QAction>
#include <QMenu>
#include <QTabWidget>
#include <QToolButton>

#include "gui/views/breadcrumb.h"
#include "gui/views/choice_menu.h"
#include "gui/views/main_window.h"
#include "gui/views/trace_view.h"

namespace evenkeel::gui {
namespace {

void prepare(QToolButton* button, ChoiceMenu* menu) {
  button->setMenu(menu);
  button->setText(menu->title());
  button->setPopupMode(QToolButton::InstantPopup);
  button->setFocusPolicy(Qt::TabFocus);
  button->setObjectName(menu->title().toLower());
  button->setEnabled(false);
}

void popUp(QToolButton* button) {
  if (button->isEnabled()) button->menu()->popup(button->mapToGlobal(QPoint(0, button->height())));
}

QString labelled(const ChoiceMenu* menu, std::size_t chosen) {
  return chosen == 0 ? menu->title()
                     : QString("%1: %2 of %3").arg(menu->title()).arg(chosen).arg(menu->count());
}

}  // namespace

void MainWindow::addChoiceActions(QMenu* view) {
  prepare(policiesButton_, policies_);
  prepare(classesButton_, classes_);
  view->addAction("&Policies …", QKeySequence("Ctrl+P"), this, [this] { popUp(policiesButton_); });
  view->addAction("Cla&sses of requests …", QKeySequence("Ctrl+L"), this,
                  [this] { popUp(classesButton_); });
}

void MainWindow::connectChoice() {
  connect(policies_, &ChoiceMenu::chosen, this, &MainWindow::choosePolicies);
  connect(classes_, &ChoiceMenu::chosen, this, &MainWindow::chooseClasses);
  connect(breadcrumb_, &Breadcrumb::clicked, this, &MainWindow::goTo);
  connect(breadcrumb_, &Breadcrumb::removed, this,
          [this](SelectedPart part) { selection_->set(without(selection_->now(), part)); });
}

void MainWindow::followSelection() {
  const Selected& now = selection_->now();
  back_->setEnabled(selection_->canGoBack());
  forward_->setEnabled(selection_->canGoForward());
  if (tabs_->currentIndex() != now.view) {
    const QSignalBlocker quiet(tabs_);
    tabs_->setCurrentIndex(now.view);
  }
  if (now.view >= compareTab) showStudyInViews();
  if (!data_ || now.variant >= data_->variants().size()) return;
  breadcrumb_->show(breadcrumbOf(now, *data_));
  showChoice();
  if (now.view != exploreTab && now.view != traceTab) return;
  askForRun();
  const bool isStranger = besideShown_ && !isSpokenOf(*besideShown_);
  if (shownRun_ == askedRun_ && isStranger) showAnyBeside();
}

/// The same request under the baseline, or under the first other policy that is spoken of.
void MainWindow::showAnyBeside() {
  const std::size_t own = askedRun_.first;
  const auto verdicts = verdictsOf(*data_, metricOf(*data_));
  std::vector<std::size_t> others{verdicts[own].baseline};
  for (std::size_t v = 0; v < data_->variants().size(); ++v) others.push_back(v);
  const auto found =
      std::ranges::find_if(others, [&](std::size_t v) { return v != own && isSpokenOf(v); });
  if (found != others.end()) return askForBeside(*found);
  besideShown_.reset();
  trace_->showBeside(nullptr, own);
}

bool MainWindow::isSpokenOf(std::size_t variant) const {
  return selection_->now().choice.holds(variant);
}

/// What there is to choose from, each policy in its ink.
void MainWindow::offerChoice() {
  std::vector<ChoiceMenu::Item> policies, classes;
  for (std::size_t v = 0; v < data_->variants().size(); ++v)
    policies.push_back({QString::fromStdString(data_->variants()[v].name), theme_.ink(v)});
  for (const std::string& name : classesOf(*data_))
    classes.push_back({QString::fromStdString(name)});
  policiesButton_->setEnabled(policies.size() > 1);
  classesButton_->setEnabled(classes.size() > 1);
  policies_->setItems(policies);
  classes_->setItems(classes);
  showChoice();
}

/// From the selection to the menus.
void MainWindow::showChoice() {
  const StudyChoice& choice = selection_->now().choice;
  std::set<std::size_t> classes;
  const std::vector<std::string> names = classesOf(*data_);
  for (std::size_t c = 0; c < names.size(); ++c)
    if (choice.classes.contains(names[c])) classes.insert(c);
  policies_->setChosen(choice.variants);
  classes_->setChosen(classes);
  policiesButton_->setText(labelled(policies_, choice.variants.size()));
  classesButton_->setText(labelled(classes_, classes.size()));
}

/// The run that is looked at is one of theirs.
void MainWindow::choosePolicies(const std::set<std::size_t>& positions) {
  Selected selected = selection_->now();
  selected.choice.variants = positions;
  if (!positions.empty() && !positions.contains(selected.variant)) {
    selected.variant = *positions.begin();
    selected.run = 0;
    selected.request.reset();
  }
  selection_->set(selected);
}

void MainWindow::chooseClasses(const std::set<std::size_t>& positions) {
  Selected selected = selection_->now();
  selected.choice.classes.clear();
  const std::vector<std::string> names = classesOf(*data_);
  for (const std::size_t c : positions) selected.choice.classes.insert(names[c]);
  selection_->set(selected);
}

/// To where a part of the selection is seen, or chosen.
void MainWindow::goTo(SelectedPart part) {
  switch (part) {
    case SelectedPart::policies:
      return popUp(policiesButton_);
    case SelectedPart::classes:
      return popUp(classesButton_);
    case SelectedPart::file:
      return showView(compareTab);
    case SelectedPart::request:
      return showView(traceTab);
    case SelectedPart::run:
    case SelectedPart::nodes:
    case SelectedPart::instant:
    case SelectedPart::range:
      return showView(exploreTab);
  }
}

}  // namespace evenkeel::gui
