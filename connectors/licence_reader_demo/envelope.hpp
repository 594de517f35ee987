// Over which text requests and answers are signed. Pure; the signature itself is made by the hub,
// which keeps the secret. Facts: README.md, "Signatures".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace licence_reader {

struct Envelope {
    std::string method = "POST";
    std::string target; // path and query as they are sent
    std::int64_t timestamp_s = 0;
    std::string nonce; // of one request, which its answer is bound to
};

std::string requestText(const Envelope& envelope, std::string_view body);
std::string answerText(const Envelope& envelope, std::uint32_t http_status, std::string_view body);

} // namespace licence_reader
