#include "sim/report/page.h"

#include <ostream>

#include "sim/report/format.h"

namespace evenkeel::report {
namespace {

// c0..c7: Okabe and Ito (2008), its black and yellow turned readable on either ground.
constexpr const char* style = R"css(
:root{color-scheme:light dark;--ground:#fbfaf8;--card:#fff;--ink:#1d2129;--muted:#667085;
--grid:#e7e5e0;--rule:#d5d2ca;--accent:#0b6e99;--good:#00795a;--bad:#b3401a;
--c0:#0072b2;--c1:#d55e00;--c2:#009e73;--c3:#cc79a7;--c4:#e69f00;--c5:#56b4e9;--c6:#1d2129;
--c7:#a89a00}
@media(prefers-color-scheme:dark){:root{--ground:#14171c;--card:#1b1f26;--ink:#e6e8ec;
--muted:#98a2b3;--grid:#2b313b;--rule:#3a414d;--accent:#62b6dd;--good:#3fc79a;--bad:#f08a5d;
--c0:#4aa3df;--c1:#ee7f33;--c2:#27bd92;--c3:#dd95bb;--c4:#f0b429;--c5:#8fd0f5;--c6:#e6e8ec;
--c7:#f0e442}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);
font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
main{max-width:1040px;margin:0 auto;padding:48px 24px 72px}
.eyebrow{margin:0;color:var(--accent);font-size:13px;font-weight:600;letter-spacing:.08em;
text-transform:uppercase}
h1{margin:4px 0 0;font-size:34px;line-height:1.2;letter-spacing:-.01em}
.question{margin:12px 0 0;font-size:20px;color:var(--muted);max-width:46em}
h2{margin:56px 0 12px;font-size:22px}
h3{margin:0;font-size:17px}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(130px,1fr));gap:1px;
margin:28px 0 0;background:var(--grid);border:1px solid var(--grid);border-radius:8px;
overflow:hidden}
.facts div{background:var(--card);padding:12px 16px}
.facts dt{color:var(--muted);font-size:13px}
.facts dd{margin:0;font-weight:600;overflow-wrap:anywhere}
figure{margin:24px 0 0;padding:20px 22px 14px;background:var(--card);border:1px solid var(--grid);
border-radius:8px}
figcaption p{margin:2px 0 14px;color:var(--muted);font-size:14px}
h4{margin:14px 0 6px;font-size:14px;font-weight:600;overflow-wrap:anywhere}
svg{display:block;width:100%;height:auto;font:12px system-ui,-apple-system,"Segoe UI",Roboto,
"Helvetica Neue",Arial,sans-serif;overflow:visible}
svg text{fill:var(--ink)}
svg .tick{fill:var(--muted);font-variant-numeric:tabular-nums}
svg .inside{fill:#fff;font-weight:600}
svg .strong{font-weight:600}
svg rect{shape-rendering:crispEdges}
svg .grid{stroke:var(--grid)}
svg .axis{stroke:var(--rule)}
svg .mark{stroke:var(--muted);stroke-dasharray:4 3}
svg .span{stroke:var(--rule);stroke-width:3;stroke-linecap:round}
svg .curve{fill:none;stroke-width:2;stroke-linejoin:round}
svg .dot{stroke:var(--card);stroke-width:1}
.scroll{overflow-x:auto}
table{width:100%;border-collapse:collapse;font-size:14px;font-variant-numeric:tabular-nums}
th,td{padding:7px 10px;text-align:right;border-bottom:1px solid var(--grid);white-space:nowrap}
th{color:var(--muted);font-weight:600;vertical-align:bottom}
th:first-child,td:first-child{text-align:left;padding-left:0;white-space:normal;min-width:9em;
overflow-wrap:anywhere}
th:last-child,td:last-child{padding-right:0}
tr.base td{font-weight:600}
.better{color:var(--good);font-weight:600}
.worse{color:var(--bad);font-weight:600}
.note{color:var(--muted);font-size:14px}
details{margin-top:10px;font-size:14px}
summary{cursor:pointer;color:var(--accent)}
details .scroll{max-height:420px;overflow:auto;margin-top:8px}
pre{margin:8px 0 0;padding:14px 16px;background:var(--card);border:1px solid var(--grid);
border-radius:8px;overflow-x:auto;font:13px/1.5 ui-monospace,"Cascadia Mono",Menlo,monospace}
footer{margin-top:64px;padding-top:16px;border-top:1px solid var(--grid);color:var(--muted);
font-size:13px}
@media print{main{max-width:none;padding:0}figure{break-inside:avoid}details{display:none}}
)css";

/// Verdicts are coloured by their first word.
std::string cell_class(const std::string& text) {
  if (text.starts_with("better")) return " class=\"better\"";
  if (text.starts_with("worse")) return " class=\"worse\"";
  return {};
}

}  // namespace

void begin_page(std::ostream& out, const std::string& title) {
  out << "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n<title>"
      << escaped(title) << "</title>\n<style>" << style << "</style>\n</head>\n<body>\n<main>\n";
}

void end_page(std::ostream& out, const std::string& version) {
  out << "<footer>Made by evenkeel " << escaped(version)
      << ". Latencies are of completed requests, warm-up removed. Colours after Okabe and Ito "
         "(2008).</footer>\n</main>\n</body>\n</html>\n";
}

void write_table(std::ostream& out, const Table& table, int emphasised) {
  out << "<div class=\"scroll\"><table>\n<thead><tr>";
  for (const std::string& column : table.columns) out << "<th>" << escaped(column) << "</th>";
  out << "</tr></thead>\n<tbody>\n";
  int index = 0;
  for (const auto& row : table.rows) {
    out << (index++ == emphasised ? "<tr class=\"base\">" : "<tr>");
    for (const std::string& cell : row) {
      const bool first = &cell == &row.front();
      out << "<td" << (first ? std::string() : cell_class(cell)) << ">" << escaped(cell) << "</td>";
    }
    out << "</tr>\n";
  }
  out << "</tbody></table></div>\n";
}

void write_chart(std::ostream& out, const Chart& chart) {
  out << "<figure>\n<figcaption><h3>" << escaped(chart.heading) << "</h3><p>"
      << escaped(chart.explanation) << "</p></figcaption>\n";
  for (const Panel& panel : chart.panels) {
    if (!panel.caption.empty()) out << "<h4>" << escaped(panel.caption) << "</h4>\n";
    out << panel.svg;
  }
  out << "<details><summary>The numbers</summary>";
  write_table(out, chart.table);
  out << "</details>\n</figure>\n";
}

void write_folded(std::ostream& out, const std::string& summary, const std::string& text) {
  out << "<details><summary>" << escaped(summary) << "</summary><pre>" << escaped(text)
      << "</pre></details>\n";
}

}  // namespace evenkeel::report
