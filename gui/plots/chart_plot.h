// Curves, bars and boxes as a Qt Chart. The limits of Qt Charts are kept away from the reader: no
// series has more points than the picture can show, and no value vanishes on a log axis unsaid.
#pragma once

#include <QChart>

#include "gui/data/plot_spec.h"
#include "gui/plots/theme.h"

namespace evenkeel::gui {

/// A new chart of the spec, for a picture so many pixels wide. `notes` gets what has to be said
/// beneath it.
QChart* makeChart(const PlotSpec& spec, const Theme& theme, int width,
                  std::vector<std::string>& notes);

}  // namespace evenkeel::gui
