#include "sim/study/control_line.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <charconv>
#include <cstring>

#include "models/runtime/user_error.h"

namespace evenkeel {
namespace {

struct Endpoint {
  sockaddr_storage address = {};
  socklen_t size = 0;
};

Endpoint endpoint_of(const Address& address) {
  Endpoint endpoint;
  auto* four = reinterpret_cast<sockaddr_in*>(&endpoint.address);
  auto* six = reinterpret_cast<sockaddr_in6*>(&endpoint.address);
  if (inet_pton(AF_INET, address.host.c_str(), &four->sin_addr) == 1) {
    four->sin_family = AF_INET;
    four->sin_port = htons(address.port);
    endpoint.size = sizeof *four;
  } else if (inet_pton(AF_INET6, address.host.c_str(), &six->sin6_addr) == 1) {
    six->sin6_family = AF_INET6;
    six->sin6_port = htons(address.port);
    endpoint.size = sizeof *six;
  } else {
    throw UserError("'" + address.host + "' is no numeric address");
  }
  return endpoint;
}

FileDescriptor open_socket(const Endpoint& endpoint) {
  FileDescriptor opened{socket(endpoint.address.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  if (!opened) throw UserError(std::string{"no socket: "} + std::strerror(errno));
  return opened;
}

using Context = std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)>;

template <class T, class Read, class Free>
std::unique_ptr<T, Free> from_pem(const std::string& text, Read read, Free free) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> bio{
      BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), &BIO_free};
  return {read(bio.get(), nullptr, nullptr, nullptr), free};
}

Context context_with(const Credentials& credentials) {
  Context context{SSL_CTX_new(TLS_method()), &SSL_CTX_free};
  SSL_CTX_set_min_proto_version(context.get(), TLS1_3_VERSION);
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  const auto authority = from_pem<X509>(credentials.authority, PEM_read_bio_X509, &X509_free);
  const auto certificate = from_pem<X509>(credentials.certificate, PEM_read_bio_X509, &X509_free);
  const auto key = from_pem<EVP_PKEY>(credentials.key, PEM_read_bio_PrivateKey, &EVP_PKEY_free);
  if (!authority || !certificate || !key ||
      X509_STORE_add_cert(SSL_CTX_get_cert_store(context.get()), authority.get()) != 1 ||
      SSL_CTX_use_certificate(context.get(), certificate.get()) != 1 ||
      SSL_CTX_use_PrivateKey(context.get(), key.get()) != 1)
    throw UserError("the credentials cannot be used");
  return context;
}

}  // namespace

struct ControlLine::Tls {
  Context context;
  std::unique_ptr<SSL, decltype(&SSL_free)> session;
};

ControlLine::ControlLine(FileDescriptor socket) : socket_(std::move(socket)) {}
ControlLine::~ControlLine() = default;
ControlLine::ControlLine(ControlLine&&) noexcept = default;
ControlLine& ControlLine::operator=(ControlLine&&) noexcept = default;

void ControlLine::secure(const Credentials& credentials, bool calls) {
  Context context = context_with(credentials);
  std::unique_ptr<SSL, decltype(&SSL_free)> session{SSL_new(context.get()), &SSL_free};
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

bool ControlLine::write_all(const char* bytes, std::size_t size) {
  while (size > 0) {
    std::size_t some = 0;
    if (tls_) {
      if (SSL_write_ex(tls_->session.get(), bytes, size, &some) != 1) return false;
    } else {
      const ssize_t sent = ::send(socket_.get(), bytes, size, MSG_NOSIGNAL);
      if (sent < 0 && errno == EINTR) continue;
      if (sent <= 0) return false;
      some = static_cast<std::size_t>(sent);
    }
    bytes += some;
    size -= some;
  }
  return true;
}

bool ControlLine::read_all(char* bytes, std::size_t size) {
  while (size > 0) {
    std::size_t some = 0;
    if (tls_) {
      if (SSL_read_ex(tls_->session.get(), bytes, size, &some) != 1) return false;
    } else {
      const ssize_t got = ::recv(socket_.get(), bytes, size, 0);
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) return false;
      some = static_cast<std::size_t>(got);
    }
    bytes += some;
    size -= some;
  }
  return true;
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
  const Endpoint endpoint = endpoint_of(address);
  FileDescriptor socket = open_socket(endpoint);
  if (connect(socket.get(), reinterpret_cast<const sockaddr*>(&endpoint.address), endpoint.size) !=
      0)
    throw UserError(fmt::format("nobody listens on {} port {}: {}", address.host, address.port,
                                std::strerror(errno)));
  const int on = 1;
  setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return ControlLine{std::move(socket)};
}

std::pair<FileDescriptor, std::uint16_t> listen_at(const Address& address) {
  Endpoint endpoint = endpoint_of(address);
  FileDescriptor socket = open_socket(endpoint);
  const int on = 1;
  setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  auto* its = reinterpret_cast<sockaddr*>(&endpoint.address);
  if (bind(socket.get(), its, endpoint.size) != 0 || listen(socket.get(), 4) != 0 ||
      getsockname(socket.get(), its, &endpoint.size) != 0)
    throw UserError(fmt::format("cannot listen on {} port {}: {}", address.host, address.port,
                                std::strerror(errno)));
  const bool six = endpoint.address.ss_family == AF_INET6;
  const std::uint16_t port =
      six ? ntohs(reinterpret_cast<sockaddr_in6*>(&endpoint.address)->sin6_port)
          : ntohs(reinterpret_cast<sockaddr_in*>(&endpoint.address)->sin_port);
  return {std::move(socket), port};
}

}  // namespace evenkeel
