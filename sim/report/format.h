// Numbers and names as people read them, and as markup may hold them.
#pragma once

#include <string>
#include <string_view>

namespace evenkeel::report {

/// Safe within the text and the attributes of HTML and SVG: < > & " ' become entities; what is no
/// character of XML or no UTF-8 becomes U+FFFD.
std::string escaped(std::string_view text);

/// At most `length` characters, the last an ellipsis where some were left off. Not escaped.
std::string shortened(std::string_view text, std::size_t length);

/// How many characters a UTF-8 text has.
std::size_t characters(std::string_view text);

/// Three significant digits; NaN is a dash.
std::string number(double value);  // "12.3", "1 250 000"
std::string time(double seconds);  // "12.3 ms"
/// Of how long something may take: "40 s", "12 min", "1.5 h".
std::string rough_time(double seconds);
/// "12.3 ± 0.41 ms", both in the unit of the first.
std::string time_with_interval(double seconds, double half_width);
std::string share(double value);       // 0.123 -> "12.3 %"
std::string energy(double joules);     // "1.2 kJ"
std::string rate(double per_s);        // "350 /s"
std::string bytes(double count);       // "1.2 kB"
std::string operations(double count);  // "1.2 Gop"

/// At least so many figures, and all those before the point.
std::string significant(double value, int figures);
/// As `number`, without padding: for coordinates and ticks.
std::string plain(double value);

}  // namespace evenkeel::report
