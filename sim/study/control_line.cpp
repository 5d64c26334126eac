#include "sim/study/control_line.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <charconv>
#include <cstring>

#include "models/runtime/user_error.h"

namespace evenkeel {
namespace {

using asio::ip::tcp;

tcp::endpoint endpoint_of(const Address& address) {
  std::error_code wrong;
  const asio::ip::address host = asio::ip::make_address(address.host, wrong);
  if (wrong) throw UserError("'" + address.host + "' is no numeric address");
  return {host, address.port};
}

FileDescriptor open_socket(const tcp::endpoint& endpoint) {
  FileDescriptor opened{socket(endpoint.protocol().family(), SOCK_STREAM | SOCK_CLOEXEC, 0)};
  if (!opened) throw UserError(std::string{"no socket: "} + std::strerror(errno));
  return opened;
}

}  // namespace

struct ControlLine::Tls {
  asio::ssl::context context;
  std::unique_ptr<SSL, decltype(&SSL_free)> session;
};

ControlLine::ControlLine(FileDescriptor socket) : socket_(std::move(socket)) {}
ControlLine::~ControlLine() = default;
ControlLine::ControlLine(ControlLine&&) noexcept = default;
ControlLine& ControlLine::operator=(ControlLine&&) noexcept = default;

void ControlLine::secure(const Credentials& credentials, bool calls) {
  asio::ssl::context context = tls_context(credentials);
  std::unique_ptr<SSL, decltype(&SSL_free)> session{SSL_new(context.native_handle()), &SSL_free};
  SSL_set_fd(session.get(), socket_.get());
  const int done = calls ? SSL_connect(session.get()) : SSL_accept(session.get());
  if (done != 1)
    throw UserError(
        fmt::format("no secure line: {}", ERR_reason_error_string(ERR_get_error()) != nullptr
                                              ? "the certificates do not fit"
                                              : "the other end hung up"));
  tls_ = std::make_unique<Tls>(std::move(context), std::move(session));
}

void ControlLine::limit_silence(std::chrono::seconds longest) {
  const timeval limit{.tv_sec = longest.count(), .tv_usec = 0};
  setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  setsockopt(socket_.get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
}

ssize_t ControlLine::write_some(const char* bytes, std::size_t size) {
  if (!tls_) return ::send(socket_.get(), bytes, size, MSG_NOSIGNAL);
  std::size_t some = 0;
  return SSL_write_ex(tls_->session.get(), bytes, size, &some) == 1 ? static_cast<ssize_t>(some)
                                                                    : 0;
}

ssize_t ControlLine::read_some(char* bytes, std::size_t size) {
  if (!tls_) return ::recv(socket_.get(), bytes, size, 0);
  std::size_t some = 0;
  return SSL_read_ex(tls_->session.get(), bytes, size, &some) == 1 ? static_cast<ssize_t>(some) : 0;
}

bool ControlLine::write_all(const char* bytes, std::size_t size) {
  return repeat_until(size,
                      [&](std::size_t done) { return write_some(bytes + done, size - done); }) == 0;
}

bool ControlLine::read_all(char* bytes, std::size_t size) {
  return repeat_until(size,
                      [&](std::size_t done) { return read_some(bytes + done, size - done); }) == 0;
}

bool ControlLine::send(ControlMessage::Kind kind, const std::string& bytes) {
  const auto size = static_cast<std::uint32_t>(bytes.size());
  std::string header(5, '\0');
  std::memcpy(header.data(), &size, sizeof size);
  header[4] = static_cast<char>(kind);
  return bytes.size() <= longest_message && write_all(header.data(), header.size()) &&
         write_all(bytes.data(), bytes.size());
}

std::optional<ControlMessage> ControlLine::receive() {
  char header[5];
  if (!read_all(header, sizeof header)) return std::nullopt;
  std::uint32_t left = 0;
  std::memcpy(&left, header, sizeof left);
  ControlMessage message{.kind = static_cast<ControlMessage::Kind>(header[4])};
  if (left > longest_message || message.kind > ControlMessage::Kind::failed) return std::nullopt;
  // As it arrives: a length alone takes no memory.
  while (left > 0) {
    const std::size_t some = std::min<std::size_t>(left, 1 << 20);
    message.bytes.resize(message.bytes.size() + some);
    if (!read_all(message.bytes.data() + message.bytes.size() - some, some)) return std::nullopt;
    left -= static_cast<std::uint32_t>(some);
  }
  return message;
}

Address parse_address(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  Address address;
  if (colon != std::string::npos) {
    address.host = text.substr(0, colon);
    if (address.host.starts_with('[') && address.host.ends_with(']'))
      address.host = address.host.substr(1, address.host.size() - 2);
    const char* end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data() + colon + 1, end, address.port);
    in6_addr parsed;
    const bool numeric = inet_pton(AF_INET, address.host.c_str(), &parsed) == 1 ||
                         inet_pton(AF_INET6, address.host.c_str(), &parsed) == 1;
    if (error == std::errc{} && stopped == end && numeric) return address;
  }
  throw UserError("'" + text + "' is no address; write it like 10.0.0.2:7000 or [::1]:7000");
}

ControlLine call(const Address& address) {
  const tcp::endpoint endpoint = endpoint_of(address);
  FileDescriptor socket = open_socket(endpoint);
  if (connect(socket.get(), endpoint.data(), static_cast<socklen_t>(endpoint.size())) != 0)
    throw UserError(fmt::format("nobody listens on {} port {}: {}", address.host, address.port,
                                std::strerror(errno)));
  const int on = 1;
  setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return ControlLine{std::move(socket)};
}

std::pair<FileDescriptor, std::uint16_t> listen_at(const Address& address) {
  tcp::endpoint endpoint = endpoint_of(address);
  FileDescriptor socket = open_socket(endpoint);
  const int on = 1;
  setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  auto size = static_cast<socklen_t>(endpoint.size());
  if (bind(socket.get(), endpoint.data(), size) != 0 || listen(socket.get(), 4) != 0 ||
      getsockname(socket.get(), endpoint.data(), &size) != 0)
    throw UserError(fmt::format("cannot listen on {} port {}: {}", address.host, address.port,
                                std::strerror(errno)));
  return {std::move(socket), endpoint.port()};
}

}  // namespace evenkeel
