// HttpHead: where an answer of our gateway ends, read from what has come so far.
#pragma once

#include <cstddef>
#include <string_view>

namespace bench {

struct HttpHead {
    int status = 0;
    std::size_t bytes = 0; // of head and body; 0 until the head is whole
    std::size_t body_at = 0;
    bool ends_connection = false;
};

/// Our gateway writes its fields in one spelling. Throws std::runtime_error for what is no answer.
HttpHead readHead(std::string_view received);

} // namespace bench
