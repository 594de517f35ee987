#include "egress/stream_socket.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace hub::egress {

namespace {

constexpr std::size_t kPieceBytes = 16 * 1024;
// A standing connection through a firewall that forgot it must be found out.
constexpr int kKeepAliveIdleSeconds = 30;
constexpr int kKeepAliveIntervalSeconds = 10;
constexpr int kKeepAliveProbes = 3;
constexpr int kUnacknowledgedMsMax = 30000;

bool isNumeric(const std::string& host)
{
    std::array<unsigned char, sizeof(in6_addr)> ignored{};
    return ::inet_pton(AF_INET, host.c_str(), ignored.data()) == 1 ||
           ::inet_pton(AF_INET6, host.c_str(), ignored.data()) == 1;
}

/// The newest entry of OpenSSL's queue; the queue is empty afterwards.
std::string opensslReason()
{
    const unsigned long code = ERR_peek_last_error();
    const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
    std::string text = reason == nullptr ? "the connection ended" : reason;
    ERR_clear_error();
    return text;
}

} // namespace

void StreamSocket::TlsDeleter::operator()(ssl_st* tls) const noexcept
{
    SSL_free(tls);
}

void StreamSocket::TlsDeleter::operator()(ssl_ctx_st* context) const noexcept
{
    SSL_CTX_free(context);
}

StreamSocket::~StreamSocket()
{
    if (descriptor_ != -1) {
        ::close(descriptor_);
    }
}

StreamSocket::Progress StreamSocket::fail(std::string reason)
{
    reason_ = std::move(reason);
    return Progress::Failed;
}

StreamSocket::Progress StreamSocket::failErrno(const char* what)
{
    return fail(fmt::format("{}: {}", what, std::strerror(errno)));
}

StreamSocket::Progress StreamSocket::connect(const StreamAddress& address)
{
    if (descriptor_ != -1) {
        ::close(std::exchange(descriptor_, -1));
    }
    descriptor_ = ::socket(
        address.address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
    if (descriptor_ == -1) {
        return failErrno("no socket");
    }
    const auto option = [this](int level, int name, int value) {
        // What a kernel does not know makes a loss be noticed later, not wrongly.
        (void)::setsockopt(descriptor_, level, name, &value, sizeof value);
    };
    option(IPPROTO_TCP, TCP_NODELAY, 1);
    option(SOL_SOCKET, SO_KEEPALIVE, 1);
    option(IPPROTO_TCP, TCP_KEEPIDLE, kKeepAliveIdleSeconds);
    option(IPPROTO_TCP, TCP_KEEPINTVL, kKeepAliveIntervalSeconds);
    option(IPPROTO_TCP, TCP_KEEPCNT, kKeepAliveProbes);
    option(IPPROTO_TCP, TCP_USER_TIMEOUT, kUnacknowledgedMsMax);
    if (::connect(descriptor_, reinterpret_cast<const sockaddr*>(&address.address), address.size) ==
        0) {
        return Progress::Done;
    }
    return errno == EINPROGRESS ? Progress::WantWrite : failErrno("no connection");
}

StreamSocket::Progress StreamSocket::finishConnect()
{
    int error = 0;
    socklen_t size = sizeof error;
    if (::getsockopt(descriptor_, SOL_SOCKET, SO_ERROR, &error, &size) != 0) {
        return failErrno("no connection");
    }
    if (error != 0) {
        errno = error;
        return failErrno("no connection");
    }
    sockaddr_storage peer{};
    size = sizeof peer;
    const bool connected =
        ::getpeername(descriptor_, reinterpret_cast<sockaddr*>(&peer), &size) == 0;
    return connected ? Progress::Done : Progress::WantWrite;
}

bool StreamSocket::beginTls(const std::string& host, const std::string& ca_file)
{
    ERR_clear_error();
    context_.reset(SSL_CTX_new(TLS_client_method()));
    SSL_CTX* context = context_.get();
    const bool trusts =
        context != nullptr && SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1 &&
        (ca_file.empty() ? SSL_CTX_set_default_verify_paths(context) == 1
                         : SSL_CTX_load_verify_locations(context, ca_file.c_str(), nullptr) == 1);
    if (!trusts) {
        (void)fail(
            fmt::format("the authorities of egress.ca_file can't be read: {}", opensslReason()));
        return false;
    }
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION);
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    tls_.reset(SSL_new(context));
    if (tls_ == nullptr) {
        (void)fail("TLS can't begin: " + opensslReason());
        return false;
    }
    const bool numeric = isNumeric(host);
    X509_VERIFY_PARAM* rules = SSL_get0_param(tls_.get());
    X509_VERIFY_PARAM_set_hostflags(rules, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    const bool named = numeric
                           ? X509_VERIFY_PARAM_set1_ip_asc(rules, host.c_str()) == 1
                           : X509_VERIFY_PARAM_set1_host(rules, host.data(), host.size()) == 1 &&
                                 SSL_set_tlsext_host_name(tls_.get(), host.c_str()) == 1;
    if (!named || SSL_set_fd(tls_.get(), descriptor_) != 1) {
        (void)fail("TLS can't begin: " + opensslReason());
        return false;
    }
    SSL_set_connect_state(tls_.get());
    return true;
}

StreamSocket::Progress StreamSocket::judgeTls(int result, const char* what)
{
    const int saved = errno;
    switch (SSL_get_error(tls_.get(), result)) {
    case SSL_ERROR_WANT_READ:
        return Progress::WantRead;
    case SSL_ERROR_WANT_WRITE:
        return Progress::WantWrite;
    case SSL_ERROR_ZERO_RETURN:
        return Progress::Ended;
    case SSL_ERROR_SYSCALL:
        broken_ = true;
        ERR_clear_error();
        errno = saved;
        return errno != 0 ? failErrno(what) : fail(fmt::format("{}: the connection ended", what));
    default:
        broken_ = true;
        return fail(fmt::format("{}: {}", what, opensslReason()));
    }
}

StreamSocket::Progress StreamSocket::handshake()
{
    ERR_clear_error();
    errno = 0;
    const int result = SSL_do_handshake(tls_.get());
    if (result == 1) {
        return Progress::Done;
    }
    const Progress progress = judgeTls(result, "TLS refused");
    const long verdict = SSL_get_verify_result(tls_.get());
    if (progress == Progress::Failed && verdict != X509_V_OK) {
        return fail(fmt::format("TLS refused: the peer's certificate: {}",
                                X509_verify_cert_error_string(verdict)));
    }
    return progress == Progress::Ended ? fail("TLS refused: the connection ended") : progress;
}

StreamSocket::Progress StreamSocket::readOnce(char* bytes, std::size_t size, std::size_t& count)
{
    if (isTls()) {
        ERR_clear_error();
        errno = 0;
        const int result = SSL_read_ex(tls_.get(), bytes, size, &count);
        return result == 1 ? Progress::Done : judgeTls(result, "TLS broke");
    }
    const ssize_t got = ::recv(descriptor_, bytes, size, 0);
    if (got > 0) {
        count = static_cast<std::size_t>(got);
        return Progress::Done;
    }
    if (got == 0) {
        return Progress::Ended;
    }
    return errno == EAGAIN || errno == EINTR ? Progress::WantRead : failErrno("lost");
}

StreamSocket::Progress StreamSocket::read(std::string& bytes, std::size_t bytes_max)
{
    std::array<char, kPieceBytes> piece{};
    while (bytes.size() < bytes_max) {
        std::size_t count = 0;
        const std::size_t room = std::min(piece.size(), bytes_max - bytes.size());
        const Progress progress = readOnce(piece.data(), room, count);
        if (progress != Progress::Done) {
            return progress;
        }
        bytes.append(piece.data(), count);
    }
    return Progress::Done;
}

StreamSocket::Progress StreamSocket::write(std::string_view bytes, std::size_t& written)
{
    while (!bytes.empty()) {
        std::size_t count = 0;
        if (isTls()) {
            ERR_clear_error();
            errno = 0;
            const int result = SSL_write_ex(tls_.get(), bytes.data(), bytes.size(), &count);
            if (result != 1) {
                return judgeTls(result, "TLS broke");
            }
        } else {
            const ssize_t sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent < 0) {
                return errno == EAGAIN || errno == EINTR ? Progress::WantWrite : failErrno("lost");
            }
            count = static_cast<std::size_t>(sent);
        }
        written += count;
        bytes.remove_prefix(count);
    }
    return Progress::Done;
}

bool StreamSocket::bytesWait() const
{
    int count = 0;
    return ::ioctl(descriptor_, FIONREAD, &count) != 0 || count != 0;
}

void StreamSocket::close() noexcept
{
    if (tls_ != nullptr && !broken_) {
        ERR_clear_error();
        (void)SSL_shutdown(tls_.get()); // one way, without waiting for the peer's
        ERR_clear_error();
    }
    if (descriptor_ != -1) {
        ::close(std::exchange(descriptor_, -1));
    }
}

} // namespace hub::egress
