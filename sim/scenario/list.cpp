// Rows are gathered first, so that the columns of all entries align.
#include "sim/scenario/list.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/scenario/quantity.h"
#include "sim/scenario/shape.h"

namespace evenkeel {
namespace {

std::string_view kind_name(Shape::Kind kind) {
  switch (kind) {
    case Shape::Kind::number:
      return "number";
    case Shape::Kind::integer:
      return "whole number";
    case Shape::Kind::boolean:
      return "true or false";
    case Shape::Kind::duration:
      return "time";
    case Shape::Kind::numbers:
      return "list of numbers";
    case Shape::Kind::option:
      return "option";
    case Shape::Kind::choice:
      return "choice";
    case Shape::Kind::file:
      return "file";
    default:
      return "text";
  }
}

bool has_bounds(const Shape& setting) {
  return setting.kind == Shape::Kind::number || setting.kind == Shape::Kind::integer ||
         setting.kind == Shape::Kind::duration || setting.kind == Shape::Kind::numbers;
}

std::string bounds(const Shape& setting) {
  if (!has_bounds(setting)) return "";
  // A bound that nobody will meet is not worth a word.
  const double far = setting.unit == Unit::time ? 1e6 : 1e15;
  const bool has_min = setting.min > -far && !(setting.min == 0 && setting.unit != Unit::none);
  const bool has_max = setting.max < far;
  const auto shown = [&](double value) { return format_quantity(value, setting.unit); };
  if (has_min && has_max) return fmt::format("; {} to {}", shown(setting.min), shown(setting.max));
  if (has_min) return fmt::format("; at least {}", shown(setting.min));
  if (has_max) return fmt::format("; at most {}", shown(setting.max));
  return "";
}

std::string given(const Shape& setting) {
  if (setting.required) return "must be given";
  if (setting.default_text.empty()) return "not set";
  return "= " + setting.default_text;
}

std::string meaning(const Shape& setting) {
  std::string text = setting.meaning + bounds(setting);
  if (!setting.options.empty()) text += fmt::format("; {}", fmt::join(setting.options, ", "));
  if (setting.catalogue != nullptr) text += "; any " + setting.catalogue->kind();
  return text;
}

struct SettingLine {
  std::string name;
  std::string given;
  std::string meaning;
};

std::size_t widest(const std::vector<SettingLine>& rows, std::string SettingLine::*column) {
  std::size_t width = 0;
  for (const SettingLine& row : rows) width = std::max(width, (row.*column).size());
  return width;
}

}  // namespace

std::string list_catalogue(const Catalogue& catalogue) {
  std::size_t name_width = 0;
  std::vector<SettingLine> settings;
  std::vector<std::size_t> ends;
  for (const Entry& entry : catalogue.entries()) {
    name_width = std::max(name_width, entry.name.size());
    for (const Shape& setting : entry_shape(entry).inside)
      settings.push_back({setting.name, given(setting), meaning(setting)});
    ends.push_back(settings.size());
  }
  const std::size_t setting_width = widest(settings, &SettingLine::name);
  const std::size_t given_width = widest(settings, &SettingLine::given);
  std::string text;
  std::size_t next = 0;
  for (std::size_t i = 0; i < catalogue.entries().size(); ++i) {
    const Entry& entry = catalogue.entries()[i];
    text += fmt::format("{:<{}}  {}\n", entry.name, name_width, entry.summary);
    for (; next < ends[i]; ++next)
      text += fmt::format("    {:<{}}  {:<{}}  {}\n", settings[next].name, setting_width,
                          settings[next].given, given_width, settings[next].meaning);
  }
  return text;
}

nlohmann::ordered_json list_catalogue_json(const Catalogue& catalogue) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const Entry& entry : catalogue.entries()) {
    nlohmann::ordered_json settings = nlohmann::ordered_json::array();
    for (const Shape& setting : entry_shape(entry).inside) {
      nlohmann::ordered_json about = {{"name", setting.name}, {"kind", kind_name(setting.kind)}};
      if (setting.unit != Unit::none) about["units"] = unit_names(setting.unit);
      if (setting.required) about["required"] = true;
      if (!setting.default_text.empty()) about["default"] = setting.default_text;
      if (has_bounds(setting)) {
        about["min"] = setting.min;
        about["max"] = setting.max;
      }
      if (!setting.options.empty()) about["options"] = setting.options;
      if (setting.catalogue != nullptr) about["catalogue"] = setting.catalogue->kind();
      about["meaning"] = setting.meaning;
      settings.push_back(std::move(about));
    }
    list.push_back(
        {{"name", entry.name}, {"summary", entry.summary}, {"settings", std::move(settings)}});
  }
  return list;
}

}  // namespace evenkeel
