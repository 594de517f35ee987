#include "support/https_fake.hpp"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cctype>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

namespace hub::testing {

namespace {

using PkeyPtr = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using X509Ptr = std::unique_ptr<X509, decltype(&X509_free)>;

constexpr long kDaySeconds = 86400;

void require(bool good, const char* what)
{
    if (!good) {
        throw std::runtime_error(std::string("the HTTPS fake can't ") + what);
    }
}

void extend(X509* certificate, X509* issuer, int kind, const char* value)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value);
    require(extension != nullptr && X509_add_ext(certificate, extension, -1) == 1,
            "extend a certificate");
    X509_EXTENSION_free(extension);
}

struct Identity {
    PkeyPtr key{nullptr, EVP_PKEY_free};
    X509Ptr certificate{nullptr, X509_free};
};

/// Signed by `issuer`, or by itself when there is none.
Identity makeIdentity(const char* name,
                      const Identity* issuer,
                      const char* alternative_names,
                      long valid_seconds)
{
    static std::atomic<long> serial{1};
    Identity made;
    made.key.reset(EVP_EC_gen("P-256"));
    made.certificate.reset(X509_new());
    X509* certificate = made.certificate.get();
    require(made.key && certificate != nullptr, "make a key");
    X509_set_version(certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), serial++);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -2 * kDaySeconds);
    X509_gmtime_adj(X509_getm_notAfter(certificate), valid_seconds);
    X509_set_pubkey(certificate, made.key.get());
    X509_NAME* subject = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_txt(
        subject, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(name), -1, -1, 0);
    X509* issuing = issuer != nullptr ? issuer->certificate.get() : certificate;
    X509_set_issuer_name(certificate, X509_get_subject_name(issuing));
    if (issuer == nullptr) {
        extend(certificate, issuing, NID_basic_constraints, "critical,CA:TRUE");
        extend(certificate, issuing, NID_key_usage, "critical,keyCertSign,cRLSign");
    } else {
        extend(certificate, issuing, NID_subject_alt_name, alternative_names);
    }
    EVP_PKEY* signer = issuer != nullptr ? issuer->key.get() : made.key.get();
    require(X509_sign(certificate, signer, EVP_sha256()) > 0, "sign a certificate");
    return made;
}

std::filesystem::path writePem(X509* certificate)
{
    std::string path = (std::filesystem::temp_directory_path() / "expohub-fake-ca-XXXXXX").string();
    const int descriptor = ::mkstemp(path.data());
    require(descriptor >= 0, "make a file for its CA");
    std::FILE* file = ::fdopen(descriptor, "w");
    require(file != nullptr && PEM_write_X509(file, certificate) == 1, "write its CA");
    std::fclose(file);
    return path;
}

std::size_t bodyBytes(std::string_view head)
{
    std::string lowered(head);
    std::transform(lowered.begin(), lowered.end(), lowered.begin(), [](unsigned char c) {
        return static_cast<char>(std::tolower(c));
    });
    const std::size_t at = lowered.find("\r\ncontent-length:");
    return at == std::string::npos ? 0 : std::strtoul(lowered.c_str() + at + 17, nullptr, 10);
}

} // namespace

HttpsPeer::HttpsPeer(HttpsFake& fake, SSL* tls, int socket, int number, bool secured)
    : fake_(fake)
    , tls_(tls)
    , socket_(socket)
    , number_(number)
    , secured_(secured)
{}

HttpsPeer::~HttpsPeer()
{
    SSL_free(tls_);
}

std::optional<std::string> HttpsPeer::readRequest()
{
    for (;;) {
        const std::size_t end = buffer_.find("\r\n\r\n");
        if (end != std::string::npos) {
            const std::size_t size = end + 4 + bodyBytes(std::string_view(buffer_).substr(0, end));
            if (buffer_.size() >= size) {
                std::string request = buffer_.substr(0, size);
                buffer_.erase(0, size);
                fake_.note(request);
                return request;
            }
        }
        if (!readSome()) {
            return std::nullopt;
        }
    }
}

bool HttpsPeer::readSome()
{
    std::array<char, 4096> part{};
    const ssize_t size = secured_ ? SSL_read(tls_, part.data(), static_cast<int>(part.size()))
                                  : ::recv(socket_, part.data(), part.size(), 0);
    if (size <= 0) {
        return false;
    }
    buffer_.append(part.data(), static_cast<std::size_t>(size));
    return true;
}

std::optional<std::string> HttpsPeer::readUntil(std::string_view end)
{
    for (;;) {
        const std::size_t at = buffer_.find(end);
        if (at != std::string::npos) {
            std::string text = buffer_.substr(0, at + end.size());
            buffer_.erase(0, text.size());
            fake_.note(text);
            return text;
        }
        if (!readSome()) {
            return std::nullopt;
        }
    }
}

bool HttpsPeer::secure()
{
    secured_ = SSL_accept(tls_) == 1;
    return secured_;
}

bool HttpsPeer::send(std::string_view bytes)
{
    return secured_ ? SSL_write(tls_, bytes.data(), static_cast<int>(bytes.size())) > 0
                    : ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL) > 0;
}

void HttpsPeer::close()
{
    if (secured_) {
        SSL_shutdown(tls_);
    }
    cut();
}

void HttpsPeer::cut()
{
    ::shutdown(socket_, SHUT_RDWR);
}

void HttpsPeer::reset()
{
    const linger now{1, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

bool HttpsPeer::pause(int milliseconds)
{
    return fake_.pause(milliseconds);
}

HttpsFake::HttpsFake(Script script, Certificate certificate)
    : script_(std::move(script))
{
    std::signal(SIGPIPE, SIG_IGN); // a client that went away is no reason to die
    const Identity authority = makeIdentity("Test CA", nullptr, nullptr, kDaySeconds);
    const Identity foreign = makeIdentity("Foreign CA", nullptr, nullptr, kDaySeconds);
    const Identity own = makeIdentity(
        "127.0.0.1",
        certificate == Certificate::ForeignCa ? &foreign : &authority,
        certificate == Certificate::OtherName ? "DNS:other.example" : "IP:127.0.0.1,DNS:localhost",
        certificate == Certificate::Expired ? -kDaySeconds : kDaySeconds);
    ca_file_ = writePem(authority.certificate.get());

    context_ = SSL_CTX_new(TLS_server_method());
    require(context_ != nullptr && SSL_CTX_use_certificate(context_, own.certificate.get()) == 1 &&
                SSL_CTX_use_PrivateKey(context_, own.key.get()) == 1,
            "use its certificate");

    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* any = reinterpret_cast<sockaddr*>(&address);
    require(::bind(listener_, any, size) == 0 && ::listen(listener_, 64) == 0 &&
                ::getsockname(listener_, any, &size) == 0,
            "listen");
    port_ = ntohs(address.sin_port);
    acceptor_ = std::thread([this] { accept(); });
}

HttpsFake::~HttpsFake()
{
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        for (const int socket : open_) {
            ::shutdown(socket, SHUT_RDWR);
        }
    }
    changed_.notify_all();
    ::shutdown(listener_, SHUT_RDWR);
    acceptor_.join();
    for (std::thread& thread : threads_) {
        thread.join();
    }
    ::close(listener_);
    SSL_CTX_free(context_);
    std::error_code ignored;
    std::filesystem::remove(ca_file_, ignored);
}

void HttpsFake::accept()
{
    for (;;) {
        const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        const std::lock_guard lock(mutex_);
        if (socket < 0 || stopping_) {
            if (socket >= 0) {
                ::close(socket);
            }
            return;
        }
        open_.push_back(socket);
        const int number = ++connections_;
        threads_.emplace_back([this, socket, number] { serve(socket, number); });
    }
}

void HttpsFake::serve(int socket, int number)
{
    if (before_tls_ == BeforeTls::Hang) {
        while (pause(1000)) {}
    } else if (before_tls_ != BeforeTls::Cut) {
        const bool plain = before_tls_ == BeforeTls::Plain;
        SSL* tls = SSL_new(context_);
        SSL_set_fd(tls, socket);
        HttpsPeer peer(*this, tls, socket, number, !plain);
        if (plain || SSL_accept(tls) == 1) {
            script_(peer);
        }
    }
    const std::lock_guard lock(mutex_);
    open_.remove(socket);
    ::close(socket);
}

void HttpsFake::note(const std::string& request)
{
    {
        const std::lock_guard lock(mutex_);
        requests_.push_back(request);
    }
    changed_.notify_all();
}

bool HttpsFake::pause(int milliseconds)
{
    std::unique_lock lock(mutex_);
    return !changed_.wait_for(
        lock, std::chrono::milliseconds(milliseconds), [this] { return stopping_; });
}

std::string HttpsFake::origin() const
{
    return "127.0.0.1:" + std::to_string(port_);
}

std::string HttpsFake::url(std::string_view path) const
{
    return "https://" + origin() + std::string(path);
}

std::vector<std::string> HttpsFake::requests() const
{
    const std::lock_guard lock(mutex_);
    return requests_;
}

int HttpsFake::connections() const
{
    const std::lock_guard lock(mutex_);
    return connections_;
}

bool HttpsFake::waitForRequests(std::size_t count) const
{
    std::unique_lock lock(mutex_);
    return changed_.wait_for(
        lock, std::chrono::seconds(5), [&] { return requests_.size() >= count; });
}

std::string HttpsFake::answer(int status, std::string_view body, std::string_view headers)
{
    return "HTTP/1.1 " + std::to_string(status) + " Sample\r\n" + std::string(headers) +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

} // namespace hub::testing
