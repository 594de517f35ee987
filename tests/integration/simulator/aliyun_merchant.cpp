#include "aliyun_merchant.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <fstream>

namespace simulator_test {

namespace {

std::string percent(const std::string& text)
{
    std::string out;
    for (const char c : text) {
        const bool is_plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                              (c >= 'A' && c <= 'Z') || c == '-' || c == '_' || c == '.' ||
                              c == '~';
        out += is_plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return out;
}

std::string encoded(const Parameters& parameters)
{
    std::string text;
    for (const auto& [name, value] : parameters) {
        text += (text.empty() ? "" : "&") + percent(name) + "=" + percent(value);
    }
    return text;
}

/// What stands behind "= " of openssl's line.
std::string hexIn(const std::string& line)
{
    return line.substr(line.find("= ") + 2, 64);
}

std::string sha256(const std::string& text)
{
    return hexIn(runProgram({"openssl", "dgst", "-sha256"}, text));
}

std::string newNonce()
{
    static int count = 0;
    return fmt::format("nonce-{}-{}", std::time(nullptr), ++count);
}

std::string at(const char* format, long offset_s)
{
    const std::time_t now = std::time(nullptr) + offset_s;
    std::tm parts{};
    ::gmtime_r(&now, &parts);
    char text[32];
    const std::size_t size = std::strftime(text, sizeof text, format, &parts);
    return {text, size};
}

std::string hostOf(const Simulator& simulator)
{
    return simulator.url().substr(std::string("https://").size());
}

} // namespace

std::string utcTime(long offset_s)
{
    return at("%Y-%m-%dT%H:%M:%SZ", offset_s);
}

std::string beijingDay(long offset_s)
{
    return at("%Y%m%d", offset_s + 8L * 3600);
}

std::string aliyunCode(const HttpAnswer& answer)
{
    const Json body = Json::parse(answer.body, nullptr, false);
    return body.is_object() ? body.value("Code", "") : std::string{};
}

AliyunMerchant::AliyunMerchant(const Simulator& simulator, std::size_t index)
    : simulator_(simulator)
{
    std::ifstream file(simulator.folder() / "simulator.json");
    settings_ = Json::parse(file)["aliyun"]["accounts"][index];
}

AliyunRequest AliyunMerchant::request(const std::string& action, const Parameters& query) const
{
    AliyunRequest request{.action = action, .query = query};
    request.access_key_id = accessKeyId();
    request.secret = settings_["access_key_secret"];
    request.headers = {{"x-acs-action", action},
                       {"x-acs-version", "2017-05-25"},
                       {"x-acs-date", utcTime()},
                       {"x-acs-signature-nonce", newNonce()},
                       {"x-acs-content-sha256", sha256("")}};
    return request;
}

std::string AliyunMerchant::authorization(const AliyunRequest& request) const
{
    Headers covered = request.headers;
    covered["host"] = hostOf(simulator_);
    for (const std::string& name : request.unsigned_names) {
        covered.erase(name);
    }
    std::string lines;
    std::string names;
    for (const auto& [name, value] : covered) {
        lines += name + ":" + value + "\n";
        names += (names.empty() ? "" : ";") + name;
    }
    const std::string canonical = request.method + "\n" + request.path + "\n" +
                                  encoded(request.query) + "\n" + lines + "\n" + names + "\n" +
                                  sha256(request.body);
    const std::string signature = hexIn(runProgram(
        {"openssl", "dgst", "-sha256", "-mac", "HMAC", "-macopt", "key:" + request.secret},
        "ACS3-HMAC-SHA256\n" + sha256(canonical)));
    return request.scheme + " Credential=" + request.access_key_id + ",SignedHeaders=" + names +
           ",Signature=" + signature;
}

HttpAnswer AliyunMerchant::send(const AliyunRequest& request) const
{
    Headers headers = request.headers;
    if (!headers.contains("Authorization")) {
        headers["Authorization"] = authorization(request);
    }
    return simulator_.exchange(
        request.method, request.path + "?" + encoded(request.query), headers, request.body);
}

HttpAnswer AliyunMerchant::sendRpc(const Parameters& query,
                                   const std::string& method,
                                   const Parameters& changed) const
{
    Parameters all = query;
    all.insert({{"AccessKeyId", accessKeyId()},
                {"Format", "JSON"},
                {"SignatureMethod", "HMAC-SHA1"},
                {"SignatureVersion", "1.0"},
                {"SignatureNonce", newNonce()},
                {"Timestamp", utcTime()},
                {"Version", "2017-05-25"}});
    for (const auto& [name, value] : changed) {
        all[name] = value;
    }
    const std::string secret = settings_["access_key_secret"];
    const std::string mac = runProgram(
        {"openssl", "dgst", "-sha1", "-mac", "HMAC", "-macopt", "key:" + secret + "&", "-binary"},
        method + "&%2F&" + percent(encoded(all)));
    all.emplace("Signature", runProgram({"openssl", "base64", "-A"}, mac));
    const std::string form = encoded(all);
    return method == "GET"
               ? simulator_.exchange("GET", "/?" + form, {})
               : simulator_.exchange(
                     method, "/", {{"Content-Type", "application/x-www-form-urlencoded"}}, form);
}

Parameters AliyunMerchant::message(const std::string& number, const std::string& phone) const
{
    return {{"PhoneNumbers", phone},
            {"SignName", settings_["signs"][0]["name"]},
            {"TemplateCode", settings_["templates"][0]["code"]},
            {"TemplateParam", R"({"code":"739251"})"},
            {"OutId", number}};
}

std::string AliyunMerchant::sendCode(const std::string& number, const std::string& phone) const
{
    return aliyunCode(send(request("SendSms", message(number, phone))));
}

Json AliyunMerchant::query(const std::string& phone, const Parameters& changed) const
{
    Parameters query{{"PhoneNumber", phone},
                     {"SendDate", beijingDay()},
                     {"PageSize", "50"},
                     {"CurrentPage", "1"}};
    for (const auto& [name, value] : changed) {
        query[name] = value;
    }
    return Json::parse(send(request("QuerySendDetails", query)).body);
}

} // namespace simulator_test
