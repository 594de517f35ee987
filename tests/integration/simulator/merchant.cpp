#include "merchant.hpp"

#include <array>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <stdexcept>
#include <utility>

namespace simulator_test {

namespace {

namespace fs = std::filesystem;

std::string encode(const std::string& text)
{
    std::string encoded;
    for (const char c : text) {
        const bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
                           (c >= 'a' && c <= 'z') || c == '-' || c == '_' || c == '.';
        std::array<char, 4> hex{};
        std::snprintf(
            hex.data(), hex.size(), "%%%02X", static_cast<unsigned>(static_cast<unsigned char>(c)));
        encoded += c == ' ' ? "+" : plain ? std::string(1, c) : std::string(hex.data());
    }
    return encoded;
}

std::string decode(const std::string& text)
{
    std::string decoded;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%') {
            decoded += static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16));
            i += 2;
        } else {
            decoded += text[i] == '+' ? ' ' : text[i];
        }
    }
    return decoded;
}

fs::path write(const fs::path& path, const std::string& content)
{
    std::ofstream(path, std::ios::binary) << content;
    return path;
}

} // namespace

std::string joinSorted(const Parameters& parameters)
{
    std::string text;
    for (const auto& [name, value] : parameters) {
        if (!value.empty()) {
            text += (text.empty() ? "" : "&") + name + "=" + value;
        }
    }
    return text;
}

std::string encodeForm(const Parameters& parameters)
{
    std::string form;
    for (const auto& [name, value] : parameters) {
        form += (form.empty() ? "" : "&") + encode(name) + "=" + encode(value);
    }
    return form;
}

Parameters decodeForm(const std::string& form)
{
    Parameters parameters;
    for (std::size_t at = 0; at < form.size();) {
        const std::size_t end = std::min(form.find('&', at), form.size());
        const std::size_t equals = form.find('=', at);
        parameters[decode(form.substr(at, equals - at))] =
            decode(form.substr(equals + 1, end - equals - 1));
        at = end + 1;
    }
    return parameters;
}

std::string
signWithOpenssl(const fs::path& private_key, const std::string& text, const std::string& digest)
{
    const std::string raw =
        runProgram({"openssl", "dgst", digest, "-sign", private_key.string()}, text);
    return runProgram({"openssl", "base64", "-A"}, raw);
}

bool verifyWithOpenssl(const fs::path& public_key,
                       const std::string& text,
                       const std::string& signature_base64)
{
    static const fs::path folder = makeFolder();
    const fs::path signature = write(
        folder / "signature", runProgram({"openssl", "base64", "-d", "-A"}, signature_base64));
    const std::string verdict = runProgram({"openssl",
                                            "dgst",
                                            "-sha256",
                                            "-verify",
                                            public_key.string(),
                                            "-signature",
                                            signature.string()},
                                           text,
                                           true);
    return verdict == "Verified OK\n";
}

std::string beijingTime(long offset_s)
{
    const std::time_t at = std::time(nullptr) + 8L * 3600 + offset_s;
    std::tm fields{};
    gmtime_r(&at, &fields);
    std::array<char, 20> text{};
    std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S", &fields);
    return text.data();
}

GatewayAnswer readAnswer(const HttpAnswer& answer)
{
    GatewayAnswer read{.http_status = answer.status,
                       .raw = answer.body,
                       .node = {},
                       .signed_text = {},
                       .sign = {},
                       .fields = Json::object()};
    const Json body = Json::parse(answer.body, nullptr, false);
    if (!body.is_object() || body.empty()) {
        return read;
    }
    read.node = body.begin().key();
    read.fields = body.begin().value();
    const std::size_t start = answer.body.find('{', answer.body.find(read.node));
    const std::size_t sign = answer.body.rfind(",\"sign\":");
    const std::size_t end = sign == std::string::npos ? answer.body.size() - 1 : sign;
    read.signed_text = answer.body.substr(start, end - start);
    read.sign = body.value("sign", "");
    return read;
}

Merchant::Merchant(const Simulator& simulator, std::string app_id, std::string private_key)
    : simulator_(simulator)
    , app_id_(std::move(app_id))
    , private_key_(std::move(private_key))
{}

Parameters Merchant::parameters(const std::string& method, const Json& content) const
{
    return {{"app_id", app_id_},
            {"method", method},
            {"format", "JSON"},
            {"charset", "utf-8"},
            {"sign_type", "RSA2"},
            {"timestamp", beijingTime()},
            {"version", "1.0"},
            {"notify_url", notify_url},
            {"biz_content", content.dump()}};
}

Parameters Merchant::sign(Parameters parameters) const
{
    parameters["sign"] = signWithOpenssl(key(), joinSorted(parameters));
    return parameters;
}

GatewayAnswer Merchant::send(const Parameters& signed_parameters) const
{
    return readAnswer(simulator_.request("POST", "/gateway.do", encodeForm(signed_parameters)));
}

GatewayAnswer Merchant::call(const std::string& method, const Json& content) const
{
    return send(sign(parameters(method, content)));
}

std::string Merchant::order(const std::string& number, const std::string& amount) const
{
    const GatewayAnswer answer =
        call("alipay.trade.precreate",
             {{"out_trade_no", number}, {"total_amount", amount}, {"subject", "胸牌费 Badge fee"}});
    if (answer.code() != "10000") {
        throw std::runtime_error("precreate was refused: " + answer.raw);
    }
    return answer.fields["qr_code"];
}

void Merchant::orderAndPay(const std::string& number, const std::string& amount) const
{
    order(number, amount);
    simulator_.post("/control/pay", {{"out_trade_no", number}});
}

bool Merchant::isGenuine(const GatewayAnswer& answer) const
{
    return verifyWithOpenssl(providerKey(), answer.signed_text, answer.sign);
}

} // namespace simulator_test
