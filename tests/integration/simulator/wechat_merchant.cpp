#include "wechat_merchant.hpp"

#include <openssl/evp.h>

#include <ctime>
#include <fstream>
#include <memory>
#include <stdexcept>

namespace simulator_test {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kTagSize = 16;

std::string serialOf(const fs::path& certificate)
{
    // "serial=0A1B…\n"
    const std::string said =
        runProgram({"openssl", "x509", "-in", certificate.string(), "-noout", "-serial"});
    return said.substr(7, said.size() - 8);
}

std::string fromBase64(const std::string& text)
{
    return runProgram({"openssl", "base64", "-d", "-A"}, text);
}

unsigned char* bytes(std::string& text)
{
    return reinterpret_cast<unsigned char*>(text.data());
}

} // namespace

WechatMerchant::WechatMerchant(const Simulator& simulator, std::size_t index)
    : simulator_(simulator)
{
    std::ifstream file(simulator.folder() / "simulator.json");
    section = Json::parse(file)["wechat"];
    settings_ = section["merchants"][index];
    serial_ = serialOf(simulator.folder() / settings_["certificate"].get<std::string>());
}

fs::path WechatMerchant::key() const
{
    return simulator_.folder() / settings_["private_key"].get<std::string>();
}

WechatRequest WechatMerchant::request(const std::string& method,
                                      const std::string& path,
                                      const std::string& body) const
{
    WechatRequest request{.method = method, .path = path, .body = body};
    request.mchid = mchid();
    request.serial = serial_;
    request.timestamp = std::to_string(std::time(nullptr));
    request.key = key();
    request.more = {{"Accept", "application/json"}, {"User-Agent", "test"}};
    if (!body.empty()) {
        request.more["Content-Type"] = "application/json";
    }
    return request;
}

std::string WechatMerchant::authorization(const WechatRequest& request,
                                          const std::string& signature)
{
    return request.scheme + " mchid=\"" + request.mchid + "\",nonce_str=\"" + request.nonce +
           "\",timestamp=\"" + request.timestamp + "\",serial_no=\"" + request.serial +
           "\",signature=\"" + signature + "\"";
}

HttpAnswer WechatMerchant::send(const WechatRequest& request) const
{
    Headers headers = request.more;
    if (!headers.contains("Authorization")) {
        headers["Authorization"] =
            authorization(request, signWithOpenssl(request.key, request.text()));
    }
    return simulator_.exchange(request.method, request.path, headers, request.body);
}

HttpAnswer
WechatMerchant::call(const std::string& method, const std::string& path, const Json& body) const
{
    return send(request(method, path, body.is_null() ? "" : body.dump()));
}

Json WechatMerchant::order(const std::string& number, std::int64_t total) const
{
    return {{"appid", appid()},
            {"mchid", mchid()},
            {"description", "胸牌费 Badge fee"},
            {"out_trade_no", number},
            {"attach", "a,b"},
            {"notify_url", notify_url},
            {"amount", {{"total", total}, {"currency", "CNY"}}}};
}

HttpAnswer WechatMerchant::create(const std::string& kind, const Json& order) const
{
    return call("POST", "/v3/pay/transactions/" + kind, order);
}

void WechatMerchant::orderAndPay(const std::string& number, std::int64_t total) const
{
    const HttpAnswer answer = create("native", order(number, total));
    if (answer.status != 200) {
        throw std::runtime_error("an order was refused: " + answer.body);
    }
    simulator_.post("/control/pay", {{"out_trade_no", number}});
}

HttpAnswer WechatMerchant::query(const std::string& number) const
{
    return call("GET", "/v3/pay/transactions/out-trade-no/" + number + "?mchid=" + mchid());
}

Json WechatMerchant::refund(const std::string& number,
                            const std::string& request,
                            std::int64_t amount) const
{
    return {{"out_trade_no", number},
            {"out_refund_no", request},
            {"notify_url", notify_url},
            {"amount", {{"refund", amount}, {"total", 20000}, {"currency", "CNY"}}}};
}

HttpAnswer WechatMerchant::requestRefund(const Json& refund) const
{
    return call("POST", "/v3/refund/domestic/refunds", refund);
}

bool WechatMerchant::isGenuine(const Headers& headers, const std::string& body) const
{
    const auto get = [&](const char* name) {
        const auto found = headers.find(name);
        return found == headers.end() ? std::string{} : found->second;
    };
    static const fs::path folder = makeFolder();
    const std::string serial = get("Wechatpay-Serial");
    fs::path key = simulator_.folder() / section["public_key"].get<std::string>();
    if (serial != section["public_key_id"]) {
        // The certificates lie in the provider's folder, too; there their number is read off.
        key.clear();
        for (const auto& entry : fs::directory_iterator(
                 simulator_.folder() / section["platform_folder"].get<std::string>())) {
            const std::string name = entry.path().filename().string();
            if (name.ends_with("_certificate.pem") && serialOf(entry.path()) == serial) {
                key = folder / "platform_public_key.pem";
                std::ofstream(key) << runProgram(
                    {"openssl", "x509", "-in", entry.path().string(), "-noout", "-pubkey"});
            }
        }
    }
    const std::string text =
        get("Wechatpay-Timestamp") + "\n" + get("Wechatpay-Nonce") + "\n" + body + "\n";
    const std::string signature = get("Wechatpay-Signature");
    return !key.empty() && !signature.empty() && signature.find("SIGNTEST") == std::string::npos &&
           verifyWithOpenssl(key, text, signature);
}

std::string WechatMerchant::open(const Json& resource) const
{
    std::string api_key = settings_["apiv3_key"];
    std::string nonce = resource["nonce"];
    std::string data = resource["associated_data"];
    std::string sealed = fromBase64(resource["ciphertext"]);
    std::string tag = sealed.substr(sealed.size() - kTagSize);
    sealed.resize(sealed.size() - kTagSize);
    std::string text(sealed.size(), '\0');
    const std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> cipher(
        EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
    int size = 0;
    const bool done =
        EVP_DecryptInit_ex(
            cipher.get(), EVP_aes_256_gcm(), nullptr, bytes(api_key), bytes(nonce)) == 1 &&
        EVP_DecryptUpdate(
            cipher.get(), nullptr, &size, bytes(data), static_cast<int>(data.size())) == 1 &&
        EVP_DecryptUpdate(
            cipher.get(), bytes(text), &size, bytes(sealed), static_cast<int>(sealed.size())) ==
            1 &&
        EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, kTagSize, bytes(tag)) == 1 &&
        EVP_DecryptFinal_ex(cipher.get(), bytes(text) + size, &size) == 1;
    return done ? text : std::string{};
}

std::map<std::string, std::string> WechatMerchant::certificates() const
{
    const HttpAnswer answer = call("GET", "/v3/certificates");
    std::map<std::string, std::string> opened;
    const Json list = Json::parse(answer.body).value("data", Json::array());
    for (const Json& one : list) {
        opened[one["serial_no"]] = open(one["encrypt_certificate"]);
    }
    return opened;
}

} // namespace simulator_test
