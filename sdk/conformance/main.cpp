// expohub-conform: judges one library by the rules of the suite. See README.md.

#include "report.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/SSLManager.h>

#include <csignal>
#include <fstream>
#include <iostream>

namespace {

using namespace hub::conformance;

constexpr int kKept = 0;
constexpr int kBroken = 1;
constexpr int kNothingJudged = 2;

void writeReport(const std::filesystem::path& path, const Json& report)
{
    std::ofstream file(path);
    file << report.dump(2) << "\n";
    file.close();
    if (!file) {
        throw std::runtime_error(path.string() + ": can't be written");
    }
}

int run(const std::vector<std::string>& arguments)
{
    const Options options = readOptions(arguments);
    if (options.only_list) {
        printRules(std::cout);
        return kKept;
    }
    const Description description = readDescription(options);
    const Report report =
        judge(description, [](const Judgment& judgment) { print(std::cout, judgment); });
    if (!options.report.empty()) {
        writeReport(options.report, toJson(report, description));
    }
    const int failed = report.count(Verdict::Failed);
    std::cout << report.count(Verdict::Passed) << " passed, " << failed << " failed, "
              << report.count(Verdict::NotApplicable) << " not applicable" << std::endl;
    return failed == 0 ? kKept : kBroken;
}

} // namespace

int main(int argc, char** argv)
{
    std::signal(SIGPIPE, SIG_IGN);
    Poco::Net::initializeSSL();
    int code = kNothingJudged;
    try {
        code = run({argv + 1, argv + argc});
    } catch (const std::invalid_argument& problem) {
        std::cerr << "expohub-conform: " << problem.what() << "\n\n" << usage();
    } catch (const Poco::Exception& problem) {
        std::cerr << "expohub-conform: " << problem.displayText() << std::endl;
    } catch (const std::exception& problem) {
        std::cerr << "expohub-conform: " << problem.what() << std::endl;
    }
    Poco::Net::uninitializeSSL();
    return code;
}
