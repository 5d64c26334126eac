#include "sim/workload/service.h"

#include <string_view>
#include <vector>

#include "models/runtime/check.h"

namespace evenkeel {
namespace {

/// Visits settings as `inner` does, with amounts of work taken for amounts in `unit`.
class InUnit final : public Fields {
 public:
  InUnit(Fields& inner, Unit unit) : inner_(inner), unit_(unit) {}

  void number(std::string_view name, double& value, Unit unit, const About& about) override {
    inner_.number(name, value, mapped(unit), about);
  }
  void integer(std::string_view name, std::int64_t& value, const About& about) override {
    inner_.integer(name, value, about);
  }
  void boolean(std::string_view name, bool& value, const About& about) override {
    inner_.boolean(name, value, about);
  }
  void duration(std::string_view name, Duration& value, const About& about) override {
    inner_.duration(name, value, about);
  }
  void text(std::string_view name, std::string& value, const About& about) override {
    inner_.text(name, value, about);
  }
  void option(std::string_view name, std::string& value, std::span<const std::string_view> options,
              const About& about) override {
    inner_.option(name, value, options, about);
  }
  void choice(std::string_view name, std::string& value, std::any& made, const Catalogue& catalogue,
              const About& about) override {
    inner_.choice(name, value, made, catalogue, about);
  }
  void numbers(std::string_view name, std::vector<double>& values, Unit unit,
               const About& about) override {
    inner_.numbers(name, values, mapped(unit), about);
  }
  void file(std::string_view name, std::string& value, const About& about) override {
    inner_.file(name, value, about);
  }
  void refuse(std::string_view name, const std::string& message) override {
    inner_.refuse(name, message);
  }

 private:
  Unit mapped(Unit unit) const { return unit == Unit::work ? unit_ : unit; }

  Fields& inner_;
  Unit unit_;
};

Catalogue mapped_catalogue(std::string kind, Unit unit) {
  Catalogue result{std::move(kind)};
  for (const Entry& entry : service_times().entries()) {
    result.add({entry.name, entry.summary,
                [configure = entry.configure, unit](Fields& fields) -> std::any {
                  InUnit in_unit{fields, unit};
                  return configure(in_unit);
                }});
  }
  return result;
}

}  // namespace

Catalogue& service_times() {
  static Catalogue catalogue{"service time distribution"};
  return catalogue;
}

const Catalogue& distributions_in(Unit unit) {
  static const Catalogue times = mapped_catalogue("distribution of times", Unit::time);
  static const Catalogue sizes = mapped_catalogue("distribution of sizes", Unit::bytes);
  static const Catalogue amounts = mapped_catalogue("distribution of numbers", Unit::none);
  EVENKEEL_CHECK(
      unit == Unit::work || unit == Unit::none || unit == Unit::time || unit == Unit::bytes,
      "distributions are of work, times, bytes or numbers");
  if (unit == Unit::work) return service_times();
  if (unit == Unit::none) return amounts;
  return unit == Unit::time ? times : sizes;
}

}  // namespace evenkeel
