// HttpsFake: a scripted HTTPS server on 127.0.0.1 with a test CA and certificates made at start.
// A script is a function that talks to one connection, so that a test can answer, wait, cut at
// any byte, drip or send garbage. Linked by listing https_fake.cpp among a test's sources.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

using SSL = struct ssl_st;
using SSL_CTX = struct ssl_ctx_st;

namespace hub::testing {

class HttpsFake;

/// One accepted connection after its TLS handshake; used by its own thread.
class HttpsPeer {
public:
    HttpsPeer(HttpsFake& fake, SSL* tls, int socket, int number, bool secured = true);
    ~HttpsPeer();
    HttpsPeer(const HttpsPeer&) = delete;
    HttpsPeer& operator=(const HttpsPeer&) = delete;

    /// 1 for the first connection.
    int number() const noexcept { return number_; }
    /// The next whole request (head and body by Content-Length); empty when the peer is gone.
    std::optional<std::string> readRequest();
    /// Reads some bytes of a request; false when the peer is gone.
    bool readSome();
    /// For other protocols: what comes up to and with `end`; empty when the peer is gone.
    std::optional<std::string> readUntil(std::string_view end);
    /// Of a fake with plainFirst(): from here on TLS. False: the client refused.
    bool secure();
    bool send(std::string_view bytes);
    /// Ends TLS properly.
    void close();
    /// Ends the connection without ending TLS.
    void cut();
    /// Ends it with a TCP reset.
    void reset();
    /// Until the fake stops or `milliseconds` passed; false when it stops.
    bool pause(int milliseconds);

private:
    HttpsFake& fake_;
    SSL* tls_;
    int socket_;
    int number_;
    bool secured_;
    std::string buffer_;
};

enum class Certificate { Good, OtherName, Expired, ForeignCa };

class HttpsFake {
public:
    using Script = std::function<void(HttpsPeer&)>;

    explicit HttpsFake(Script script, Certificate certificate = Certificate::Good);
    ~HttpsFake();
    HttpsFake(const HttpsFake&) = delete;
    HttpsFake& operator=(const HttpsFake&) = delete;

    /// What accepts, and cuts before or hangs in the handshake, is set before the first client.
    void cutBeforeTls() { before_tls_ = BeforeTls::Cut; }
    void hangBeforeTls() { before_tls_ = BeforeTls::Hang; }
    /// The script begins without TLS.
    void plainFirst() { before_tls_ = BeforeTls::Plain; }

    std::uint16_t port() const noexcept { return port_; }
    std::string origin() const;
    std::string url(std::string_view path) const;
    /// PEM of the CA that clients trust.
    const std::filesystem::path& caFile() const noexcept { return ca_file_; }

    /// Whole or partial requests that were read, in order.
    std::vector<std::string> requests() const;
    int connections() const;
    /// Waits until `count` requests were read; false after five seconds.
    bool waitForRequests(std::size_t count) const;

    /// A complete answer with Content-Length.
    static std::string answer(int status,
                              std::string_view body,
                              std::string_view headers = "Content-Type: application/json\r\n");

private:
    friend class HttpsPeer;
    enum class BeforeTls { Nothing, Cut, Hang, Plain };

    void accept();
    void serve(int socket, int number);
    void note(const std::string& request);
    bool pause(int milliseconds);

    Script script_;
    BeforeTls before_tls_ = BeforeTls::Nothing;
    SSL_CTX* context_ = nullptr;
    std::filesystem::path ca_file_;
    int listener_ = -1;
    std::uint16_t port_ = 0;
    mutable std::mutex mutex_;
    mutable std::condition_variable changed_;
    bool stopping_ = false;
    int connections_ = 0;
    std::vector<std::string> requests_;
    std::list<int> open_;
    std::vector<std::thread> threads_;
    std::thread acceptor_;
};

} // namespace hub::testing
