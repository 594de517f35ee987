#include "licence_customer.hpp"

#include <fmt/format.h>

#include <ctime>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace simulator_test {

namespace {

/// What stands behind "= " of openssl's line.
std::string hexIn(const std::string& line)
{
    return line.substr(line.find("= ") + 2, 64);
}

/// From a file, because a pipe holds no whole picture.
std::string sha256(const std::string& bytes)
{
    const std::filesystem::path file = makeFolder() / "bytes";
    std::ofstream(file, std::ios::binary) << bytes;
    return hexIn(runProgram({"openssl", "dgst", "-sha256", file.string()}));
}

std::string hmac(const std::string& secret, const std::string& text)
{
    return hexIn(runProgram(
        {"openssl", "dgst", "-sha256", "-mac", "HMAC", "-macopt", "key:" + secret}, text));
}

std::string newNonce()
{
    static int count = 0;
    return fmt::format("nonce{:020}{:07}", std::time(nullptr), ++count);
}

std::string readAll(const std::filesystem::path& path)
{
    std::ifstream file(path, std::ios::binary);
    std::ostringstream bytes;
    bytes << file.rdbuf();
    return bytes.str();
}

} // namespace

std::string licenceCode(const HttpAnswer& answer)
{
    const Json body = Json::parse(answer.body, nullptr, false);
    return body.is_object() ? body.value("code", "") : std::string{};
}

std::string drawnLicence(const std::vector<std::string>& options, const std::string& ending)
{
    const std::filesystem::path file = makeFolder() / ("licence" + ending);
    std::vector<std::string> command = {simulatorBinary(), "licence", "--out", file.string()};
    command.insert(command.end(), options.begin(), options.end());
    runProgram(command);
    return readAll(file);
}

std::string sampleLicence(const std::vector<std::string>& more, const std::string& ending)
{
    std::vector<std::string> options = {
        "--name", "上海示例贸易有限公司", "--code", "91310000MAXHUB014C"};
    options.insert(options.end(), more.begin(), more.end());
    return drawnLicence(options, ending);
}

LicenceCustomer::LicenceCustomer(const Simulator& simulator, std::size_t index)
    : simulator_(simulator)
{
    settings_ =
        Json::parse(readAll(simulator.folder() / "simulator.json"))["licence"]["accounts"][index];
}

LicenceRequest LicenceCustomer::request(const std::string& picture) const
{
    LicenceRequest request;
    request.picture = picture;
    request.secret = settings_["secret"];
    request.headers = {{"Content-Type", "image/png"},
                       {"X-Licence-Key", settings_["key_id"]},
                       {"X-Licence-Timestamp", std::to_string(std::time(nullptr))},
                       {"X-Licence-Nonce", newNonce()}};
    return request;
}

std::string LicenceCustomer::signature(const LicenceRequest& request) const
{
    const auto header = [&](const char* name) {
        const auto found = request.headers.find(name);
        return found == request.headers.end() ? std::string{} : found->second;
    };
    const std::string target =
        request.query.empty() ? request.path : request.path + "?" + request.query;
    return hmac(request.secret,
                "LICENCE1-REQUEST\n" + request.method + "\n" + target + "\n" +
                    header("X-Licence-Timestamp") + "\n" + header("X-Licence-Nonce") + "\n" +
                    sha256(request.picture));
}

HttpAnswer LicenceCustomer::send(LicenceRequest request) const
{
    if (!request.headers.contains("X-Licence-Signature")) {
        request.headers["X-Licence-Signature"] = signature(request);
    }
    return simulator_.exchange(request.method,
                               request.query.empty() ? request.path
                                                     : request.path + "?" + request.query,
                               request.headers,
                               request.picture);
}

bool LicenceCustomer::isGenuine(const LicenceRequest& request, const HttpAnswer& answer) const
{
    const std::string expected =
        hmac(request.secret,
             "LICENCE1-ANSWER\n" + std::to_string(answer.status) + "\n" +
                 request.headers.at("X-Licence-Nonce") + "\n" + sha256(answer.body));
    for (const auto& [name, value] : answer.headers) {
        std::string lower = name;
        for (char& c : lower) {
            c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
        }
        if (lower == "x-licence-signature") {
            return value == expected;
        }
    }
    return false;
}

Json LicenceCustomer::read(const LicenceRequest& request) const
{
    const HttpAnswer answer = send(request);
    if (!isGenuine(request, answer)) {
        throw std::runtime_error("not genuine: " + answer.body);
    }
    return Json::parse(answer.body);
}

} // namespace simulator_test
