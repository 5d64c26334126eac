// The fields that hold others: structs, maps, lists, choices, forms.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "sim/scenario/field_reader.h"
#include "sim/scenario/quantity.h"
#include "sim/scenario/shape.h"

namespace evenkeel {
namespace {

const YamlNode& nothing() {
  static const YamlNode empty = yaml_map({});
  return empty;
}

bool starts_like_a_number(const std::string& text) {
  return !text.empty() &&
         std::string_view{"+-.0123456789"}.find(text.front()) != std::string_view::npos;
}

/// Names of things become parts of paths and of node names.
bool is_good_name(const std::string& text) {
  constexpr std::size_t longest = 64;
  return !text.empty() && text.size() <= longest &&
         text.find_first_of("./*=, \n\t") == std::string::npos;
}

}  // namespace

void FieldReader::exactly_one(std::initializer_list<std::string_view> names) {
  check_exactly_one({names.begin(), names.end()});
}

bool FieldReader::check_exactly_one(std::span<const std::string_view> names) {
  std::string all;
  std::vector<std::string_view> given;
  for (const std::string_view name : names) {
    all += fmt::format("{}'{}'", all.empty() ? "" : ", ", name);
    if (is_given(name)) given.push_back(name);
  }
  if (given.empty())
    context_.mistake(where_, fmt::format("{} needs one of {}; add it",
                                         what_.empty() ? "this" : "'" + what_ + "'", all));
  if (given.size() > 1)
    mistake(*node_.find(given[1]),
            fmt::format("'{}' and '{}' exclude each other; keep one", given[0], given[1]));
  return given.size() == 1;
}

void FieldReader::group(std::string_view name, const Inside& inside, const About&) {
  const YamlNode* node = take(name);
  if (node != nullptr && node->is_map()) {
    const auto key = std::ranges::find(node_.keys, name, &Name::text);
    FieldReader inner{*node, std::string{name}, key == node_.keys.end() ? node->place : key->place,
                      context_};
    inside(inner);
    inner.finish();
    return;
  }
  if (node != nullptr)
    mistake(*node,
            fmt::format("'{}' is {}, where a map of settings must stand", name, shown(*node)));
  std::vector<Mistake> of_the_absent;
  ReadContext quiet{context_.directory, of_the_absent};
  FieldReader inner{nothing(), std::string{name}, where_, quiet};
  inside(inner);
}

void FieldReader::named(std::string_view name, std::string_view thing,
                        const std::function<void(Structure&, const Name&)>& item, const About&) {
  const YamlNode* node = take(name);
  if (node == nullptr) return;
  if (!node->is_map() || node->items.empty()) {
    mistake(*node,
            fmt::format("'{}' is {}, where a map must stand: name: {{settings}}, for each {}", name,
                        node->items.empty() && node->is_map() ? "empty" : shown(*node), thing));
    return;
  }
  for (std::size_t i = 0; i < node->items.size(); ++i) {
    const Name& key = node->keys[i];
    const YamlNode& value = node->items[i];
    if (!is_good_name(key.text))
      context_.mistake(key.place,
                       fmt::format("{} cannot name a {}; use at most 64 letters, digits, _ and -",
                                   shown(key.text), thing));
    if (!value.is_map() && !value.is_null())
      mistake(value, fmt::format("'{}' is {}, where a map of settings must stand", key.text,
                                 shown(value)));
    FieldReader inner{value.is_map() ? value : nothing(), key.text, key.place, context_};
    item(inner, key);
    inner.finish();
  }
}

void FieldReader::list(std::string_view name, const std::function<void(Structure&, Place)>& item,
                       const About&) {
  const YamlNode* node = take(name);
  if (node == nullptr) return;
  const auto read = [&](const YamlNode& map) {
    if (!map.is_map()) {
      mistake(map, fmt::format("{} in '{}', where a map of settings must stand", shown(map), name));
      return;
    }
    FieldReader inner{map, std::string{name}, map.place, context_};
    item(inner, map.place);
    inner.finish();
  };
  if (!node->is_list()) return read(*node);
  for (const YamlNode& map : node->items) read(map);
}

void FieldReader::name(std::string_view name, Name& value, const About&) {
  const YamlNode* node = take_scalar(name, "a name");
  if (node != nullptr) value = {node->text, node->place};
}

void FieldReader::read_names(const YamlNode& node, std::vector<Name>& values) {
  if (node.is_scalar()) {
    values = {{node.text, node.place}};
    return;
  }
  if (!node.is_list() || node.items.empty()) {
    mistake(node, fmt::format("{}, where a name or a list of names must stand",
                              node.is_list() ? "an empty list" : shown(node)));
    return;
  }
  values.clear();
  std::set<std::string> seen;
  for (const YamlNode& item : node.items) {
    if (!item.is_scalar())
      mistake(item, shown(item) + " in a list of names; write a name");
    else if (!seen.insert(item.text).second)
      mistake(item, shown(item) + " stands in the list twice; keep one");
    else
      values.push_back({item.text, item.place});
  }
}

void FieldReader::names(std::string_view name, std::vector<Name>& values, const About&) {
  if (const YamlNode* node = take(name)) read_names(*node, values);
}

void FieldReader::options(std::string_view name, std::vector<std::string>& values,
                          std::span<const std::string_view> options, const About&) {
  const YamlNode* node = take(name);
  if (node == nullptr || (node->is_list() && node->items.empty())) return;
  const std::vector<std::string> known{options.begin(), options.end()};
  std::vector<Name> written;
  read_names(*node, written);
  for (const Name& word : written) {
    if (std::ranges::find(known, word.text) != known.end())
      values.push_back(word.text);
    else
      context_.mistake(word.place, fmt::format("no {} in '{}'{}", shown(word.text), name,
                                               suggestion(word.text, known)));
  }
}

bool FieldReader::read_word(const YamlNode& node, std::span<const Form> forms) {
  if (!node.is_scalar()) return false;
  for (const Form& form : forms) {
    if (form.kind != Form::Kind::word || form.key != node.text) continue;
    FieldReader unread{nothing(), form.key, node.place, context_};
    form.inside(unread);
    return true;
  }
  return false;
}

bool FieldReader::read_keyed(const YamlNode& node, std::span<const Form> forms) {
  if (!node.is_map() || node.keys.empty()) return false;
  for (const Form& form : forms) {
    if (form.kind != Form::Kind::keyed || node.find(form.key) == nullptr) continue;
    FieldReader inner{node, what_, node.place, context_};
    form.inside(inner);
    inner.finish();
    return true;
  }
  return false;
}

/// The first bare form that fits. If none does, the mistakes of the first are told for a scalar,
/// those of the last, which holds more, for a map or a list.
void FieldReader::read_bare(const YamlNode& node, std::span<const Form> forms) {
  std::vector<Mistake> told;
  const Form* first = nullptr;
  for (const Form& form : forms) {
    if (form.kind != Form::Kind::bare) continue;
    std::vector<Mistake> mistakes;
    ReadContext trial{context_.directory, mistakes};
    const YamlNode wrapped = yaml_map(node.place, {form.key, node.place}, node);
    FieldReader inner{wrapped, what_, node.place, trial};
    form.inside(inner);
    if (mistakes.empty()) return;
    if (first == nullptr || !node.is_scalar()) told = std::move(mistakes);
    first = &form;
  }
  std::vector<std::string> words;
  for (const Form& form : forms)
    if (form.kind != Form::Kind::bare && std::ranges::find(words, form.key) == words.end())
      words.push_back(form.key);
  const bool is_misspelt = node.is_scalar() && !starts_like_a_number(node.text);
  const std::string key = node.is_map() && node.keys.size() == 1 ? node.keys.front().text : "";
  const std::string word = is_misspelt ? node.text : key;
  if (first == nullptr || (!word.empty() && !nearest(word, words).empty()))
    told = {
        {node.place, fmt::format("{} does not fit here{}", word.empty() ? shown(node) : shown(word),
                                 suggestion(word, words))}};
  for (Mistake& mistake : told) context_.mistake(mistake.place, std::move(mistake.message));
}

void FieldReader::one_of(std::string_view name, std::span<const Form> forms, Place& place,
                         const About&) {
  const YamlNode* node = take(name);
  if (node == nullptr) return;
  if (!read_word(*node, forms) && !read_keyed(*node, forms)) read_bare(*node, forms);
  place = node->place;
}

void FieldReader::configure(const Entry& entry, const YamlNode& node, Chosen& value) {
  value.name = entry.name;
  const std::size_t before = context_.mistakes.size();
  const bool is_settings = node.is_map() || node.is_null();
  FieldReader inner =
      is_settings ? FieldReader{node.is_map() ? node : nothing(), entry.name, node.place, context_}
                  : of_first(node, entry.name, context_);
  try {
    value.made = entry.configure(inner);
  } catch (const std::bad_any_cast&) {
    // A setting that could not be read left nothing to make the thing from.
    if (context_.mistakes.size() == before) throw;
  } catch (const UserError& error) {
    mistake(node, error.what());
  }
  inner.finish();
}

void FieldReader::read_choice(const YamlNode& node, Chosen& value, const Catalogue& catalogue) {
  if (node.is_scalar()) {
    if (const Entry* entry = catalogue.find(node.text))
      return configure(*entry, yaml_map(node.place), value);
    const Entry* quantity = catalogue.find(plain_entry);
    if (quantity != nullptr && starts_like_a_number(node.text))
      return configure(*quantity, node, value);
    return mistake(node, fmt::format("no {} {}{}", catalogue.kind(), shown(node),
                                     suggestion(node.text, entry_names(catalogue))));
  }
  if (!node.is_map() || node.items.size() != 1)
    return mistake(
        node, fmt::format("{}, where one {} must stand: its name, or name: {{settings}}",
                          node.is_map() ? fmt::format("{} keys", node.items.size()) : shown(node),
                          catalogue.kind()));
  const Name& name = node.keys.front();
  const Entry* entry = catalogue.find(name.text);
  if (entry == nullptr)
    return context_.mistake(name.place,
                            fmt::format("no {} {}{}", catalogue.kind(), shown(name.text),
                                        suggestion(name.text, entry_names(catalogue))));
  configure(*entry, node.items.front(), value);
}

void FieldReader::choice(std::string_view name, std::string& value, std::any& made,
                         const Catalogue& catalogue, const About& about) {
  Chosen chosen{value, {}};
  optional_choice(name, chosen, catalogue, about);
  if (catalogue.find(chosen.name) == nullptr && !is_given(name)) missing(name);
  value = chosen.name;
  made = std::move(chosen.made);
}

void FieldReader::optional_choice(std::string_view name, Chosen& value, const Catalogue& catalogue,
                                  const About&) {
  if (const YamlNode* node = take(name)) read_choice(*node, value, catalogue);
  if (!value.made.has_value()) value.made = configure_default(catalogue, value.name);
}

void FieldReader::choice_here(std::string_view wrapper, Chosen& value, const Catalogue& catalogue,
                              const About&) {
  std::vector<std::string> names = entry_names(catalogue);
  names.emplace_back(wrapper);
  known_.insert(known_.end(), names.begin(), names.end());
  const Name* chosen = nullptr;
  for (std::size_t i = 0; i < node_.keys.size(); ++i) {
    const Name& key = node_.keys[i];
    if (std::ranges::find(names, key.text) == names.end()) continue;
    if (chosen != nullptr) {
      context_.mistake(key.place, fmt::format("'{}' and '{}' exclude each other; keep one",
                                              chosen->text, key.text));
      continue;
    }
    chosen = &key;
    if (key.text != wrapper)
      configure(*catalogue.find(key.text), node_.items[i], value);
    else
      read_choice(node_.items[i], value, catalogue);
  }
  if (chosen == nullptr)
    context_.mistake(where_, fmt::format("'{}' does not say where it comes from; add one of {}",
                                         what_, fmt::join(names, ", ")));
}

void FieldReader::kind_here(Chosen& value, const Catalogue& catalogue) {
  std::vector<std::string_view> names;
  for (const Entry& entry : catalogue.entries()) names.emplace_back(entry.name);
  const bool one = check_exactly_one(names);
  const std::size_t before = context_.mistakes.size();
  for (const Entry& entry : catalogue.entries()) {
    if (!is_given(entry.name)) continue;
    value.made = entry.configure(*this);
    if (one) value.name = entry.name;
  }
  if (one) {
    known_.insert(known_.end(), names.begin(), names.end());
  } else {
    // Whatever stands beside a kind that is missing or misspelt is not to be blamed too.
    std::vector<Mistake> unsaid;
    for (const Entry& entry : catalogue.entries()) {
      if (is_given(entry.name)) continue;
      ReadContext quiet{context_.directory, unsaid};
      FieldReader inner{nothing(), what_, where_, quiet};
      entry.configure(inner);
      known_.insert(known_.end(), inner.known_.begin(), inner.known_.end());
    }
  }
  if (!one || context_.mistakes.size() > before) value.made.reset();
}

void FieldReader::axes(std::string_view name, std::vector<Variation>& axes, const About&) {
  constexpr std::size_t most_values = 1000;
  const YamlNode* node = take(name);
  if (node == nullptr) return;
  if (!node->is_map())
    return mistake(*node, fmt::format("'{}' is {}, where a map must stand: path: [values]", name,
                                      shown(*node)));
  for (std::size_t i = 0; i < node->items.size(); ++i) {
    const YamlNode& values = node->items[i];
    Variation& axis = axes.emplace_back(Variation{node->keys[i].text, {}, node->keys[i].place});
    if (!values.is_list() || values.items.empty() || values.items.size() > most_values) {
      mistake(values,
              fmt::format("'{}' needs a list of 1 to {} values: [a, b]", axis.path, most_values));
      continue;
    }
    for (const YamlNode& value : values.items) axis.values.push_back(to_flow_yaml(value));
  }
}

void FieldReader::value(std::string_view name, Name& value, const About&) {
  if (const YamlNode* node = take(name)) value = {to_flow_yaml(*node), node->place};
}

void FieldReader::preamble() {
  known_.emplace_back("include");
  known_.emplace_back("variables");
}

}  // namespace evenkeel
