#include "sim/report/svg.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "sim/report/format.h"

namespace evenkeel::report {
namespace {

constexpr std::array<const char*, 4> dashes = {"", "7 3", "2 3", "9 3 2 3"};
constexpr std::size_t colours = 8;

const char* name_of(Anchor anchor) {
  return anchor == Anchor::start ? "start" : anchor == Anchor::middle ? "middle" : "end";
}

/// A coordinate: a hundredth of a pixel is enough.
std::string at(double value) {
  std::string text = fmt::format("{:.2f}", value);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

/// Corners around the origin, as far as a circle of radius 1 whose area they have.
std::vector<std::pair<double, double>> corners_of(Shape shape) {
  switch (shape) {
    case Shape::circle:
      return {};
    case Shape::triangle:
      return {{0, -1.35}, {1.2, 0.85}, {-1.2, 0.85}};
    case Shape::square:
      return {{-0.92, -0.92}, {0.92, -0.92}, {0.92, 0.92}, {-0.92, 0.92}};
    case Shape::diamond:
      return {{0, -1.35}, {1.35, 0}, {0, 1.35}, {-1.35, 0}};
    case Shape::cross:
      break;
  }
  constexpr double a = 0.42;
  constexpr double b = 1.3;
  return {{-a, -b}, {a, -b}, {a, -a}, {b, -a}, {b, a},   {a, a},
          {a, b},   {-a, b}, {-a, a}, {-b, a}, {-b, -a}, {-a, -a}};
}

std::string dash_of(const Ink& ink) {
  return ink.dash.empty() ? std::string() : fmt::format(R"( stroke-dasharray="{}")", ink.dash);
}

}  // namespace

Ink series_ink(std::size_t series) {
  return {.colour = fmt::format("var(--c{})", series % colours),
          .dash = dashes[series / colours % dashes.size()]};
}

std::string heat_colour(double value) {
  constexpr std::array<std::array<int, 3>, 6> stops = {
      {{68, 1, 84}, {65, 68, 135}, {42, 120, 142}, {34, 168, 132}, {122, 209, 81}, {253, 231, 37}}};
  const double place = std::clamp(value, 0.0, 1.0) * (stops.size() - 1);
  const auto below = std::min(static_cast<std::size_t>(place), stops.size() - 2);
  std::array<int, 3> rgb{};
  for (std::size_t i = 0; i < 3; ++i) {
    const double part = place - static_cast<double>(below);
    rgb[i] = static_cast<int>(
        std::lround(stops[below][i] + part * (stops[below + 1][i] - stops[below][i])));
  }
  return fmt::format("#{:02x}{:02x}{:02x}", rgb[0], rgb[1], rgb[2]);
}

Svg::Svg(double width, double height, std::string_view title)
    : markup_(
          fmt::format(R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" role="img">)"
                      "<title>{}</title>\n",
                      at(width), at(height), escaped(title))) {}

void Svg::line(double x1, double y1, double x2, double y2, std::string_view css_class) {
  markup_ += fmt::format("<line x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\" class=\"{}\"/>\n", at(x1),
                         at(y1), at(x2), at(y2), css_class);
}

void Svg::curve(const Points& points, const Ink& ink, std::string_view tip) {
  std::string path;
  for (const auto& [x, y] : points) path += at(x) + "," + at(y) + " ";
  add(fmt::format(R"(<polyline class="curve" points="{}" style="stroke:{}"{})", path, ink.colour,
                  dash_of(ink)),
      "polyline", tip);
}

void Svg::box(double x, double y, double width, double height, std::string_view colour,
              std::string_view tip) {
  add(fmt::format(R"(<rect x="{}" y="{}" width="{}" height="{}" style="fill:{}")", at(x), at(y),
                  at(std::max(width, 0.0)), at(std::max(height, 0.0)), colour),
      "rect", tip);
}

void Svg::dot(double x, double y, double radius, const Ink& ink, std::string_view tip) {
  const std::string look =
      ink.dash.empty() ? "fill:" + ink.colour
                       : fmt::format("fill:var(--card);stroke-width:2;stroke:{}", ink.colour);
  add(fmt::format(R"(<circle class="dot" cx="{}" cy="{}" r="{}" style="{}")", at(x), at(y),
                  at(radius), look),
      "circle", tip);
}

void Svg::shape(double x, double y, double radius, const Ink& ink, std::string_view tip) {
  std::string points;
  for (const auto& [dx, dy] : corners_of(ink.shape))
    points += at(x + radius * dx) + "," + at(y + radius * dy) + " ";
  const std::string look =
      ink.is_hollow ? "fill:var(--card);stroke-width:2;stroke:" + ink.colour : "fill:" + ink.colour;
  if (points.empty())
    add(fmt::format(R"(<circle class="dot" cx="{}" cy="{}" r="{}" style="{}")", at(x), at(y),
                    at(radius), look),
        "circle", tip);
  else
    add(fmt::format(R"(<polygon class="dot" points="{}" style="{}")", points, look), "polygon",
        tip);
}

void Svg::text(double x, double y, Anchor anchor, std::string_view css_class,
               std::string_view content, std::string_view tip) {
  markup_ += fmt::format(R"(<text x="{}" y="{}" text-anchor="{}" class="{}">)", at(x), at(y),
                         name_of(anchor), css_class);
  if (!tip.empty()) markup_ += "<title>" + escaped(tip) + "</title>";
  markup_ += escaped(content) + "</text>\n";
}

void Svg::upward_text(double x, double y, std::string_view content) {
  markup_ += fmt::format(
      "<text transform=\"translate({} {}) rotate(-90)\" text-anchor=\"middle\""
      " class=\"label\">{}</text>\n",
      at(x), at(y), escaped(content));
}

void Svg::key(double x, double y, const Ink& ink, Key kind) {
  if (kind == Key::box) {
    box(x, y - 5, 14, 10, ink.colour, {});
  } else if (kind == Key::dot) {
    dot(x + 7, y, 5, ink, {});
  } else if (kind == Key::shape) {
    shape(x + 7, y, 5.5, ink, {});
  } else {
    curve({{x, y}, {x + 20, y}}, ink, {});
  }
}

std::string Svg::finish() && { return std::move(markup_) + "</svg>\n"; }

void Svg::add(std::string_view shape, std::string_view name, std::string_view tip) {
  markup_ += shape;
  markup_ += tip.empty() ? "/>\n" : fmt::format("><title>{}</title></{}>\n", escaped(tip), name);
}

}  // namespace evenkeel::report
