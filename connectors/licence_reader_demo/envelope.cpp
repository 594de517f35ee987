#include "envelope.hpp"

#include "encoding.hpp"

namespace licence_reader {

std::string requestText(const Envelope& envelope, std::string_view body)
{
    return "LICENCE1-REQUEST\n" + envelope.method + "\n" + envelope.target + "\n" +
           std::to_string(envelope.timestamp_s) + "\n" + envelope.nonce + "\n" + sha256(body);
}

std::string answerText(const Envelope& envelope, std::uint32_t http_status, std::string_view body)
{
    return "LICENCE1-ANSWER\n" + std::to_string(http_status) + "\n" + envelope.nonce + "\n" +
           sha256(body);
}

} // namespace licence_reader
