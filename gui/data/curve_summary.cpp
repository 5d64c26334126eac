#include "gui/data/curve_summary.h"

#include <algorithm>
#include <array>

namespace evenkeel::gui {
namespace {

constexpr std::size_t blockSize = 64;

}  // namespace

CurveSummary::CurveSummary(const Points& points, bool logX, bool logY)
    : points_(&points), logX_(logX), logY_(logY) {
  double last = -HUGE_VAL;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const auto [x, y] = points[i];
    if (!(x >= last)) rises_ = false;
    last = x;
    if (!std::isfinite(x) || !std::isfinite(y)) continue;
    if (!isKnown(i)) {
      ++dropped_;
      continue;
    }
    x_.add(x);
    y_.add(y);
  }
  if (!rises_) return;
  for (std::size_t from = 0; from < points.size(); from += blockSize) {
    Column column;
    const std::size_t to = std::min(from + blockSize, points.size());
    for (std::size_t i = from; i < to; ++i) addPoint(i, column);
    blocks_.push_back({.least = static_cast<std::uint32_t>(column.least),
                       .greatest = static_cast<std::uint32_t>(column.greatest),
                       .isWhole = column.any && column.isWhole});
  }
}

bool CurveSummary::isKnown(std::size_t i) const {
  const auto [x, y] = (*points_)[i];
  return std::isfinite(x) && std::isfinite(y) && !(logX_ && x <= 0) && !(logY_ && y <= 0);
}

void CurveSummary::addPoint(std::size_t i, Column& column) const {
  if (!isKnown(i)) {
    column.isWhole = false;
    return;
  }
  const Points& points = *points_;
  if (!column.any || points[i].second < points[column.least].second) column.least = i;
  if (!column.any || points[i].second > points[column.greatest].second) column.greatest = i;
  column.any = true;
}

/// Whole blocks by their extremes, the rest point by point.
CurveSummary::Column CurveSummary::gather(std::size_t from, std::size_t to) const {
  Column column;
  for (std::size_t i = from; i < to;) {
    const Block& block = blocks_[i / blockSize];
    if (i % blockSize == 0 && i + blockSize <= to && block.isWhole) {
      addPoint(block.least, column);
      addPoint(block.greatest, column);
      i += blockSize;
    } else {
      addPoint(i++, column);
    }
  }
  return column;
}

std::size_t CurveSummary::firstAt(double x) const {
  const auto found = std::ranges::lower_bound(*points_, x, {}, &std::pair<double, double>::first);
  return static_cast<std::size_t>(found - points_->begin());
}

void CurveSummary::appendColumn(std::size_t from, std::size_t to, Points& result) const {
  const Column column = gather(from, to);
  if (column.any) {
    std::size_t first = from, last = to - 1;
    while (!isKnown(first)) ++first;
    while (!isKnown(last)) --last;
    std::array<std::size_t, 4> wanted{first, column.least, column.greatest, last};
    std::ranges::sort(wanted);
    for (std::size_t k = 0; k < wanted.size(); ++k)
      if (k == 0 || wanted[k] != wanted[k - 1]) result.push_back((*points_)[wanted[k]]);
  }
  if (!column.isWhole) result.emplace_back((*points_)[to - 1].first, no_value);
}

Points CurveSummary::sample(double from, double to, std::size_t columns) const {
  Points result;
  std::size_t begin = 0, end = points_->size();
  if (rises_ && end > 0) {
    begin = firstAt(from);
    end = std::max(begin, firstAt(std::nextafter(to, HUGE_VAL)));
    if (begin > 0) --begin;
    if (end < points_->size()) ++end;
  }
  if (!rises_ || columns == 0 || end - begin <= 4 * columns) {
    for (std::size_t i = begin; i < end; ++i)
      if (isKnown(i))
        result.push_back((*points_)[i]);
      else
        result.emplace_back((*points_)[i].first, no_value);
    return result;
  }
  result.reserve(5 * columns + 8);
  const auto edgeOf = [&](std::size_t column) {
    const double part = static_cast<double>(column) / static_cast<double>(columns);
    return logX_ && from > 0 ? from * std::pow(to / from, part) : from + (to - from) * part;
  };
  if ((*points_)[begin].first < from) appendColumn(begin, begin + 1, result), ++begin;
  for (std::size_t column = 1; column <= columns && begin < end; ++column) {
    const std::size_t stop = column == columns ? firstAt(std::nextafter(to, HUGE_VAL))
                                               : std::min(end, firstAt(edgeOf(column)));
    if (stop > begin) appendColumn(begin, stop, result);
    begin = std::max(begin, stop);
  }
  if (begin < end) appendColumn(end - 1, end, result);
  return result;
}

PlotSummary::PlotSummary(std::shared_ptr<const PlotSpec> of) : spec(std::move(of)) {
  for (const PlotCurve& curve : spec->curves) {
    curves.emplace_back(curve.points, spec->x.logarithmic, spec->y.logarithmic);
    dropped += curves.back().dropped();
  }
}

std::size_t pointsOf(const PlotSpec& spec) {
  std::size_t count = 0;
  for (const PlotCurve& curve : spec.curves) count += curve.points.size();
  return count;
}

}  // namespace evenkeel::gui
