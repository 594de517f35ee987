#include "installation.hpp"

#include <array>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace demo {

namespace {

using Json = nlohmann::json;

std::string readFile(const std::string& path)
{
    std::ifstream file(path);
    if (!file) {
        throw std::runtime_error(path + " is not there; run ./hub up first");
    }
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

std::string valueOf(const std::string& properties, const std::string& key)
{
    const std::string begin = "\n" + key + " = ";
    const auto at = properties.find(begin);
    if (at == std::string::npos) {
        throw std::runtime_error("hub.properties has no " + key + "; run ./hub up again");
    }
    const auto from = at + begin.size();
    return properties.substr(from, properties.find('\n', from) - from);
}

} // namespace

Installation Installation::read(const std::string& folder, const std::string& build)
{
    const std::string properties = readFile(folder + "/hub/hub.properties");
    Installation installation;
    installation.folder = folder;
    installation.build = build;
    const std::string contracts = valueOf(properties, "contracts.folder");
    installation.source = contracts.substr(0, contracts.rfind("/sdk/contracts"));
    installation.hub_url = valueOf(properties, "public_url");
    // Every provider's address is the simulator's.
    const Json wechat = Json::parse(readFile(folder + "/hub/plugins.d/payment_wechat.json"));
    installation.simulator_url =
        wechat.at("accounts").at("wechat-demo").at("config").at("base_url").get<std::string>();
    installation.ca_file = valueOf(properties, "egress.ca_file");
    installation.token = readFile(folder + "/sample.key");
    while (!installation.token.empty() && installation.token.back() == '\n') {
        installation.token.pop_back();
    }
    return installation;
}

std::string Installation::run(const std::string& words) const
{
    const std::string line =
        build + "/bin/expohub --config " + folder + "/hub/hub.properties " + words + " 2>&1";
    FILE* pipe = ::popen(line.c_str(), "r");
    if (pipe == nullptr) {
        throw std::runtime_error("expohub can't be run");
    }
    std::string output;
    std::array<char, 4096> buffer{};
    while (const std::size_t size = std::fread(buffer.data(), 1, buffer.size(), pipe)) {
        output.append(buffer.data(), size);
    }
    if (::pclose(pipe) != 0) {
        throw std::runtime_error("expohub " + words + ": " + output);
    }
    return output;
}

nlohmann::json Installation::command(const std::string& words) const
{
    return nlohmann::json::parse(run(words + " --json"));
}

std::string Installation::table(const std::string& words) const
{
    return run(words);
}

} // namespace demo
