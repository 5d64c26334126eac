#include "gui/views/selection.h"

#include <cmath>

namespace evenkeel::gui {

bool Selected::isSame(const Selected& other) const {
  const auto same = [](double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); };
  return choice == other.choice && variant == other.variant && run == other.run &&
         nodes == other.nodes && same(atSeconds, other.atSeconds) && range.isSame(other.range) &&
         request == other.request && view == other.view;
}

RequestChoice Selected::requests() const {
  RequestChoice wanted{.range = range, .classes = choice.classes};
  for (const QString& node : nodes) wanted.servers.insert(node.toStdString());
  return wanted;
}

void Selection::set(const Selected& selected) {
  if (selected.isSame(now_)) return;
  constexpr std::size_t longest = 200;
  past_.push_back(now_);
  if (past_.size() > longest) past_.erase(past_.begin());
  future_.clear();
  follow(selected);
}

void Selection::follow(const Selected& selected) {
  now_ = selected;
  emit changed();
}

void Selection::clear() { set({.variant = now_.variant, .run = now_.run, .view = now_.view}); }

void Selection::back() {
  if (past_.empty()) return;
  future_.push_back(now_);
  const Selected before = past_.back();
  past_.pop_back();
  follow(before);
}

void Selection::forward() {
  if (future_.empty()) return;
  past_.push_back(now_);
  const Selected after = future_.back();
  future_.pop_back();
  follow(after);
}

}  // namespace evenkeel::gui
