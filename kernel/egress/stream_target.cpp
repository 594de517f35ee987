#include "egress/stream_target.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace hub::egress {

namespace {

bool contains(const std::vector<std::string>& list, std::string_view value)
{
    return std::find(list.begin(), list.end(), value) != list.end();
}

bool isPort(std::string_view digits)
{
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    return error == std::errc{} && end == digits.data() + digits.size() && port != 0;
}

} // namespace

Result<StreamTarget> checkStream(const StreamAllowList& allow, std::string_view address, bool tls)
{
    const bool exact = contains(allow.exact, address);
    if (!exact && !contains(allow.hosts, address)) {
        return Error{HUB_REJECTED,
                     fmt::format("{} is not among the hosts that this connector may talk to; add "
                                 "it to \"stream.hosts\" of its manifest, or to \"stream_exact\" "
                                 "of the account",
                                 address)};
    }
    if (tls ? !allow.tls : !allow.plain) {
        return Error{HUB_REJECTED,
                     fmt::format("{}: \"{}\" is not among \"stream.security\" of the manifest",
                                 address,
                                 tls ? "tls" : "plain")};
    }
    const std::size_t colon = address.rfind(':');
    StreamTarget target;
    target.origin = address;
    target.may_be_private = exact && allow.exact_may_be_private;
    if (colon != std::string_view::npos) {
        target.host = address.substr(0, colon);
        target.port = address.substr(colon + 1);
    }
    if (target.host.starts_with('[') && target.host.ends_with(']')) {
        target.host = target.host.substr(1, target.host.size() - 2);
    }
    if (target.host.empty() || !isPort(target.port)) {
        return Error{HUB_REJECTED,
                     fmt::format("{} must be host:port with a port from 1 to 65535", address)};
    }
    return target;
}

} // namespace hub::egress
