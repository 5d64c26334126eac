// What nodes ask each other on Port::membership to learn who is alive.
#pragma once

#include "models/storage/rumours.h"

namespace evenkeel {

enum class Liveness : std::uint8_t { alive, suspect, dead, left };
inline constexpr std::uint8_t livenesses = 4;

/// What is said of a node, in one of its lives: it alone counts `incarnation` up.
struct MemberNews {
  NodeId node{};
  std::uint64_t incarnation = 0;
  Liveness state = Liveness::alive;
  NodeId accuser{};  // of a suspect

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(node, incarnation, state, accuser);
  }
};

struct Pong {
  std::uint64_t incarnation = 0;
  std::vector<Rumour> rumours = {};

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(incarnation, rumours);
  }
};

struct Ping {
  static constexpr std::uint16_t tag = 1;
  using Answer = Pong;
  std::uint64_t incarnation = 0;
  std::vector<Rumour> rumours = {};

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(incarnation, rumours);
  }
};

/// Asks another node to try; it answers that it could not, too, so that silence says something
/// about who asks.
struct PingFor {
  static constexpr std::uint16_t tag = 2;
  struct Answer {
    bool reached = false;
    std::uint64_t incarnation = 0;

    template <class Visitor>
    void fields(Visitor& visit) {
      visit(reached, incarnation);
    }
  };
  NodeId target{};

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(target);
  }
};

/// Compares what both know of the nodes with numbers from `first` on, at most a page of them.
struct CompareMembers {
  static constexpr std::uint16_t tag = 3;
  static constexpr std::size_t page = 500;
  struct Answer {
    std::vector<MemberNews> known = {};
    std::uint32_t next = 0;  // where the next page begins; 0: there is none

    template <class Visitor>
    void fields(Visitor& visit) {
      visit(known, next);
    }
  };
  std::uint32_t first = 0;
  std::vector<MemberNews> known = {};

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(first, known);
  }
};

}  // namespace evenkeel
