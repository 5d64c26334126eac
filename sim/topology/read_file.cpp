// Which reader a path is for.
#include <filesystem>

#include "sim/topology/csv.h"
#include "sim/topology/readers.h"
#include "sim/topology/xml.h"

namespace evenkeel {
namespace {

Graph read_xml(const std::string& path, const LinkDefaults& defaults) {
  const std::string text = read_text_file(path);
  const XmlFile xml(text, path);
  if (local_name(xml.root()) == "graphml") return parse_graphml(text, path, defaults);
  if (local_name(xml.root()) == "platform") return parse_simgrid(text, path, defaults);
  xml.refuse(xml.root(), "neither GraphML (<graphml>) nor a SimGrid platform (<platform>)");
}

bool has_coordinates(std::string_view header) {
  const std::string lower = lower_case(header);
  return lower.find(lower_case(SitesSettings{}.latitude)) != lower.npos;
}

}  // namespace

Graph read_topology_file(const std::string& path, const LinkDefaults& defaults) {
  std::error_code failed;
  MatrixSettings matrix;
  matrix.file = path;
  if (std::filesystem::is_directory(path, failed)) return read_matrix(matrix, defaults);
  const std::string text = read_text_file(path);
  std::string_view start{text};
  if (start.starts_with("\xEF\xBB\xBF")) start.remove_prefix(3);
  if (trimmed(start.substr(0, 1000)).starts_with('<') || text.find('\0') < 1000)
    return read_xml(path, defaults);
  if (!has_coordinates(start.substr(0, start.find('\n')))) return read_matrix(matrix, defaults);
  SitesSettings sites;
  sites.file = path;
  return read_sites(sites, defaults);
}

}  // namespace evenkeel
