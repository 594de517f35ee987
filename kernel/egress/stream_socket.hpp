// StreamSocket: one non-blocking TCP socket, plain or with TLS on it. Every function does what can
// be done now and says what it waits for. For one thread.
#pragma once

#include "egress/stream_name.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

struct ssl_st;
struct ssl_ctx_st;

namespace hub::egress {

class StreamSocket {
public:
    enum class Progress {
        Done,
        WantRead,
        WantWrite,
        Ended, // the peer said that it sends nothing more
        Failed // reason() says why
    };

    StreamSocket() = default;
    /// Without a farewell: close() says it.
    ~StreamSocket();
    StreamSocket(const StreamSocket&) = delete;
    StreamSocket& operator=(const StreamSocket&) = delete;

    /// Drops what was connected before.
    Progress connect(const StreamAddress& address);
    Progress finishConnect();

    /// Prepares TLS 1.2 or newer as a client that checks the peer's certificate and `host`. False:
    /// reason() says why. An empty `ca_file` means the system's authorities.
    bool beginTls(const std::string& host, const std::string& ca_file);
    Progress handshake();
    bool isTls() const noexcept { return tls_ != nullptr; }

    /// Appends at most `bytes_max` to `bytes`. What came before an end or a failure is appended,
    /// too.
    Progress read(std::string& bytes, std::size_t bytes_max);
    /// `written` grows by what left.
    Progress write(std::string_view bytes, std::size_t& written);
    /// On a plain socket: bytes have come that nobody has read.
    bool bytesWait() const;

    /// Tells the peer, as far as that does not wait.
    void close() noexcept;

    int descriptor() const noexcept { return descriptor_; }
    const std::string& reason() const noexcept { return reason_; }

private:
    struct TlsDeleter {
        void operator()(ssl_st* tls) const noexcept;
        void operator()(ssl_ctx_st* context) const noexcept;
    };

    Progress fail(std::string reason);
    Progress failErrno(const char* what);
    /// What an OpenSSL function that returned `result` wants.
    Progress judgeTls(int result, const char* what);
    Progress readOnce(char* bytes, std::size_t size, std::size_t& count);

    int descriptor_ = -1;
    std::unique_ptr<ssl_ctx_st, TlsDeleter> context_;
    std::unique_ptr<ssl_st, TlsDeleter> tls_;
    bool broken_ = false; // TLS failed: there is no farewell
    std::string reason_;
};

} // namespace hub::egress
