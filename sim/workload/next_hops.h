// Which way to go: shortest paths over a map, found one destination at a time and kept for a while.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include <boost/graph/compressed_sparse_row_graph.hpp>

#include "sim/workload/movement.h"

namespace evenkeel {

/// Shortest by length; of equally short ones always the same.
class NextHops {
 public:
  /// Where to go from each place, and how far that is.
  struct Tree {
    std::vector<std::uint32_t> next;  // itself at the destination and where there is no way
    std::vector<float> hop_m;
  };

  explicit NextHops(const Map& map);

  /// Valid until the next call. Keeps at most about 32 MB of trees.
  const Tree& towards(std::uint32_t destination);
  /// The places a device can come to from here and return: those of its strong component that are
  /// destinations, ascending.
  const std::vector<std::uint32_t>& destinations(std::uint32_t place) const {
    return destinations_[component_[place]];
  }

 private:
  using Graph = boost::compressed_sparse_row_graph<boost::directedS, boost::no_property, double,
                                                   boost::no_property, std::uint32_t>;

  void find_destinations(const Map& map);
  std::unique_ptr<Tree> search(std::uint32_t destination) const;

  Graph reversed_;
  std::vector<std::uint32_t> component_;
  std::vector<std::vector<std::uint32_t>> destinations_;  // by component
  std::vector<std::unique_ptr<Tree>> trees_;              // by destination, most of them null
  std::deque<std::uint32_t> kept_;                        // the oldest first
  std::size_t max_kept_;
};

}  // namespace evenkeel
