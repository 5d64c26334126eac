// The line that says what is selected: its parts lead somewhere, and go away one by one.
#include "gui/views/breadcrumb.h"

#include "tests/gui/one_selection.h"

namespace evenkeel::gui {
namespace {

using Crumbs = test::OneSelection;

TEST_F(Crumbs, IsTakenAwayPartByPartByKeys) {
  markByKeys(Qt::Key_P, 4);
  markByKeys(Qt::Key_L, 3);
  toView(MainWindow::exploreTab);
  clickRow(1, {});
  for (const char* part : {"only nearest, least_loaded", "requests of peek"}) {
    QToolButton* button = crumb(part, false);
    ASSERT_NE(button, nullptr) << part << " in " << crumbs();
    button->setFocus(Qt::TabFocusReason);
    test::press(&window_, Qt::Key_Delete);
    ASSERT_TRUE(settled());
    EXPECT_FALSE(window_.breadcrumb().contains(part)) << crumbs();
    EXPECT_TRUE(window_.breadcrumbBar()->isAncestorOf(window_.focusWidget()));
  }
  EXPECT_EQ(window_.selection()->now().choice, StudyChoice{});
  EXPECT_EQ(compared("percentiles")->spec().curves.size(), 3u);
  const QString node = window_.selection()->now().nodes.front();
  QToolButton* cross = crumb(node, true);
  ASSERT_NE(cross, nullptr);
  test::click(cross);
  EXPECT_TRUE(window_.selection()->now().nodes.isEmpty());
}

TEST_F(Crumbs, LeadsByItsPartsToWhereTheyAreSeen) {
  test::click(crumb("nearest, seed 1", false));
  ASSERT_TRUE(settled());
  EXPECT_EQ(window_.selection()->now().view, MainWindow::exploreTab);
  test::click(crumb("two-classes.evenkeel", false));
  ASSERT_TRUE(settled());
  EXPECT_EQ(window_.selection()->now().view, MainWindow::compareTab);
  markByKeys(Qt::Key_L, 3);
  test::click(crumb("requests of peek", false));
  auto* menu = qobject_cast<ChoiceMenu*>(QApplication::activePopupWidget());
  ASSERT_NE(menu, nullptr);
  EXPECT_EQ(menu->title(), "Classes");
  test::press(&window_, Qt::Key_Escape);
}

}  // namespace
}  // namespace evenkeel::gui
