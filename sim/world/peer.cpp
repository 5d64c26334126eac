#include "sim/world/peer.h"

#include <asio/connect.hpp>

#include <algorithm>

namespace evenkeel {

using asio::ip::tcp;

namespace {

constexpr std::chrono::milliseconds shortest_rest{10};
constexpr std::chrono::milliseconds longest_rest{1000};
constexpr std::chrono::seconds greeting_limit{5};

}  // namespace

Outgoing::Outgoing(asio::io_context& loop, Channels& channels, Address address, Greeting greeting,
                   std::string peer_name, PeerEvents& events)
    : loop_(loop),
      channels_(channels),
      address_(std::move(address)),
      greeting_(greeting),
      peer_name_(std::move(peer_name)),
      events_(events),
      rest_(loop) {}

void Outgoing::push(Frame frame) {
  if (state_ == State::resting || state_ == State::closed) {
    events_.count("messages lost on the way", 1);
    return;
  }
  const std::size_t size = frame_header_size + frame.payload.bytes.size();
  if (queue_.size() >= most_frames || queued_bytes_ + size > most_bytes) {
    events_.count("messages dropped at a full queue", 1);
    return;
  }
  queued_bytes_ += size;
  queue_.push_back(std::move(frame));
  if (state_ == State::idle) connect();
  if (state_ == State::ready && !writing_) write();
}

void Outgoing::connect() {
  state_ = State::connecting;
  std::error_code wrong;
  const asio::ip::address host = asio::ip::make_address(address_.host, wrong);
  if (wrong) return fail("connections failed");
  channel_ = channels_.make(tcp::socket{loop_});
  channel_->socket().async_connect(
      {host, address_.port}, [self = shared_from_this()](const std::error_code& error) {
        if (self->state_ != State::connecting) return;
        if (error) return self->fail("connections failed");
        self->channel_->socket().set_option(tcp::no_delay{true});
        self->channel_->shake_hands(Channel::Side::caller, [self](const std::error_code& refused) {
          if (self->state_ != State::connecting) return;
          if (refused || self->channel_->peer_name() != self->peer_name_)
            return self->fail("connections refused: wrong certificate");
          self->greet();
        });
      });
}

void Outgoing::greet() {
  state_ = State::ready;
  rest_span_ = {};
  batch_.add(encode(greeting_));
  watch();
  write();
}

void Outgoing::watch() {
  channel_->read_some(in_, [self = shared_from_this()](const std::error_code&, std::size_t) {
    if (self->state_ == State::ready) self->fail("connections lost");
  });
}

// Puts frames behind what is in the batch already, until it is full.
void Outgoing::fill() {
  while (!queue_.empty() && !batch_.is_full()) {
    Frame& frame = queue_.front();
    if (!in_padding_) {
      queued_bytes_ -= frame_header_size + frame.payload.bytes.size();
      padding_left_ = frame.payload.padding;
      batch_.add(std::move(frame));
      in_padding_ = true;
    }
    padding_left_ -= batch_.add_zeros(padding_left_);
    if (padding_left_ > 0) return;
    in_padding_ = false;
    queue_.pop_front();
  }
}

void Outgoing::write() {
  fill();
  writing_ = !batch_.is_empty();
  if (!writing_) return;
  channel_->write(batch_.buffers(),
                  [self = shared_from_this()](const std::error_code& error, std::size_t) {
                    self->batch_.clear();
                    if (self->state_ != State::ready) return;
                    if (error) return self->fail("connections lost");
                    self->write();
                  });
}

void Outgoing::fail(std::string_view what) {
  if (state_ == State::closed) return;
  state_ = State::resting;
  events_.count(what, 1);
  if (!queue_.empty()) events_.count("messages lost on the way", queue_.size());
  queue_.clear();
  queued_bytes_ = 0;
  in_padding_ = false;
  writing_ = false;
  if (channel_) channel_->close();
  rest_span_ = std::clamp(2 * rest_span_, shortest_rest, longest_rest);
  rest_.expires_after(rest_span_);
  rest_.async_wait([self = shared_from_this()](const std::error_code& error) {
    if (!error && self->state_ == State::resting) self->state_ = State::idle;
  });
}

void Outgoing::close() {
  state_ = State::closed;
  rest_.cancel();
  if (channel_) channel_->close();
}

Incoming::Incoming(asio::io_context& loop, std::unique_ptr<Channel> channel, bool named,
                   std::uint64_t run, NameOf name_of, PeerEvents& events)
    : channel_(std::move(channel)),
      named_(named),
      run_(run),
      name_of_(std::move(name_of)),
      events_(events),
      patience_(loop) {}

void Incoming::start() {
  patience_.expires_after(greeting_limit);
  patience_.async_wait([self = shared_from_this()](const std::error_code& error) {
    if (!error) self->refuse("connections refused: no greeting");
  });
  channel_->shake_hands(Channel::Side::answerer,
                        [self = shared_from_this()](const std::error_code& error) {
                          if (self->closed_) return;
                          if (error) return self->refuse("connections refused: wrong certificate");
                          self->read_greeting();
                        });
}

void Incoming::read_greeting() {
  channel_->read_some(std::span{greeting_}.subspan(greeting_read_),
                      [self = shared_from_this()](const std::error_code& error, std::size_t size) {
                        if (self->closed_) return;
                        if (error) return self->refuse("connections refused: no greeting");
                        self->greeting_read_ += size;
                        if (self->greeting_read_ < greeting_size) return self->read_greeting();
                        if (!self->accept_greeting()) return;
                        self->patience_.cancel();
                        self->read();
                      });
}

bool Incoming::accept_greeting() {
  const auto greeting = decode_greeting(greeting_);
  if (!greeting || greeting->run != run_) {
    refuse("connections refused: wrong greeting");
    return false;
  }
  from_ = greeting->from;
  const std::optional<std::string> name = name_of_(from_);
  if (!name || (named_ && channel_->peer_name() != *name)) {
    refuse("connections refused: wrong name");
    return false;
  }
  return true;
}

void Incoming::read() {
  if (events_.is_congested()) {
    paused_ = true;
    return;
  }
  channel_->read_some(reader_.space(),
                      [self = shared_from_this()](const std::error_code& error, std::size_t size) {
                        if (self->closed_) return;
                        if (error) return self->close();
                        const auto sink = [&self](Frame frame) {
                          self->events_.received(self->from_, std::move(frame));
                        };
                        if (!self->reader_.filled(size, sink))
                          return self->refuse("malformed frames");
                        if (!self->closed_) self->read();
                      });
}

void Incoming::resume() {
  if (!std::exchange(paused_, false) || closed_) return;
  read();
}

void Incoming::refuse(std::string_view what) {
  if (closed_) return;
  events_.count(what, 1);
  close();
}

void Incoming::close() {
  closed_ = true;
  patience_.cancel();
  channel_->close();
}

}  // namespace evenkeel
