// The connections of a node: one to each peer that it sends to, one from each that sends to it.
// Each carries messages one way. What waits for a connection that fails is lost.
#pragma once

#include <asio/steady_timer.hpp>

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "sim/world/channel.h"
#include "sim/world/frame_batch.h"

namespace evenkeel {

/// Where a node listens.
struct Address {
  std::string host;
  std::uint16_t port = 0;
};

/// What connections tell the node that they belong to.
class PeerEvents {
 public:
  /// Adds to a named count of the run.
  virtual void count(std::string_view name, std::size_t amount) = 0;
  virtual void received(NodeId from, Frame frame) = 0;
  /// Too much has arrived and is not yet delivered: nothing more is read until `resume`.
  virtual bool is_congested() const = 0;

 protected:
  ~PeerEvents() = default;
};

/// Sends to one peer. Connects when first needed, and after a failure not before a while (10 ms,
/// doubled up to 1 s), in which all that is sent is lost.
class Outgoing : public std::enable_shared_from_this<Outgoing> {
 public:
  static constexpr std::size_t most_frames = 100'000;
  static constexpr std::size_t most_bytes = std::size_t{256} << 20;

  Outgoing(asio::io_context& loop, Channels& channels, Address address, Greeting greeting,
           std::string peer_name, PeerEvents& events);

  void push(Frame frame);
  /// For good.
  void close();

 private:
  enum class State { idle, connecting, ready, resting, closed };

  void connect();
  void greet();
  void watch();
  void write();
  void fill();
  void fail(std::string_view what);

  asio::io_context& loop_;
  Channels& channels_;
  Address address_;
  Greeting greeting_;
  std::string peer_name_;
  PeerEvents& events_;
  State state_ = State::idle;
  std::unique_ptr<Channel> channel_;
  asio::steady_timer rest_;
  std::chrono::milliseconds rest_span_{};
  std::deque<Frame> queue_;
  std::size_t queued_bytes_ = 0;
  bool in_padding_ = false;         // the first frame's bytes are out
  std::uint64_t padding_left_ = 0;  // of the first frame
  FrameBatch batch_;                // what is being written
  bool writing_ = false;
  std::array<std::byte, 1> in_{};  // nothing comes this way but the end
};

/// Receives from one peer, once it has greeted.
class Incoming : public std::enable_shared_from_this<Incoming> {
 public:
  /// `name_of` gives the name that a node must have in its certificate; none for no such node.
  using NameOf = std::function<std::optional<std::string>(NodeId)>;

  Incoming(asio::io_context& loop, std::unique_ptr<Channel> channel, bool named, std::uint64_t run,
           NameOf name_of, PeerEvents& events);

  void start();
  /// Reads on after congestion.
  void resume();
  void close();
  bool is_closed() const { return closed_; }

 private:
  void read_greeting();
  bool accept_greeting();
  void read();
  void refuse(std::string_view what);

  std::unique_ptr<Channel> channel_;
  bool named_;
  std::uint64_t run_;
  NameOf name_of_;
  PeerEvents& events_;
  asio::steady_timer patience_;  // for the handshake and the greeting
  NodeId from_{};
  std::array<std::byte, greeting_size> greeting_{};
  std::size_t greeting_read_ = 0;
  FrameReader reader_;
  bool paused_ = false;
  bool closed_ = false;
};

}  // namespace evenkeel
