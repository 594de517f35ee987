// One HTTP exchange on one libcurl handle: what is sent, when it may be sent, what came back.
// Knows nothing of calls and accounts; tells only whether the first byte was released.
#pragma once

#include "base/clock.hpp"
#include "egress/exchanger.hpp"
#include "egress/target.hpp"

#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include <curl/curl.h>

namespace hub::egress {

struct CurlDeleter {
    void operator()(CURL* handle) const noexcept { curl_easy_cleanup(handle); }
};
using CurlPtr = std::unique_ptr<CURL, CurlDeleter>;

/// Keeps handles with their open connections between exchanges. A handle serves one account only:
/// a connection that was allowed to one is never lent to another. Thread-safe.
class HandlePool {
public:
    explicit HandlePool(std::size_t idle_max);

    CurlPtr take(const std::string& account);
    void giveBack(const std::string& account, CurlPtr handle);

private:
    std::size_t idle_max_;
    std::mutex mutex_;
    std::list<std::pair<std::string, CurlPtr>> idle_; // longest idle first
};

struct TransferResult {
    bool complete = false; // `response` is the whole answer
    bool released = false; // the request may have left
    bool withheld = false; // not sent by our own decision; says nothing about the peer
    Response response;
    std::string reason; // when not complete
};

class Transfer {
public:
    /// `release` is asked once, after connect and TLS and before the first byte; it may block.
    Transfer(const Settings& settings,
             const base::Clock& clock,
             const Target& target,
             const Request& request,
             std::function<bool()> release);

    /// At most `timeout_ms` in all. Call once.
    TransferResult run(CURL* handle, std::int64_t timeout_ms);

private:
    enum class Stop { None, Resend, Withheld, Unmarked, Late, FirstByte, TooLarge, Address };

    static int onBeforeSending(void* self, char*, char*, int, int) noexcept;
    static curl_socket_t onOpenSocket(void* self, curlsocktype, curl_sockaddr* address) noexcept;
    static CURLcode onTlsContext(CURL*, void* context, void*) noexcept;
    static std::size_t onHeader(char* bytes, std::size_t, std::size_t size, void* self) noexcept;
    static std::size_t onBody(char* bytes, std::size_t, std::size_t size, void* self) noexcept;
    static int onProgress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) noexcept;

    void configure(CURL* handle);
    void configureRequest(CURL* handle);
    /// What libcurl calls a success may still be an answer that was cut off.
    bool isWhole(long status) const;
    void takeHeader(std::string_view line);
    bool fits(std::size_t more) noexcept;
    std::string reasonOf(CURLcode code) const;

    const Settings& settings_;
    const base::Clock& clock_;
    const Target& target_;
    const Request& request_;
    std::function<bool()> release_;

    std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> headers_{nullptr,
                                                                         curl_slist_free_all};
    std::string error_text_ = std::string(CURL_ERROR_SIZE, '\0');
    TransferResult result_;
    Stop stop_ = Stop::None;
    bool asked_ = false;
    bool headers_ended_ = false;
    bool body_began_ = false;
    std::int64_t ends_at_ms_ = 0;     // monotonic
    std::int64_t released_at_ms_ = 0; // monotonic
    bool answer_began_ = false;
    std::size_t received_bytes_ = 0;
};

} // namespace hub::egress
