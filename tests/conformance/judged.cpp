#include "conformance/judged.hpp"

#include "conformance/process.hpp"

#include <Poco/TemporaryFile.h>

#include <filesystem>
#include <fstream>

namespace hub::test {

namespace {

using nlohmann::json;

std::set<std::string> rulesWith(const json& report, const std::string& verdict)
{
    std::set<std::string> found;
    for (const json& rule : report.value("rules", json::array())) {
        if (rule.at("verdict") == verdict) {
            found.insert(rule.at("rule").get<std::string>());
        }
    }
    return found;
}

json readJson(const std::filesystem::path& path)
{
    std::ifstream file(path);
    json parsed = json::parse(file, nullptr, false);
    return parsed.is_object() ? parsed : json::object();
}

} // namespace

std::set<std::string> Judged::failed() const
{
    return rulesWith(report, "fail");
}

std::set<std::string> Judged::notApplicable() const
{
    return rulesWith(report, "not_applicable");
}

Judged judge(const std::string& library, const std::string& defect, std::vector<std::string> more)
{
    const std::filesystem::path folder = Poco::TemporaryFile::tempName();
    std::filesystem::create_directory(folder);
    const std::filesystem::path package = std::filesystem::path(library).parent_path();
    std::vector<std::string> arguments = {
        library, "--contracts", HUB_CONTRACTS, "--report", folder / "report.json"};
    if (!defect.empty()) {
        json description = readJson(package / "conformance.json");
        description["config"]["defect"] = defect;
        std::ofstream(folder / "conformance.json") << description;
        arguments.insert(arguments.end(), {"--description", folder / "conformance.json"});
    }
    arguments.insert(arguments.end(), more.begin(), more.end());
    Judged judged;
    {
        std::string output;
        conformance::Process suite(HUB_CONFORM,
                                   std::move(arguments),
                                   {"TMPDIR=" + folder.parent_path().string(), "LANG=C.UTF-8"},
                                   [&output](const std::string& line) { output += line + "\n"; });
        const auto ended = suite.wait(std::chrono::seconds(240));
        judged.exit_code = ended ? ended->exit_code.value_or(-1) : -1;
        suite.finishOutput();
        judged.output = std::move(output);
    }
    judged.report = readJson(folder / "report.json");
    std::filesystem::remove_all(folder);
    return judged;
}

} // namespace hub::test
