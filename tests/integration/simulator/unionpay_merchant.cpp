#include "unionpay_merchant.hpp"

#include <algorithm>
#include <fstream>
#include <map>
#include <stdexcept>

namespace simulator_test {

namespace {

namespace fs = std::filesystem;

/// The lower-case hex of the text's SHA-256, by openssl.
std::string sha256Of(const std::string& text)
{
    return runProgram({"openssl", "dgst", "-sha256", "-r"}, text).substr(0, 64);
}

std::string signedText(Parameters parameters)
{
    parameters.erase("signature");
    return joinSorted(parameters);
}

/// What openssl makes of a message's certificate; asked once for each, as it takes four programs.
struct Certificate {
    fs::path public_key;
    std::string number;       ///< decimal
    bool is_vouched = false;  ///< by the chain of the authority's folder
    bool is_unionpay = false; ///< by its name
};

Certificate readCertificate(const std::string& pem, const fs::path& authority)
{
    static const fs::path folder = makeFolder();
    static std::map<std::string, Certificate> known;
    const auto found = known.find(authority.string() + pem);
    if (found != known.end()) {
        return found->second;
    }
    const std::string stem = std::to_string(known.size());
    const std::string file = (folder / (stem + ".pem")).string();
    std::ofstream(file, std::ios::binary) << pem;
    Certificate read;
    read.public_key = folder / (stem + "_key.pem");
    std::ofstream(read.public_key)
        << runProgram({"openssl", "x509", "-in", file, "-noout", "-pubkey"});
    read.number = UnionpayMerchant::numberOf(file);
    const std::string verdict = runProgram({"openssl",
                                            "verify",
                                            "-CAfile",
                                            (authority / "root.pem").string(),
                                            "-untrusted",
                                            (authority / "middle.pem").string(),
                                            file},
                                           {},
                                           true);
    read.is_vouched = verdict == file + ": OK\n";
    const std::string name = runProgram({"openssl",
                                         "x509",
                                         "-in",
                                         file,
                                         "-noout",
                                         "-subject",
                                         "-nameopt",
                                         "RFC2253,utf8,-esc_msb"});
    const std::size_t start = name.find("CN=") + 3;
    std::size_t at = name.find('@', name.find('@', start) + 1) + 1;
    read.is_unionpay = name.substr(at, name.find('@', at) - at) == "中国银联股份有限公司";
    return known[authority.string() + pem] = read;
}

} // namespace

std::string compactTime(long offset_s)
{
    std::string text = beijingTime(offset_s);
    std::erase_if(text, [](char c) { return c < '0' || c > '9'; });
    return text;
}

Parameters parseRaw(const std::string& raw)
{
    Parameters parameters;
    std::size_t start = 0;
    int depth = 0;
    for (std::size_t at = 0; at <= raw.size(); ++at) {
        const char c = at == raw.size() ? '&' : raw[at];
        depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
        if (c != '&' || (depth != 0 && at != raw.size())) {
            continue;
        }
        const std::string pair = raw.substr(start, at - start);
        const std::size_t equals = pair.find('=');
        if (equals == std::string::npos ||
            !parameters.emplace(pair.substr(0, equals), pair.substr(equals + 1)).second) {
            return {};
        }
        start = at + 1;
    }
    return parameters;
}

UnionpayMerchant::UnionpayMerchant(const Simulator& simulator,
                                   std::size_t index,
                                   std::size_t certificate)
    : simulator_(simulator)
    , certificate_(certificate)
{
    std::ifstream file(simulator.folder() / "simulator.json");
    section = Json::parse(file)["unionpay"];
    settings_ = section["merchants"][index];
    number_ = numberOf(simulator.folder() /
                       settings_["certificates"][certificate]["certificate"].get<std::string>());
}

fs::path UnionpayMerchant::key() const
{
    return simulator_.folder() /
           settings_["certificates"][certificate_]["private_key"].get<std::string>();
}

Parameters UnionpayMerchant::request(const std::string& type,
                                     const std::string& sub_type,
                                     const std::string& biz_type) const
{
    return {{"version", "5.1.0"},
            {"encoding", "UTF-8"},
            {"signMethod", "01"},
            {"certId", number_},
            {"txnType", type},
            {"txnSubType", sub_type},
            {"bizType", biz_type},
            {"accessType", "0"},
            {"merId", merId()},
            {"txnTime", compactTime()}};
}

Parameters UnionpayMerchant::code(const std::string& order_id, const std::string& amount) const
{
    Parameters parameters = request("01", "07", "000000");
    parameters.merge(Parameters{{"orderId", order_id},
                                {"txnAmt", amount},
                                {"channelType", "08"},
                                {"currencyCode", "156"},
                                {"backUrl", back_url},
                                {"reqReserved", "胸牌+fee/a=="}});
    return parameters;
}

Parameters UnionpayMerchant::gateway(const std::string& order_id, const std::string& biz_type) const
{
    Parameters parameters = request("01", "01", biz_type);
    parameters.merge(Parameters{{"orderId", order_id},
                                {"txnAmt", "20000"},
                                {"channelType", "07"},
                                {"currencyCode", "156"},
                                {"backUrl", back_url},
                                {"frontUrl", "https://merchant.example/return?a=1"},
                                {"payTimeout", compactTime(3600)},
                                {"riskRateInfo", "{commodityName=胸牌费&x=y}"}});
    return parameters;
}

Parameters UnionpayMerchant::app(const std::string& order_id) const
{
    Parameters parameters = code(order_id);
    parameters["txnSubType"] = "01";
    parameters["bizType"] = "000201";
    return parameters;
}

Parameters UnionpayMerchant::query(const Parameters& order) const
{
    Parameters parameters = request("00", "00", "000000");
    parameters["orderId"] = order.at("orderId");
    parameters["txnTime"] = order.at("txnTime");
    return parameters;
}

Parameters UnionpayMerchant::queryById(const std::string& query_id) const
{
    Parameters parameters = request("00", "02", "000000");
    parameters.erase("txnTime");
    parameters["queryId"] = query_id;
    return parameters;
}

Parameters UnionpayMerchant::refund(const std::string& order_id,
                                    const std::string& query_id,
                                    const std::string& amount) const
{
    Parameters parameters = request("04", "00", "000000");
    parameters.merge(Parameters{{"orderId", order_id},
                                {"txnAmt", amount},
                                {"channelType", "08"},
                                {"backUrl", back_url},
                                {"origQryId", query_id}});
    return parameters;
}

Parameters UnionpayMerchant::undo(const std::string& order_id, const std::string& query_id) const
{
    Parameters parameters = refund(order_id, query_id, "20000");
    parameters["txnType"] = "31";
    return parameters;
}

Parameters UnionpayMerchant::file(const std::string& month_and_day) const
{
    Parameters parameters = request("76", "01", "000000");
    parameters["settleDate"] = month_and_day;
    parameters["fileType"] = "00";
    return parameters;
}

Parameters UnionpayMerchant::sign(Parameters parameters) const
{
    parameters["signature"] = signWithOpenssl(key(), sha256Of(signedText(parameters)));
    return parameters;
}

HttpAnswer UnionpayMerchant::post(const std::string& path,
                                  const Parameters& signed_parameters) const
{
    return simulator_.request("POST", path, encodeForm(signed_parameters));
}

Parameters UnionpayMerchant::call(const std::string& path, const Parameters& parameters) const
{
    const HttpAnswer answer = post(path, sign(parameters));
    Parameters message = parseRaw(answer.body);
    if (answer.status != 200 || !isGenuine(message)) {
        throw std::runtime_error("no genuine answer: " + answer.body + answer.failure);
    }
    return message;
}

Parameters UnionpayMerchant::orderAndPay(const std::string& order_id,
                                         const std::string& amount) const
{
    Parameters order = code(order_id, amount);
    const Parameters answer = call(kBack, order);
    if (answer.at("respCode") != "00") {
        throw std::runtime_error("an order was refused: " + answer.at("respMsg"));
    }
    simulator_.post("/control/pay", {{"out_trade_no", order_id}});
    return order;
}

std::string UnionpayMerchant::queryIdOf(const Parameters& order) const
{
    return call(kQuery, query(order)).at("queryId");
}

bool UnionpayMerchant::isSignedByItsCertificate(const Parameters& message) const
{
    const auto signature = message.find("signature");
    const auto pem = message.find("signPubKeyCert");
    return signature != message.end() && pem != message.end() &&
           verifyWithOpenssl(readCertificate(pem->second, authority()).public_key,
                             sha256Of(signedText(message)),
                             signature->second);
}

bool UnionpayMerchant::isGenuine(const Parameters& message) const
{
    if (!isSignedByItsCertificate(message)) {
        return false;
    }
    const Certificate certificate = readCertificate(message.at("signPubKeyCert"), authority());
    return certificate.is_vouched && certificate.is_unionpay;
}

std::string UnionpayMerchant::numberOf(const fs::path& certificate)
{
    // "Serial Number: 68719476737 (0x1000000001)" for the short numbers that there are here.
    const std::string text =
        runProgram({"openssl", "x509", "-in", certificate.string(), "-noout", "-text"});
    const std::string mark = "Serial Number: ";
    const std::size_t start = text.find(mark) + mark.size();
    return text.substr(start, text.find(' ', start) - start);
}

std::string UnionpayMerchant::numberOf(const Parameters& message) const
{
    return readCertificate(message.at("signPubKeyCert"), authority()).number;
}

} // namespace simulator_test
