#include "egress/target.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <string_view>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace hub::egress {

namespace {

constexpr std::string_view kScheme = "https://";
constexpr std::uint16_t kHttpsPort = 443;

Error refused(std::string text)
{
    return {HUB_REJECTED, std::move(text)};
}

bool contains(const std::vector<std::string>& list, std::string_view value)
{
    return std::find(list.begin(), list.end(), value) != list.end();
}

bool isDigit(char c) noexcept
{
    return c >= '0' && c <= '9';
}

/// A host whose last label begins with a digit is an address in one of its many spellings.
bool looksLikeAddress(std::string_view host) noexcept
{
    const std::size_t dot = host.rfind('.');
    const std::string_view last = dot == std::string_view::npos ? host : host.substr(dot + 1);
    return last.empty() || isDigit(last.front()) || host.front() == '[';
}

bool isHostText(std::string_view host) noexcept
{
    if (host.starts_with('[')) {
        return host.ends_with(']') &&
               host.find_first_not_of("0123456789abcdef:.", 1) == host.size() - 1;
    }
    return !host.empty() && std::all_of(host.begin(), host.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || isDigit(c) || c == '-' || c == '.';
    });
}

struct Authority {
    std::string_view host;
    std::uint16_t port = kHttpsPort;
};

Result<Authority> parseAuthority(std::string_view text)
{
    const std::size_t colon = text.rfind(':');
    Authority authority{text};
    if (colon != std::string_view::npos && !text.ends_with(']')) {
        const std::string_view digits = text.substr(colon + 1);
        const auto [end, error] =
            std::from_chars(digits.data(), digits.data() + digits.size(), authority.port);
        if (error != std::errc{} || end != digits.data() + digits.size() || digits.front() == '0') {
            return refused("the URL's port is no number from 1 to 65535");
        }
        authority.host = text.substr(0, colon);
    }
    if (!isHostText(authority.host)) {
        return refused(
            "the URL's host must be a plain name in lower case, without user or password");
    }
    return authority;
}

Result<Target> parseUrl(std::string_view url)
{
    if (!url.starts_with(kScheme)) {
        return refused("the URL must begin with https://");
    }
    // One reader must not see another host than the next one: no space, control, '\' or non-ASCII.
    const bool plain = std::all_of(url.begin(), url.end(), [](char c) {
        return c > ' ' && c < 0x7F && c != '\\' && c != '#';
    });
    if (!plain) {
        return refused(
            "the URL holds a fragment, a backslash or a character outside printable ASCII; "
            "percent-encode it");
    }
    url.remove_prefix(kScheme.size());
    const std::size_t end = std::min(url.find_first_of("/?"), url.size());
    const auto authority = parseAuthority(url.substr(0, end));
    if (!authority) {
        return authority.error();
    }
    url.remove_prefix(end);
    const std::size_t question = std::min(url.find('?'), url.size());
    Target target;
    target.host = authority.value().host;
    target.origin = fmt::format("{}:{}", target.host, authority.value().port);
    target.path = question == 0 ? "/" : std::string(url.substr(0, question));
    target.query = question == url.size() ? "" : std::string(url.substr(question + 1));
    return target;
}

char lower(char c) noexcept
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string toLower(std::string_view text)
{
    std::string lowered(text);
    std::transform(lowered.begin(), lowered.end(), lowered.begin(), lower);
    return lowered;
}

Result<void> checkHeader(const std::string& name, const std::string& value)
{
    constexpr std::string_view kTokenSigns = "!#$%&'*+-.^_`|~";
    const bool token = !name.empty() && std::all_of(name.begin(), name.end(), [&](char c) {
        return (lower(c) >= 'a' && lower(c) <= 'z') || isDigit(c) ||
               kTokenSigns.find(c) != std::string_view::npos;
    });
    if (!token) {
        return refused("a request header's name is no token");
    }
    if (value.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos) {
        return refused(fmt::format("request header \"{}\" holds a line break", name));
    }
    // These decide where a request goes or where it ends: the hub writes them.
    constexpr std::array<std::string_view, 8> kOwn{"host",
                                                   "content-length",
                                                   "transfer-encoding",
                                                   "connection",
                                                   "expect",
                                                   "upgrade",
                                                   "te",
                                                   "trailer"};
    const std::string lowered = toLower(name);
    if (std::find(kOwn.begin(), kOwn.end(), lowered) != kOwn.end() ||
        lowered.starts_with("proxy-")) {
        return refused(
            fmt::format("request header \"{}\" is the hub's to write; leave it out", name));
    }
    return {};
}

/// Prefixes of IPv4 that are not public: RFC 6890 and its successors, multicast, reserved.
struct Range {
    std::uint32_t prefix;
    int bits;
};
constexpr std::array<Range, 15> kNotPublic{{
    {0x00000000, 8},  // this network
    {0x0A000000, 8},  // private
    {0x64400000, 10}, // shared by carriers
    {0x7F000000, 8},  // loopback
    {0xA9FE0000, 16}, // link-local
    {0xAC100000, 12}, // private
    {0xC0000000, 24}, // protocol assignments
    {0xC0000200, 24}, // documentation
    {0xC0586300, 24}, // 6to4 relays
    {0xC0A80000, 16}, // private
    {0xC6120000, 15}, // benchmarks
    {0xC6336400, 24}, // documentation
    {0xCB007100, 24}, // documentation
    {0xE0000000, 4},  // multicast
    {0xF0000000, 4},  // reserved, broadcast
}};

bool isPublicIpv4(std::uint32_t address) noexcept
{
    return std::none_of(kNotPublic.begin(), kNotPublic.end(), [&](const Range& range) {
        return (address >> (32 - range.bits)) == (range.prefix >> (32 - range.bits));
    });
}

bool isPublicIpv6(const std::array<std::uint8_t, 16>& bytes) noexcept
{
    const auto word = [&](std::size_t i) {
        return bytes[i] << 8 | bytes[i + 1];
    };
    // NAT64 (RFC 6052) carries an IPv4 address; networks without IPv4 reach everything by it.
    if (word(0) == 0x0064 && word(2) == 0xFF9B &&
        std::all_of(bytes.begin() + 4, bytes.begin() + 12, [](std::uint8_t b) { return b == 0; })) {
        return isPublicIpv4(static_cast<std::uint32_t>(word(12)) << 16U |
                            static_cast<std::uint32_t>(word(14)));
    }
    const bool global = bytes[0] >> 5 == 1;                  // 2000::/3
    const bool protocol = word(0) == 0x2001 && bytes[2] < 2; // 2001::/23, with Teredo
    const bool documentation = (word(0) == 0x2001 && word(2) == 0x0DB8) || word(0) == 0x3FFF;
    const bool tunnel = word(0) == 0x2002; // 6to4
    return global && !protocol && !documentation && !tunnel;
}

} // namespace

Result<Target> checkRequest(const AllowList& allow, const Request& request)
{
    Result<Target> target = parseUrl(request.url);
    if (!target) {
        return target;
    }
    const std::string& origin = target.value().origin;
    target.value().exact = contains(allow.exact, origin);
    const bool listed = origin == target.value().host + ":443" &&
                        contains(allow.hosts, target.value().host) &&
                        !looksLikeAddress(target.value().host);
    if (!target.value().exact && !listed) {
        return refused(
            fmt::format("{} is not among the hosts that this connector may talk to; add it "
                        "to \"http.hosts\" of its manifest",
                        origin));
    }
    if (!contains(allow.methods, request.method)) {
        return refused(
            fmt::format("method \"{}\" is not among those that this connector may use; add it "
                        "to \"http.methods\" of its manifest",
                        request.method));
    }
    if (request.method == "HEAD" && !request.body.empty()) {
        return refused("a HEAD request has no body");
    }
    for (const auto& [name, value] : request.headers) {
        if (auto checked = checkHeader(name, value); !checked) {
            return checked.error();
        }
    }
    return target;
}

bool isPublicAddress(const sockaddr& address) noexcept
{
    if (address.sa_family == AF_INET) {
        sockaddr_in ipv4{};
        std::memcpy(&ipv4, &address, sizeof ipv4);
        return isPublicIpv4(ntohl(ipv4.sin_addr.s_addr));
    }
    if (address.sa_family == AF_INET6) {
        sockaddr_in6 ipv6{};
        std::memcpy(&ipv6, &address, sizeof ipv6);
        std::array<std::uint8_t, 16> bytes{};
        std::memcpy(bytes.data(), &ipv6.sin6_addr, bytes.size());
        return isPublicIpv6(bytes);
    }
    return false;
}

} // namespace hub::egress
