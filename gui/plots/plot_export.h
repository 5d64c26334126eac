// A plot as a file or on any painter: always on paper's light ground unless told otherwise, so that
// a picture made in the dark can be printed.
#pragma once

#include <QString>
#include <optional>

#include "gui/data/viewport.h"
#include "gui/plots/theme.h"

class QPainter;

namespace evenkeel::gui {

/// Title, plot and notes within the rectangle; all of it, or the part that is seen.
void drawPlot(const PlotSpec& spec, const Theme& theme, QPainter& painter, const QRectF& where,
              const std::optional<PlotWindow>& seen = {});

/// The file's ending says what it becomes: .png, .svg, .pdf or .csv (always the whole table). An
/// empty text, or what went wrong and where. The file is whole or untouched.
QString exportPlot(const PlotSpec& spec, const QString& path, const Theme& theme = Theme::light(),
                   const std::optional<PlotWindow>& seen = {});

}  // namespace evenkeel::gui
