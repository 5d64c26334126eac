// Queries drawn at random from the grammar, that SQLite understands as they stand, for the tables
// of `random_tables`.
#pragma once

#include "models/access/plan.h"
#include "models/runtime/random.h"

namespace evenkeel::test {

/// readings(site, sensor, at; value, note) placed by (site, sensor), and sites(id; name, area).
inline std::vector<TableSchema> random_tables() {
  return {
      {.name = "readings",
       .columns = {{"site", ColumnType::text},
                   {"sensor", ColumnType::integer},
                   {"at", ColumnType::integer},
                   {"value", ColumnType::real},
                   {"note", ColumnType::text}},
       .key_columns = 3,
       .placed_by = 2},
      {.name = "sites",
       .columns = {
           {"id", ColumnType::text}, {"name", ColumnType::text}, {"area", ColumnType::integer}}}};
}

class RandomSql {
 public:
  explicit RandomSql(Random& random) : random_(random) {}

  struct Drawn {
    std::string text;
    std::vector<Value> parameters;
    bool ordered = false;   // rows come in one order only
    bool any_rows = false;  // LIMIT without ORDER BY: any rows are right
  };

  Drawn draw() {
    drawn_ = {};
    const std::uint64_t shape = random_.below(10);
    join_ = shape < 2 ? 1 : shape < 3 ? 2 : 0;
    const bool grouped = random_.chance(0.6);
    drawn_.text = grouped ? groups() : rows();
    return drawn_;
  }

 private:
  std::size_t pick(std::size_t n) { return static_cast<std::size_t>(random_.below(n)); }
  template <std::size_t n>
  std::string one_of(const char* const (&list)[n]) {
    return list[pick(n)];
  }

  std::string column(bool text) {
    if (join_ == 1 && random_.chance(0.3)) return text ? "s.name" : "s.area";
    const std::string of = join_ == 0 ? "" : join_ == 2 && random_.chance(0.4) ? "b." : "a.";
    return of + (text ? one_of({"site", "note"}) : one_of({"sensor", "at", "value"}));
  }

  template <class T>
  std::string parameter(const T& value) {
    drawn_.parameters.emplace_back(value);
    return "?";
  }

  // Parameters are numbered in the order of the text, so what holds some is drawn in that order.
  std::string constant(bool text) {
    const auto number = static_cast<std::int64_t>(random_.below(20)) - 4;
    if (text) {
      const std::string word = one_of({"n1", "n2", "north", "a''b", "", "s3"});
      if (!random_.chance(0.2)) return "'" + word + "'";
      return parameter<std::string>(word == "a''b" ? "a'b" : word);
    }
    if (random_.chance(0.2)) return parameter(number);
    if (random_.chance(0.2)) return std::to_string(number) + ".25";
    return std::to_string(number);
  }

  std::string number(int depth) {
    switch (depth <= 0 ? pick(2) : pick(9)) {
      case 0:
        return constant(false);
      case 1:
      case 2:
        return column(false);
      case 3:
        return "length(" + this->text(depth - 1) + ")";
      case 4:
        return one_of({"abs(", "-(", "round("}) + number(depth - 1) + ")";
      case 5: {
        const std::string left = number(depth - 1);
        return "coalesce(" + left + ", " + number(depth - 1) + ")";
      }
      case 6: {
        const std::string left = number(depth - 1);
        const std::string operation = one_of({" / ", " % "});
        return "(" + left + operation + std::to_string(1 + pick(5)) + ")";
      }
      default: {
        const std::string left = number(depth - 1);
        const std::string operation = one_of({" + ", " - ", " * "});
        const std::string all = left + operation + number(depth - 1);
        return random_.chance(0.5) ? "(" + all + ")" : all;
      }
    }
  }

  std::string text(int depth) {
    switch (depth <= 0 ? pick(2) : pick(5)) {
      case 0:
        return constant(true);
      case 3:
        return one_of({"lower(", "upper("}) + text(depth - 1) + ")";
      case 4: {
        const std::string left = text(depth - 1);
        return left + " || " + text(depth - 1);
      }
      default:
        return column(true);
    }
  }

  std::string condition(int depth) {
    const bool of_text = random_.chance(0.4);
    const auto value = [&](int deep) { return of_text ? text(deep) : number(deep); };
    switch (depth <= 0 ? pick(4) : pick(8)) {
      case 0: {  // what restricts the partitions
        if (random_.chance(0.5)) {
          const std::string its = join_ == 0 ? "" : "a.";
          std::string all = its + "site = " + one_of({"'n1'", "'north'", "'s3'"});
          if (random_.chance(0.7)) all += " AND " + its + "sensor = " + std::to_string(pick(5));
          return all;
        }
        const std::string its = join_ == 0 ? "" : "a.";
        return its + "site IN ('n1', 's3') AND " + its + "sensor IN (1, 2, 3.0)";
      }
      case 1: {
        const std::string left = value(depth - 1);
        const std::string operation = one_of({" = ", " < ", " <= ", " > ", " >= ", " <> "});
        return left + operation + value(depth - 1);
      }
      case 2:
        return column(true) + (random_.chance(0.5) ? " IS NULL" : " IS NOT NULL");
      case 3: {
        const std::string left = value(0);
        const std::string low = value(0);
        return left + one_of({" BETWEEN ", " NOT BETWEEN "}) + low + " AND " + value(0);
      }
      case 4:
        return column(true) + one_of({" LIKE ", " NOT LIKE "}) + one_of({"'n%'", "'_1'", "'%o%'"});
      case 5: {
        const std::string left = value(1);
        const std::string low = value(0);
        return left + one_of({" IN (", " NOT IN ("}) + low + ", " + value(0) + ")";
      }
      case 6:
        return "NOT (" + condition(depth - 1) + ")";
      default: {
        const std::string left = condition(depth - 1);
        const std::string operation = one_of({" AND ", " OR "});
        return "(" + left + operation + condition(depth - 1) + ")";
      }
    }
  }

  std::string from() {
    std::string all = " FROM readings";
    if (join_ == 1) {
      all = random_.chance(0.5) ? " FROM readings AS a JOIN sites AS s ON a.site = s.id"
                                : " FROM readings a INNER JOIN sites s ON s.id = a.site";
    } else if (join_ == 2) {
      all = " FROM readings AS a JOIN readings AS b ON a.site = b.site AND b.sensor = a.sensor";
      if (random_.chance(0.3)) all = " FROM readings AS a JOIN readings AS b ON a.at = b.sensor";
    }
    if (random_.chance(0.7)) all += " WHERE " + condition(2);
    return all;
  }

  std::string limit(std::size_t items) {
    std::string all;
    const bool ordered = random_.chance(0.6);
    const bool limited = random_.chance(0.5);
    if (ordered) {
      all = " ORDER BY ";
      const std::size_t first = pick(items);
      for (std::size_t i = 0; i < items; ++i)
        all += (i == 0 ? "" : ", ") + std::to_string((first + i) % items + 1) +
               (random_.chance(0.3) ? " DESC" : "");
      drawn_.ordered = true;
    }
    if (limited) {
      all += " LIMIT " + std::to_string(pick(30));
      if (random_.chance(0.4)) all += " OFFSET " + std::to_string(pick(5));
      drawn_.any_rows = !ordered;
    }
    return all;
  }

  std::string rows() {
    const std::size_t items = 1 + pick(4);
    std::string all = "SELECT ";
    for (std::size_t i = 0; i < items; ++i) {
      all += i == 0 ? "" : ", ";
      all += random_.chance(0.3) ? text(1) : number(2);
      if (random_.chance(0.2)) all += " AS x" + std::to_string(i);
    }
    all += from();
    return all + limit(items);
  }

  std::string aggregate() {
    if (random_.chance(0.2)) return "count(*)";
    const bool of_text = random_.chance(0.2);
    if (of_text) return one_of({"count(", "min(", "max("}) + text(1) + ")";
    return one_of({"count(", "sum(", "avg(", "min(", "max(", "variance(", "stddev("}) + number(1) +
           ")";
  }

  // Without parameters: they would be other ones each time.
  std::string group() {
    const std::string its = join_ == 0 ? "" : "a.";
    switch (pick(5)) {
      case 0:
        return its + "site";
      case 1:
        return its + "sensor";
      case 2:
        return its + "at % 3";
      case 3:
        return "lower(" + its + "note)";
      default:
        return "length(" + its + "site)";
    }
  }

  std::string groups() {
    std::vector<std::string> by;
    if (random_.chance(0.2)) {
      const std::string its = join_ == 0 ? "" : "a.";
      by = {its + "site", its + "sensor"};  // groups that are whole on one node
    } else {
      for (std::size_t i = pick(3); i > 0; --i) by.push_back(group());
    }
    std::string all = "SELECT ";
    const std::size_t items = 1 + pick(4);
    bool has_aggregate = !by.empty();
    for (std::size_t i = 0; i < items; ++i) {
      all += i == 0 ? "" : ", ";
      if (!by.empty() && random_.chance(0.4)) {
        all += by[pick(by.size())];
        continue;
      }
      has_aggregate = true;
      const std::string drawn = aggregate();
      all += drawn;
      const bool counts = drawn.starts_with("count") || drawn.starts_with("sum");
      if (counts && random_.chance(0.3)) all += " + " + std::to_string(pick(3));
    }
    if (!has_aggregate) all += ", count(*)";
    all += from();
    for (std::size_t i = 0; i < by.size(); ++i) all += (i == 0 ? " GROUP BY " : ", ") + by[i];
    if (!by.empty() && random_.chance(0.4)) all += " HAVING count(*) > " + std::to_string(pick(6));
    // Their last bits depend on the order of the rows, and so would the order of groups.
    const bool exact = all.find("variance(") == all.npos && all.find("stddev(") == all.npos;
    return exact ? all + limit(items) : all;
  }

  Random& random_;
  Drawn drawn_;
  int join_ = 0;  // 1: with sites, 2: with itself
};

}  // namespace evenkeel::test
