#include "egress/transfer.hpp"

#include "base/exception.hpp"
#include "base/failpoint.hpp"

#include <fmt/format.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <string_view>

#include <sys/socket.h>

namespace hub::egress {

namespace {

// Shorter than what providers let a connection idle: one that dies under a request costs a query.
constexpr long kIdleSecondsMax = 20;
constexpr long kConnectionsMax = 2;

template <typename Value>
void set(CURL* handle, CURLoption option, Value value)
{
    if (const CURLcode code = curl_easy_setopt(handle, option, value); code != CURLE_OK) {
        throw base::Failure(HUB_INTERNAL,
                            "libcurl refuses option {}: {}",
                            static_cast<int>(option),
                            curl_easy_strerror(code));
    }
}

bool sameName(std::string_view a, std::string_view b) noexcept
{
    return a.size() == b.size() && curl_strnequal(a.data(), b.data(), a.size()) != 0;
}

std::string_view trim(std::string_view text) noexcept
{
    const std::size_t first = text.find_first_not_of(" \t");
    const std::size_t last = text.find_last_not_of(" \t\r\n");
    return first == std::string_view::npos || last == std::string_view::npos || last < first
               ? std::string_view()
               : text.substr(first, last - first + 1);
}

std::string addressOf(const Request& request)
{
    std::string url = request.url;
    for (const auto& [placeholder, secret] : request.url_secrets) {
        for (std::size_t at = url.find(placeholder); at != std::string::npos;
             at = url.find(placeholder, at + secret.size())) {
            url.replace(at, placeholder.size(), secret);
        }
    }
    return url;
}

// libcurl takes a connection that is cut for the end of a body without a length; only the proper
// end of TLS, the alert close_notify, is one. A connection outlives the transfer that made it, but
// what reads from it is the transfer that runs on this thread.
thread_local bool tls_ended_properly = false;

void noteEndOfTls(const SSL*, int where, int alert) noexcept
{
    constexpr int kAlertNumber = 0xFF;
    if (where == SSL_CB_READ_ALERT && (alert & kAlertNumber) == SSL_AD_CLOSE_NOTIFY) {
        tls_ended_properly = true;
    }
}

} // namespace

HandlePool::HandlePool(std::size_t idle_max)
    : idle_max_(idle_max)
{}

CurlPtr HandlePool::take(const std::string& account)
{
    {
        const std::lock_guard lock(mutex_);
        // The most recently used one: its connection is the most likely to live.
        const auto found = std::find_if(
            idle_.rbegin(), idle_.rend(), [&](const auto& idle) { return idle.first == account; });
        if (found != idle_.rend()) {
            CurlPtr handle = std::move(found->second);
            idle_.erase(std::next(found).base());
            return handle;
        }
    }
    CurlPtr handle(curl_easy_init());
    if (!handle) {
        throw base::Failure(HUB_UNAVAILABLE, "libcurl gives out no handle");
    }
    return handle;
}

void HandlePool::giveBack(const std::string& account, CurlPtr handle)
{
    CurlPtr oldest; // closed outside of the lock: closing talks to the peer
    const std::lock_guard lock(mutex_);
    idle_.emplace_back(account, std::move(handle));
    if (idle_.size() > idle_max_) {
        oldest = std::move(idle_.front().second);
        idle_.pop_front();
    }
}

Transfer::Transfer(const Settings& settings,
                   const base::Clock& clock,
                   const Target& target,
                   const Request& request,
                   std::function<bool()> release)
    : settings_(settings)
    , clock_(clock)
    , target_(target)
    , request_(request)
    , release_(std::move(release))
{}

TransferResult Transfer::run(CURL* handle, std::int64_t timeout_ms)
{
    ends_at_ms_ = clock_.monotonicMs() + timeout_ms;
    curl_easy_reset(handle); // keeps the connections
    configure(handle);
    configureRequest(handle);
    set(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(timeout_ms));
    set(handle,
        CURLOPT_CONNECTTIMEOUT_MS,
        static_cast<long>(std::min(settings_.connect_timeout_ms, timeout_ms)));
    const CURLcode code = curl_easy_perform(handle);
    long status = 0;
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
    // The handle outlives this object; nothing in it may point here.
    curl_easy_reset(handle);
    result_.response.http_status = static_cast<std::uint32_t>(status);
    result_.complete = code == CURLE_OK && stop_ == Stop::None && status >= 200 && isWhole(status);
    if (!result_.complete) {
        result_.reason = reasonOf(code);
        result_.response = {};
    }
    return std::move(result_);
}

bool Transfer::isWhole(long status) const
{
    // A connection that ends among the headers is no error to libcurl.
    if (!headers_ended_) {
        return false;
    }
    const bool bodiless = request_.method == "HEAD" || status == 204 || status == 304;
    const auto& headers = result_.response.headers;
    const bool framed = std::any_of(headers.begin(), headers.end(), [](const auto& header) {
        return header.first == "content-length" ||
               (header.first == "transfer-encoding" && sameName(header.second, "chunked"));
    });
    return bodiless || framed || tls_ended_properly;
}

void Transfer::configure(CURL* handle)
{
    set(handle, CURLOPT_ERRORBUFFER, error_text_.data());
    set(handle, CURLOPT_NOSIGNAL, 1L);
    set(handle, CURLOPT_PROTOCOLS_STR, "https");
    set(handle, CURLOPT_REDIR_PROTOCOLS_STR, "https");
    set(handle, CURLOPT_FOLLOWLOCATION, 0L);
    set(handle, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    set(handle, CURLOPT_PROXY, "");
    set(handle, CURLOPT_NOPROXY, "*");
    set(handle, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
    set(handle, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    set(handle, CURLOPT_SSL_VERIFYPEER, 1L);
    set(handle, CURLOPT_SSL_VERIFYHOST, 2L);
    if (!settings_.ca_file.empty()) {
        set(handle, CURLOPT_CAINFO, settings_.ca_file.c_str());
        set(handle, CURLOPT_CAPATH, static_cast<const char*>(nullptr));
    }
    set(handle, CURLOPT_SSL_CTX_FUNCTION, &Transfer::onTlsContext);
    set(handle, CURLOPT_MAXCONNECTS, kConnectionsMax);
    set(handle, CURLOPT_MAXAGE_CONN, kIdleSecondsMax);

    set(handle, CURLOPT_OPENSOCKETFUNCTION, &Transfer::onOpenSocket);
    set(handle, CURLOPT_OPENSOCKETDATA, static_cast<void*>(this));
    set(handle, CURLOPT_PREREQFUNCTION, &Transfer::onBeforeSending);
    set(handle, CURLOPT_PREREQDATA, static_cast<void*>(this));
    set(handle, CURLOPT_HEADERFUNCTION, &Transfer::onHeader);
    set(handle, CURLOPT_HEADERDATA, static_cast<void*>(this));
    set(handle, CURLOPT_WRITEFUNCTION, &Transfer::onBody);
    set(handle, CURLOPT_WRITEDATA, static_cast<void*>(this));
    set(handle, CURLOPT_XFERINFOFUNCTION, &Transfer::onProgress);
    set(handle, CURLOPT_XFERINFODATA, static_cast<void*>(this));
    set(handle, CURLOPT_NOPROGRESS, 0L);
}

void Transfer::configureRequest(CURL* handle)
{
    set(handle, CURLOPT_URL, addressOf(request_).c_str()); // libcurl keeps a copy
    set(handle, CURLOPT_PATH_AS_IS, 1L); // what is signed and recorded is what is sent
    const std::string& method = request_.method;
    if (method == "HEAD") {
        set(handle, CURLOPT_NOBODY, 1L);
    } else if (!request_.body.empty() || method == "POST" || method == "PUT" || method == "PATCH") {
        set(handle, CURLOPT_POST, 1L);
        set(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
        set(handle, CURLOPT_POSTFIELDS, request_.body.c_str());
    }
    set(handle, CURLOPT_CUSTOMREQUEST, method.c_str());

    const auto add = [this](const std::string& line) {
        curl_slist* longer = curl_slist_append(headers_.get(), line.c_str());
        if (longer == nullptr) {
            throw base::Failure(HUB_UNAVAILABLE, "there is no memory for a request header");
        }
        (void)headers_.release();
        headers_.reset(longer);
    };
    bool typed = false;
    bool accepts = false;
    for (const auto& [name, value] : request_.headers) {
        // "Name;" is libcurl's way to write a header without a value; "Name:" removes it.
        add(value.empty() ? name + ";" : fmt::format("{}: {}", name, value));
        typed = typed || sameName(name, "content-type");
        accepts = accepts || sameName(name, "accept");
    }
    // What the library did not ask for is not sent, and nobody waits for "100 Continue".
    add("Expect:");
    if (!typed) {
        add("Content-Type:");
    }
    if (!accepts) {
        add("Accept:");
    }
    set(handle, CURLOPT_HTTPHEADER, headers_.get());
}

int Transfer::onBeforeSending(void* self, char*, char*, int, int) noexcept
{
    auto& transfer = *static_cast<Transfer*>(self);
    if (transfer.asked_) {
        // libcurl wants to send again on a new connection, because the kept one died under the
        // request. The provider may have it: never again.
        transfer.stop_ = Stop::Resend;
        return CURL_PREREQFUNC_ABORT;
    }
    transfer.asked_ = true;
    if (transfer.clock_.monotonicMs() >= transfer.ends_at_ms_) {
        transfer.stop_ = Stop::Late;
        return CURL_PREREQFUNC_ABORT;
    }
    transfer.stop_ = Stop::Withheld;
    try {
        transfer.result_.released = transfer.release_();
    } catch (...) {
        transfer.stop_ = Stop::Unmarked; // libcurl is C: nothing may pass through it
    }
    if (!transfer.result_.released) {
        transfer.result_.withheld = true;
        return CURL_PREREQFUNC_ABORT;
    }
    transfer.stop_ = Stop::None;
    tls_ended_properly = false; // of this connection, from here on
    transfer.released_at_ms_ = transfer.clock_.monotonicMs();
    return CURL_PREREQFUNC_OK;
}

curl_socket_t Transfer::onOpenSocket(void* self, curlsocktype, curl_sockaddr* address) noexcept
{
    auto& transfer = *static_cast<Transfer*>(self);
    if (!transfer.target_.exact && !isPublicAddress(address->addr)) {
        transfer.stop_ = Stop::Address;
        return CURL_SOCKET_BAD;
    }
    return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

CURLcode Transfer::onTlsContext(CURL*, void* context, void*) noexcept
{
    SSL_CTX_set_info_callback(static_cast<SSL_CTX*>(context), noteEndOfTls);
    return CURLE_OK;
}

std::size_t Transfer::onHeader(char* bytes, std::size_t, std::size_t size, void* self) noexcept
{
    auto& transfer = *static_cast<Transfer*>(self);
    transfer.answer_began_ = true;
    if (!transfer.fits(size)) {
        return 0;
    }
    transfer.takeHeader({bytes, size});
    return size;
}

void Transfer::takeHeader(std::string_view line)
{
    if (body_began_) {
        return; // a trailer
    }
    auto& headers = result_.response.headers;
    if (line.starts_with("HTTP/")) {
        headers.clear(); // those of an interim answer
        headers_ended_ = false;
        return;
    }
    headers_ended_ = headers_ended_ || line == "\r\n" || line == "\n";
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) {
        return;
    }
    std::string name(line.substr(0, colon));
    std::transform(name.begin(), name.end(), name.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    headers.emplace_back(std::move(name), trim(line.substr(colon + 1)));
}

std::size_t Transfer::onBody(char* bytes, std::size_t, std::size_t size, void* self) noexcept
{
    auto& transfer = *static_cast<Transfer*>(self);
    transfer.body_began_ = true;
    if (!transfer.fits(size)) {
        return 0;
    }
    transfer.result_.response.body.append(bytes, size);
    return size;
}

bool Transfer::fits(std::size_t more) noexcept
{
    received_bytes_ += more;
    if (received_bytes_ > settings_.response_bytes_max) {
        stop_ = Stop::TooLarge;
        return false;
    }
    return true;
}

int Transfer::onProgress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) noexcept
{
    auto& transfer = *static_cast<Transfer*>(self);
    if (transfer.result_.released && !transfer.answer_began_) {
        HUB_FAILPOINT(RequestOnTheWire);
    }
    if (transfer.result_.released && !transfer.answer_began_ &&
        transfer.clock_.monotonicMs() - transfer.released_at_ms_ >
            transfer.settings_.first_byte_timeout_ms) {
        transfer.stop_ = Stop::FirstByte;
        return 1;
    }
    return 0;
}

std::string Transfer::reasonOf(CURLcode code) const
{
    const std::string& origin = target_.origin;
    switch (stop_) {
    case Stop::Withheld:
        return fmt::format("{}: not sent: the call was fenced", origin);
    case Stop::Unmarked:
        return fmt::format("{}: not sent: the call can't be marked as sending", origin);
    case Stop::Late:
        return fmt::format("{}: not sent: the time was up when the connection stood", origin);
    case Stop::Resend:
        return fmt::format(
            "{}: the kept connection died under the request, which is never sent twice", origin);
    case Stop::FirstByte:
        return fmt::format(
            "{}: no answer began within {} ms", origin, settings_.first_byte_timeout_ms);
    case Stop::TooLarge:
        return fmt::format("{}: the answer is over {} bytes", origin, settings_.response_bytes_max);
    case Stop::Address:
        if (!asked_) {
            return fmt::format(
                "{}: no connection: the name resolves to an address that is not public", origin);
        }
        break;
    case Stop::None:
        break;
    }
    // After the release libcurl's own text could quote the answer.
    const char* detail = code == CURLE_OK ? "the connection ended before the answer did"
                         : asked_ || error_text_.front() == '\0' ? curl_easy_strerror(code)
                                                                 : error_text_.c_str();
    return fmt::format(
        "{}: {}: {}", origin, asked_ ? "no complete answer" : "no connection", detail);
}

} // namespace hub::egress
