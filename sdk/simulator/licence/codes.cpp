#include "licence/codes.hpp"

#include <algorithm>
#include <array>

namespace hub::simulator::licence {

namespace {

struct Code {
    std::string_view code;
    int status;
    std::string_view words;
    bool is_signed;
};

constexpr std::array<Code, 19> kCodes{{
    // Who asks is not known yet, so nothing could be signed for anybody.
    {"PATH_UNKNOWN", 404, "There is no such path.", false},
    {"METHOD_NOT_ALLOWED", 405, "Use POST.", false},
    {"HEADER_MISSING", 400, "A header of the signature is missing.", false},
    {"HEADER_MALFORMED", 400, "A header of the signature is not of its form.", false},
    {"KEY_UNKNOWN", 401, "The key is not known.", false},
    {"SIGNATURE_WRONG", 401, "The signature is not over this request.", false},
    // The gate.
    {"TIMESTAMP_OUT_OF_WINDOW", 401, "The time is too far from the provider's.", true},
    {"NONCE_USED", 409, "The nonce was used.", true},
    {"KEY_SUSPENDED", 403, "The account is suspended.", true},
    {"BALANCE_EMPTY", 402, "The account has no readings left.", true},
    {"RATE_LIMITED", 429, "Too many requests.", true},
    // The request.
    {"QUERY_MALFORMED", 400, "The query must be kind=KIND alone.", true},
    {"KIND_UNKNOWN", 400, "This kind of licence is not read.", true},
    {"MEDIA_TYPE_UNSUPPORTED", 415, "Only image/jpeg and image/png are read.", true},
    {"MEDIA_TYPE_MISMATCH", 415, "The bytes are of another format than was stated.", true},
    {"PICTURE_TOO_LARGE", 413, "The picture has too many bytes.", true},
    {"PICTURE_TOO_MANY_PIXELS", 413, "The picture has too many pixels.", true},
    // The service.
    {"BUSY", 503, "Try again later.", true},
    {"INTERNAL", 500, "The service failed.", true},
}};

} // namespace

Answer refusal(std::string_view code, int status)
{
    const auto* known = std::find_if(
        kCodes.begin(), kCodes.end(), [&](const Code& one) { return one.code == code; });
    const bool is_listed = known != kCodes.end();
    constexpr int kUsualStatus = 400;
    Answer answer;
    answer.status = status != 0 ? status : is_listed ? known->status : kUsualStatus;
    answer.code = code;
    answer.is_signed = !is_listed || known->is_signed;
    answer.fields = {{"code", code},
                     {"message", is_listed ? known->words : std::string_view("Refused.")}};
    return answer;
}

Answer success(Json fields)
{
    Answer answer;
    answer.code = "OK";
    answer.fields = {{"code", "OK"}};
    answer.fields.update(fields);
    return answer;
}

} // namespace hub::simulator::licence
