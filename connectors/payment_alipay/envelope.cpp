#include "envelope.hpp"

#include <algorithm>
#include <vector>

namespace alipay {

namespace {

constexpr std::string_view kErrorNode = "error_response";
constexpr std::string_view kBlank = " \t\r\n";

template <typename Keep>
std::string signText(const Parameters& parameters, Keep keep)
{
    std::vector<const Parameters::value_type*> kept;
    for (const auto& parameter : parameters) {
        if (!parameter.second.empty() && keep(parameter.first)) {
            kept.push_back(&parameter);
        }
    }
    std::sort(
        kept.begin(), kept.end(), [](const auto* a, const auto* b) { return a->first < b->first; });
    std::string text;
    for (const auto* parameter : kept) {
        if (!text.empty()) {
            text += '&';
        }
        text += parameter->first;
        text += '=';
        text += parameter->second;
    }
    return text;
}

/// The position of what follows `"name" :` at `at`, or npos when no colon follows.
std::size_t afterColon(std::string_view body, std::size_t at, std::string_view quoted_name)
{
    const auto colon = body.find_first_not_of(kBlank, at + quoted_name.size());
    if (colon == std::string_view::npos || body[colon] != ':') {
        return std::string_view::npos;
    }
    return body.find_first_not_of(kBlank, colon + 1);
}

/// Where the node's { stands, or npos.
std::size_t findNode(std::string_view body, std::string_view name)
{
    const std::string quoted = '"' + std::string{name} + '"';
    const auto at = body.find(quoted);
    if (at == std::string_view::npos) {
        return std::string_view::npos;
    }
    const auto open = afterColon(body, at, quoted);
    return open != std::string_view::npos && body[open] == '{' ? open : std::string_view::npos;
}

struct SignMember {
    std::size_t at = std::string_view::npos; // of its name; npos: there is none
    std::string_view value;
};

/// The last member named "sign"; its value is the text up to the next quotation mark.
SignMember findSign(std::string_view body, std::size_t from)
{
    constexpr std::string_view kName = "\"sign\"";
    const auto at = body.rfind(kName);
    if (at == std::string_view::npos || at < from) {
        return {};
    }
    const auto open = afterColon(body, at, kName);
    if (open == std::string_view::npos || body[open] != '"') {
        return {};
    }
    const auto close = body.find('"', open + 1);
    if (close == std::string_view::npos) {
        return {};
    }
    return {at, body.substr(open + 1, close - open - 1)};
}

/// JSON may write the slashes of base64 as \/.
std::string withoutEscapes(std::string_view value)
{
    std::string out{value};
    out.erase(std::remove(out.begin(), out.end(), '\\'), out.end());
    return out;
}

} // namespace

std::string requestSignText(const Parameters& parameters)
{
    return signText(parameters, [](std::string_view name) { return name != "sign"; });
}

std::string noticeSignText(const Parameters& parameters, SignType sign_type)
{
    return signText(parameters, [sign_type](std::string_view name) {
        return name != "sign" && (name != "sign_type" || sign_type == SignType::Kept);
    });
}

std::string responseNodeName(std::string_view method)
{
    std::string name{method};
    std::replace(name.begin(), name.end(), '.', '_');
    return name + "_response";
}

hub::Result<SignedNode> findSignedNode(std::string_view body, std::string_view node_name)
{
    SignedNode node;
    auto open = findNode(body, node_name);
    if (open == std::string_view::npos) {
        open = findNode(body, kErrorNode);
        node.is_error_node = true;
    }
    if (open == std::string_view::npos) {
        return hub::Error{HUB_BAD_REQUEST,
                          "the answer holds neither " + std::string{node_name} +
                              " nor error_response"};
    }
    const SignMember sign = findSign(body, open);
    // Unsigned, the outermost brace closes the answer and the one before it closes the node.
    const auto end = sign.at != std::string_view::npos ? sign.at : body.rfind('}');
    const auto close = end == std::string_view::npos || end == 0 ? std::string_view::npos
                                                                 : body.rfind('}', end - 1);
    if (close == std::string_view::npos || close < open) {
        return hub::Error{HUB_BAD_REQUEST, "the answer's node is not closed"};
    }
    node.source = body.substr(open, close - open + 1);
    auto signature = fromBase64(withoutEscapes(sign.value));
    if (!signature.ok()) {
        return hub::Error{HUB_BAD_REQUEST, "the answer's signature is no base64"};
    }
    node.signature = std::move(signature).value();
    return node;
}

} // namespace alipay
