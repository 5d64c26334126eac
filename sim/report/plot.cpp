#include "sim/report/plot.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "sim/report/format.h"

namespace evenkeel::report {
namespace {

constexpr double width = 860;
constexpr double right = 24;
constexpr double plane_left = 82;
constexpr double axis_height = 46;
constexpr double legend_row = 20;
constexpr double character = 6.7;  // mean width at the size of the labels
constexpr std::size_t longest_legend = 40;
constexpr std::size_t longest_row_name = 26;

double legend_width(const LegendEntry& entry) {
  return 28 + character * static_cast<double>(characters(shortened(entry.text, longest_legend))) +
         18;
}

/// Calls place(entry, x, row) for each entry, rows filled from the left; returns the rows' height.
template <class Place>
double lay_out(const std::vector<LegendEntry>& legend, double left, Place place) {
  double x = left;
  int row = 0;
  for (const LegendEntry& entry : legend) {
    const double entry_width = legend_width(entry);
    if (x > left && x + entry_width > width - right) {
      x = left;
      ++row;
    }
    place(entry, x, row);
    x += entry_width;
  }
  return legend.empty() ? 0 : (row + 1) * legend_row;
}

double legend_height(const std::vector<LegendEntry>& legend, double left) {
  return lay_out(legend, left, [](const LegendEntry&, double, int) {});
}

void draw_legend(Svg& svg, const std::vector<LegendEntry>& legend, double left, Key key) {
  lay_out(legend, left, [&](const LegendEntry& entry, double x, int row) {
    const double y = 10 + row * legend_row;
    svg.key(x, y, entry.ink, key);
    svg.text(x + (key == Key::line ? 26 : 20), y + 4, Anchor::start, "label",
             shortened(entry.text, longest_legend), entry.text);
  });
}

struct Rectangle {
  double x = 0;
  double y = 0;
  double width = 0;
  double height = 0;

  double area() const { return width * height; }
  double common_with(const Rectangle& other) const {
    const double across = std::min(x + width, other.x + other.width) - std::max(x, other.x);
    const double down = std::min(y + height, other.y + other.height) - std::max(y, other.y);
    return across > 0 && down > 0 ? across * down : 0;
  }
};

double row_names_width(const std::vector<std::string>& names) {
  std::size_t longest = 4;
  for (const std::string& name : names) longest = std::max(longest, characters(name));
  return 16 + character * static_cast<double>(std::min(longest, longest_row_name));
}

/// Grid lines with their values below; labels that would touch the one before are left out.
void draw_x_axis(Svg& svg, const Axis& axis, const Scale& x, double top, double bottom) {
  double free_from = -1e9;
  for (const double tick : axis.scale.ticks()) {
    svg.line(x(tick), top, x(tick), bottom, "grid");
    const std::string text = axis.format(tick);
    const double half = character * static_cast<double>(characters(text)) / 2;
    if (x(tick) - half < free_from) continue;
    svg.text(x(tick), bottom + 17, Anchor::middle, "tick", text);
    free_from = x(tick) + half + 6;
  }
  svg.text((x(axis.scale.low()) + x(axis.scale.high())) / 2, bottom + 38, Anchor::middle, "label",
           axis.label);
}

}  // namespace

Plane::Plane(const std::string& title, const std::vector<LegendEntry>& legend, const Axis& x,
             const Axis& y, Key key, double height)
    : top_(legend_height(legend, plane_left) + 10),
      height_(height),
      x_(x.scale.onto(plane_left, width - right)),
      y_(y.scale.onto(top_ + height, top_)),
      svg_(width, top_ + height + axis_height, title) {
  draw_legend(svg_, legend, plane_left, key);
  draw_x_axis(svg_, x, x_, top_, top_ + height);
  for (const double tick : y.scale.ticks()) {
    svg_.line(plane_left, y_(tick), width - right, y_(tick), "grid");
    svg_.text(plane_left - 8, y_(tick) + 4, Anchor::end, "tick", y.format(tick));
  }
  svg_.line(plane_left, top_ + height, width - right, top_ + height, "axis");
  svg_.upward_text(12, top_ + height / 2, y.label);
}

void Plane::curve(const Points& values, const Ink& ink, const std::string& tip) {
  Points run;
  const auto draw = [&] {
    if (run.size() == 1) svg_.dot(run[0].first, run[0].second, 2, {.colour = ink.colour}, tip);
    if (run.size() > 1) svg_.curve(run, ink, tip);
    drawn_ = std::exchange(run, {});
  };
  for (const auto& [x, y] : values) {
    if (std::isnan(y)) {
      draw();
    } else {
      run.emplace_back(x_(x), y_(y));
    }
  }
  draw();
}

void Plane::marks(const std::vector<Mark>& all) {
  constexpr double radius = 6;
  constexpr double gap = 4;
  constexpr double line = 15;
  constexpr double bold = 1.1;
  std::vector<Rectangle> taken;
  for (const Mark& mark : all)
    taken.push_back(
        {x_(mark.x) - radius - 2, y_(mark.y) - radius - 2, 2 * radius + 4, 2 * radius + 4});
  for (std::size_t i = 1; i < drawn_.size(); ++i) {
    const auto [x, other_x] = std::minmax(drawn_[i - 1].first, drawn_[i].first);
    const auto [y, other_y] = std::minmax(drawn_[i - 1].second, drawn_[i].second);
    taken.push_back({x - 2, y - 2, other_x - x + 4, other_y - y + 4});
  }
  for (const Mark& mark : all) {
    const double x = x_(mark.x);
    const double y = y_(mark.y);
    const double length =
        (mark.stands_out ? bold : 1) * character * static_cast<double>(characters(mark.label)) + 2;
    std::vector<Rectangle> places;
    for (const double lift : {0.0, -line, line, -2 * line, 2 * line}) {
      places.push_back({x + radius + gap, y - line / 2 + lift, length, line});
      places.push_back({x - radius - gap - length, y - line / 2 + lift, length, line});
      if (lift != 0) places.push_back({x - length / 2, y - line / 2 + lift * 1.1, length, line});
    }
    const Rectangle frame{plane_left, top_, width - 4 - plane_left, height_};
    const Rectangle& place = *std::ranges::min_element(places, {}, [&](const Rectangle& one) {
      double covered = 4 * (one.area() - one.common_with(frame));
      for (const Rectangle& other : taken) covered += one.common_with(other);
      return covered + 0.01 * std::abs(one.y + line / 2 - y);
    });
    taken.push_back(place);
    svg_.shape(x, y, radius, mark.ink, mark.tip);
    const bool is_left = place.x + length < x;
    svg_.text(is_left ? place.x + length : place.x, place.y + line - 4,
              is_left ? Anchor::end : Anchor::start, mark.stands_out ? "strong" : "tick",
              mark.label, mark.tip);
  }
}

void Plane::mark(double x, const std::string& text) {
  svg_.line(x_(x), top_, x_(x), top_ + height_, "mark");
  svg_.text(x_(x) + 5, top_ + 12, Anchor::start, "tick", text);
}

Rows::Rows(const std::string& title, const std::vector<LegendEntry>& legend, Key key,
           const std::vector<std::string>& names, const Axis& x, double row_height)
    : row_height_(row_height),
      top_(legend_height(legend, row_names_width(names)) + 8),
      x_(x.scale.onto(row_names_width(names), width - right)),
      svg_(width, top_ + row_height * static_cast<double>(names.size()) + axis_height, title) {
  const double bottom = top_ + row_height * static_cast<double>(names.size());
  draw_legend(svg_, legend, row_names_width(names), key);
  draw_x_axis(svg_, x, x_, top_, bottom);
  for (std::size_t row = 0; row < names.size(); ++row) {
    svg_.text(row_names_width(names) - 8, middle(row) + 4, Anchor::end, "label",
              shortened(names[row], longest_row_name), names[row]);
  }
}

void Rows::bar(std::size_t row, double from, double to, const std::string& colour,
               const std::string& tip) {
  if (!(to > from)) return;
  svg_.box(x_(from), middle(row) - row_height_ * 0.34, x_(to) - x_(from), row_height_ * 0.68,
           colour, tip);
}

void Rows::dot(std::size_t row, double value, const Ink& ink, const std::string& tip,
               double radius) {
  if (std::isnan(value)) return;
  svg_.dot(x_(value), middle(row), radius, ink, tip);
}

void Rows::span(std::size_t row, double from, double to) {
  if (to > from) svg_.line(x_(from), middle(row), x_(to), middle(row), "span");
}

void Rows::note(std::size_t row, double value, const std::string& text) {
  const double length = character * static_cast<double>(characters(text)) + 8;
  const bool fits = x_(value) + length < width;
  svg_.text(x_(value) + (fits ? 6 : -6), middle(row) + 4, fits ? Anchor::start : Anchor::end,
            fits ? "tick" : "inside", text);
}

void Rows::cell(std::size_t row, double from, double to, const std::string& colour,
                const std::string& tip) {
  constexpr double overlap = 0.7;  // hides the seam to the next one, which is drawn over it
  svg_.box(x_(from), middle(row) - row_height_ / 2 + 0.5, x_(to) - x_(from) + overlap,
           row_height_ - 1, colour, tip);
}

}  // namespace evenkeel::report
