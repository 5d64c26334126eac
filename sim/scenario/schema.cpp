// Each kind of shape has one form in JSON Schema.
#include "sim/scenario/schema.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "sim/scenario/quantity.h"
#include "sim/scenario/shape.h"

namespace evenkeel {
namespace {

using Json = nlohmann::ordered_json;

/// In place of any scalar a variable may stand.
Json variable() { return {{"type", "string"}, {"pattern", "\\$\\{[^}]+\\}"}}; }

Json any_of(Json::array_t forms) {
  return forms.size() == 1 ? forms.front() : Json{{"anyOf", std::move(forms)}};
}

Json text() { return {{"type", {"string", "number", "boolean"}}}; }

Json one_or_many(const Json& item, int at_least = 1) {
  return any_of({item, Json{{"type", "array"}, {"items", item}, {"minItems", at_least}}});
}

class SchemaWriter {
 public:
  Json run(const Shape& file) {
    Json schema = {{"$schema", "http://json-schema.org/draft-07/schema#"},
                   {"title", "A scenario of Evenkeel"}};
    // What a file lacks may be in those that it includes, down to each single setting.
    schema["if"] = {{"required", {"include"}}};
    is_part_ = true;
    schema["then"] = group(file);
    is_part_ = false;
    schema["else"] = group(file);
    write_definitions();
    schema["definitions"] = std::move(definitions_);
    return schema;
  }

 private:
  Json with_about(Json schema, const Shape& shape) {
    // Beside a $ref, draft-07 ignores everything else.
    if (schema.contains("$ref")) schema = {{"allOf", Json::array({schema})}};
    Json about;
    if (!shape.meaning.empty()) about["description"] = described(shape);
    about.update(schema);
    return about;
  }

  static std::string described(const Shape& shape) {
    if (shape.default_text.empty()) return shape.meaning;
    return shape.meaning + " (default: " + shape.default_text + ")";
  }

  Json number(const Shape& shape) {
    if (shape.unit != Unit::none)
      return any_of({Json{{"type", "string"},
                          {"pattern", quantity_pattern(shape.unit, shape.min < 0)},
                          {"examples", {std::string{example(shape.unit)}}}},
                     variable()});
    Json plain = {{"type", shape.kind == Shape::Kind::integer ? "integer" : "number"}};
    plain["minimum"] = shape.min;
    plain["maximum"] = shape.max;
    if (shape.kind == Shape::Kind::number && shape.max <= 1)
      return any_of({plain, Json{{"type", "string"}, {"pattern", percent_pattern()}}, variable()});
    return any_of({plain, variable()});
  }

  Json words(const std::vector<std::string>& options) {
    return any_of({Json{{"enum", options}}, variable()});
  }

  Json bare(const Shape& shape) {
    switch (shape.kind) {
      case Shape::Kind::number:
      case Shape::Kind::integer:
      case Shape::Kind::duration:
        return number(shape);
      case Shape::Kind::boolean:
        return any_of({Json{{"type", "boolean"}}, variable()});
      case Shape::Kind::text:
      case Shape::Kind::file:
      case Shape::Kind::name:
        return text();
      case Shape::Kind::option:
        return words(shape.options);
      case Shape::Kind::options:
        return one_or_many(words(shape.options), 0);
      case Shape::Kind::names:
        return one_or_many(text());
      case Shape::Kind::choice:
        return choice(shape);
      case Shape::Kind::numbers: {
        Shape item = shape;
        item.kind = Shape::Kind::number;
        return {{"type", "array"}, {"items", number(item)}};
      }
      case Shape::Kind::group:
        return group(shape);
      case Shape::Kind::named:
        return named(shape);
      case Shape::Kind::list:
        return list(shape);
      case Shape::Kind::one_of:
        return one_of(shape);
      case Shape::Kind::axes:
        return {{"type", "object"}, {"additionalProperties", {{"type", "array"}, {"minItems", 1}}}};
      case Shape::Kind::include:
        return one_or_many({{"type", "string"}});
      case Shape::Kind::variables:
        return {{"type", "object"}, {"additionalProperties", text()}};
      case Shape::Kind::value:
      case Shape::Kind::choice_here:
        break;
    }
    return Json::object();
  }

  Json field(const Shape& shape) { return with_about(bare(shape), shape); }

  Json group(const Shape& shape) {
    Json schema = {{"type", "object"}, {"additionalProperties", false}};
    Json properties = Json::object();
    std::vector<std::string> required;
    Json::array_t conditions;
    for (const Shape& inside : shape.inside) {
      if (inside.kind == Shape::Kind::choice_here) {
        const Json one = add_choice_here(inside, properties);
        if (!is_part_) conditions.push_back(one);
        continue;
      }
      properties[inside.name] = field(inside);
      if (inside.required && !is_part_) required.push_back(inside.name);
    }
    for (const std::vector<std::string>& names : shape.exactly_one)
      if (!is_part_) conditions.push_back(exactly_one(names));
    schema["properties"] = std::move(properties);
    if (!required.empty()) schema["required"] = required;
    if (!conditions.empty()) schema["allOf"] = std::move(conditions);
    return schema;
  }

  static Json exactly_one(const std::vector<std::string>& names) {
    Json::array_t one;
    for (const std::string& name : names) one.push_back({{"required", {name}}});
    return {{"oneOf", std::move(one)}};
  }

  Json add_choice_here(const Shape& shape, Json& properties) {
    std::vector<std::string> names = {shape.name};
    Shape wrapped = shape;
    wrapped.kind = Shape::Kind::choice;
    properties[shape.name] = field(wrapped);
    for (const Entry& entry : shape.catalogue->entries()) {
      names.push_back(entry.name);
      properties[entry.name] = entry_reference(*shape.catalogue, entry);
    }
    return exactly_one(names);
  }

  Json named(const Shape& shape) {
    return {{"type", "object"},
            {"propertyNames", {{"pattern", "^[^./*=, \\t\\n]+$"}, {"maxLength", 64}}},
            {"additionalProperties", group(shape.inside.front())},
            {"minProperties", 1}};
  }

  Json list(const Shape& shape) {
    const Json item = group(shape.inside.front());
    return any_of({item, Json{{"type", "array"}, {"items", item}}});
  }

  Json one_of(const Shape& shape) {
    Json::array_t forms;
    std::vector<std::string> plain_words;
    for (const Shape::Alternative& form : shape.forms)
      if (form.kind == Form::Kind::word) plain_words.push_back(form.key);
    if (!plain_words.empty()) forms.push_back({{"enum", plain_words}});
    for (const Shape::Alternative& form : shape.forms) {
      if (form.kind == Form::Kind::word) continue;
      const Shape& value = form.value.front();
      Shape map;
      map.inside.push_back(value);
      map.inside.front().required = true;
      forms.push_back(form.kind == Form::Kind::bare ? field(value) : group(map));
    }
    return any_of(std::move(forms));
  }

  // A choice refers to the definition of its catalogue, since an entry may hold another choice of
  // the same one.
  Json choice(const Shape& shape) { return reference_to(definition_name(*shape.catalogue)); }

  static Json reference_to(const std::string& name) { return {{"$ref", "#/definitions/" + name}}; }

  std::string definition_name(const Catalogue& catalogue) {
    const Definition wanted{&catalogue, is_part_};
    auto known = std::ranges::find(wanted_, wanted);
    if (known == wanted_.end()) known = wanted_.insert(known, wanted);
    std::string name = catalogue.kind() + (is_part_ ? " part" : "");
    std::ranges::replace(name, ' ', '_');
    // Two catalogues may go by the same word.
    for (auto other = wanted_.begin(); other != known; ++other)
      if (other->of->kind() == catalogue.kind() && other->is_part == is_part_) name += "_2";
    return name;
  }

  std::string entry_name(const Catalogue& catalogue, const Entry& entry) {
    return definition_name(catalogue) + "." + entry.name;
  }

  Json entry_reference(const Catalogue& catalogue, const Entry& entry) {
    return reference_to(entry_name(catalogue, entry));
  }

  void write_definitions() {
    // Writing one may find more.
    for (std::size_t i = 0; i < wanted_.size(); ++i) {
      const Definition next = wanted_[i];
      is_part_ = next.is_part;
      write_definition(*next.of);
    }
  }

  void write_definition(const Catalogue& catalogue) {
    Json::array_t forms;
    for (const Entry& entry : catalogue.entries())
      if (is_part_ || needs_nothing(entry_shape(entry)))
        forms.push_back({{"const", entry.name}, {"description", entry.summary}});
    for (const Entry& entry : catalogue.entries()) {
      forms.push_back({{"type", "object"},
                       {"description", entry.summary},
                       {"properties", {{entry.name, entry_reference(catalogue, entry)}}},
                       {"required", {entry.name}},
                       {"additionalProperties", false}});
      definitions_[entry_name(catalogue, entry)] = entry_settings(entry);
    }
    if (const Entry* plain = catalogue.find(plain_entry)) {
      const Shape fixed = entry_shape(*plain);
      if (!fixed.inside.empty()) forms.push_back(field(fixed.inside.front()));
    }
    forms.push_back(variable());
    definitions_[definition_name(catalogue)] = any_of(std::move(forms));
  }

  static bool needs_nothing(const Shape& entry) {
    return std::ranges::none_of(entry.inside, &Shape::required);
  }

  /// A map of the settings, nothing, or the first setting alone.
  Json entry_settings(const Entry& entry) {
    const Shape shape = entry_shape(entry);
    Json::array_t forms = {group(shape)};
    if (is_part_ || needs_nothing(shape)) forms.push_back({{"type", "null"}});
    const bool needs_only_first =
        std::ranges::none_of(shape.inside.begin() + (shape.inside.empty() ? 0 : 1),
                             shape.inside.end(), &Shape::required);
    if (!shape.inside.empty() && needs_only_first) forms.push_back(field(shape.inside.front()));
    Json settings = any_of(std::move(forms));
    settings["description"] = entry.summary;
    return settings;
  }

  struct Definition {
    const Catalogue* of;
    bool is_part;
    bool operator==(const Definition&) const = default;
  };
  bool is_part_ = false;  // of a file that includes others: nothing is required
  std::vector<Definition> wanted_;
  Json definitions_ = Json::object();
};

}  // namespace

nlohmann::ordered_json scenario_schema(const Catalogues& from) {
  return SchemaWriter{}.run(scenario_shape(from));
}

}  // namespace evenkeel
