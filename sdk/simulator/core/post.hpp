// Posts a message to a merchant's address over http or https and reports what came back.
#pragma once

#include "core/message.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace hub::simulator {

struct Post {
    std::string url;
    OutMessage message;
    std::filesystem::path trust_file;  ///< empty: the system's authorities
    std::int64_t patience_ms = 10'000; ///< how long the answer may take
};

struct PostAnswer {
    int http_status = 0; ///< 0: no answer; `body` then says why
    std::string body;
};

/// Never throws for what happens on the network. A thread keeps its connection for the next message
/// to the same origin; one that the merchant has closed meanwhile is opened again, and a message
/// that it may have taken is sent again, as providers do.
PostAnswer post(const Post& what);

/// The same bytes several times, one after the other or all at once; one answer per copy.
std::vector<PostAnswer> postCopies(const Post& what, int copies, bool at_once);

} // namespace hub::simulator
