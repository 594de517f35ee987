#include "app/cli/admin_client.hpp"

#include "app/cli/unix_socket.hpp"

#include <fmt/format.h>

namespace hub::cli {

namespace {

constexpr std::size_t kAnswerBytesMax = 64 * 1024 * 1024;

} // namespace

Result<AdminReply> callHub(const std::filesystem::path& socket,
                           const AdminRequest& request,
                           const std::function<void(const StreamItem&)>& item)
{
    Result<UnixSocket> connection = UnixSocket::connect(socket);
    if (!connection.ok()) {
        return connection.error();
    }
    // A hub that refuses this user answers without reading, so a failed write is no verdict.
    connection.value().write(toLine(request));
    for (;;) {
        // No deadline: the person who waits decides how long.
        const Result<std::string> line = connection.value().readLine(kAnswerBytesMax, std::nullopt);
        if (!line.ok()) {
            return Error{HUB_OUTCOME_UNKNOWN,
                         fmt::format("the hub ended before it answered ({}); look at its log, then "
                                     "see whether the command took effect",
                                     line.error().message)};
        }
        Result<ServerLine> parsed = parseServerLine(line.value());
        if (!parsed.ok()) {
            return parsed.error();
        }
        if (!parsed.value().is_item) {
            return std::move(parsed.value().reply);
        }
        item(parsed.value().item);
    }
}

} // namespace hub::cli
