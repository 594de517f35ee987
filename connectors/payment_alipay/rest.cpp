#include "rest.hpp"

namespace alipay {

namespace {

void appendLine(std::string& text, std::string_view line)
{
    text += line;
    text += '\n';
}

void appendMember(std::string& text, std::string_view name, std::string_view value)
{
    text += text.empty() ? "" : ",";
    text += name;
    text += '=';
    text += value;
}

} // namespace

std::string restCredentials(std::string_view app_id,
                            std::string_view certificate_number,
                            std::string_view nonce,
                            std::int64_t timestamp_ms)
{
    std::string text;
    appendMember(text, "app_id", app_id);
    if (!certificate_number.empty()) {
        appendMember(text, "app_cert_sn", certificate_number);
    }
    appendMember(text, "nonce", nonce);
    appendMember(text, "timestamp", std::to_string(timestamp_ms));
    return text;
}

std::string restSignText(std::string_view credentials,
                         std::string_view method,
                         std::string_view uri,
                         std::string_view body)
{
    std::string text;
    for (const std::string_view line : {credentials, method, uri, body}) {
        appendLine(text, line);
    }
    return text;
}

std::string restAuthorization(std::string_view credentials, std::string_view signature_base64)
{
    std::string text{"ALIPAY-SHA256withRSA "};
    text += credentials;
    text += ",sign=";
    text += signature_base64;
    return text;
}

std::string
restAnswerText(std::string_view timestamp, std::string_view nonce, std::string_view body)
{
    std::string text;
    for (const std::string_view line : {timestamp, nonce, body}) {
        appendLine(text, line);
    }
    return text;
}

} // namespace alipay
