#include "report.hpp"

#include "bench.hpp"

#include <hub/ext/stream.h>

#include <algorithm>
#include <array>
#include <ostream>

namespace hub::conformance {

namespace {

constexpr int kReportVersion = 1;
constexpr const char* kSuiteVersion = "1.0.0";

const char* wordOf(Verdict verdict)
{
    constexpr std::array<const char*, 3> kWords = {"pass", "fail", "not_applicable"};
    return kWords[static_cast<std::size_t>(verdict)];
}

struct Judge {
    Bench& bench;
    Report& report;
    const std::function<void(const Judgment&)>& each;

    void operator()(std::span<const Rule> rules, const Contract* contract) const
    {
        const std::string& only = bench.description().options.rule;
        for (const Rule& rule : rules) {
            if (only.empty() || only == rule.id) {
                judgeOne(rule, contract);
            }
        }
    }

    void judgeOne(const Rule& rule, const Contract* contract) const
    {
        Judgment judgment{std::string(rule.id),
                          contract == nullptr ? "" : contract->name,
                          std::string(rule.sentence),
                          std::string(rule.remedy),
                          Verdict::Passed,
                          {},
                          0};
        bench.setContract(contract);
        const std::int64_t begun_ms = unixNowMs();
        try {
            rule.judge(bench);
        } catch (const Broken& broken) {
            judgment.verdict = Verdict::Failed;
            judgment.detail = broken.what();
        } catch (const DoesNotApply& reason) {
            judgment.verdict = Verdict::NotApplicable;
            judgment.detail = reason.what();
        }
        judgment.took_ms = unixNowMs() - begun_ms;
        each(judgment);
        report.judgments.push_back(std::move(judgment));
    }
};

} // namespace

int Report::count(Verdict verdict) const
{
    return static_cast<int>(
        std::count_if(judgments.begin(), judgments.end(), [&](const Judgment& one) {
            return one.verdict == verdict;
        }));
}

Report judge(Description description, const std::function<void(const Judgment&)>& each)
{
    Bench bench(std::move(description));
    Report report;
    const Judge judgeAll{bench, report, each};
    const std::vector<Contract>& contracts = bench.description().contracts;
    const Contract* first = contracts.empty() ? nullptr : &contracts.front();
    judgeAll(libraryRules(), first);
    if (!bench.description().isConnector()) {
        judgeAll(subscriberRules(), nullptr);
    }
    for (const Contract& contract : contracts) {
        judgeAll(callRules(), &contract);
        judgeAll(exchangeRules(), &contract);
        if (bench.description().wants(HUB_EXT_STREAM_1)) {
            judgeAll(streamRules(), &contract);
        }
        if (const ContractSuite* suite = findSuite(contract.name); suite != nullptr) {
            judgeAll(suite->rules(), &contract);
        }
    }
    judgeAll(closingRules(), first);
    if (report.judgments.empty()) {
        throw std::runtime_error("there is no rule \"" + bench.description().options.rule +
                                 "\" for this library; --list names them");
    }
    return report;
}

void print(std::ostream& out, const Judgment& judgment)
{
    constexpr std::array<const char*, 3> kMarks = {"pass", "FAIL", "n/a "};
    out << kMarks[static_cast<std::size_t>(judgment.verdict)] << "  " << judgment.rule << "  "
        << judgment.sentence << "\n";
    if (!judgment.detail.empty()) {
        out << "      " << judgment.detail << "\n";
    }
    if (judgment.verdict == Verdict::Failed) {
        out << "      " << judgment.remedy << "\n";
    }
    out << std::flush;
}

Json toJson(const Report& report, const Description& description)
{
    Json contracts = Json::array();
    for (const Contract& contract : description.contracts) {
        contracts.push_back({{"contract", contract.name},
                             {"version", contract.version},
                             {"sha256", contract.digest}});
    }
    Json rules = Json::array();
    for (const Judgment& judgment : report.judgments) {
        rules.push_back({{"rule", judgment.rule},
                         {"contract", judgment.contract},
                         {"sentence", judgment.sentence},
                         {"verdict", wordOf(judgment.verdict)},
                         {"detail", judgment.detail},
                         {"remedy", judgment.remedy},
                         {"took_ms", judgment.took_ms}});
    }
    return {{"report_version", kReportVersion},
            {"suite_version", kSuiteVersion},
            {"abi", {{"major", HUB_ABI_MAJOR}, {"minor", HUB_ABI_MINOR}}},
            {"library", textOf(description.manifest, "id")},
            {"version", textOf(description.manifest, "version")},
            {"sha256", description.digest},
            {"contracts", contracts},
            {"judged_at_ms", unixNowMs()},
            {"only_rule", description.options.rule},
            {"passed", report.count(Verdict::Passed)},
            {"failed", report.count(Verdict::Failed)},
            {"not_applicable", report.count(Verdict::NotApplicable)},
            {"rules", rules}};
}

void printRules(std::ostream& out)
{
    const auto list = [&out](std::span<const Rule> rules) {
        for (const Rule& rule : rules) {
            out << rule.id << ": " << rule.sentence << "\n";
        }
    };
    list(libraryRules());
    list(subscriberRules());
    list(callRules());
    list(exchangeRules());
    list(streamRules());
    for (const ContractSuite& suite : contractSuites()) {
        list(suite.rules());
    }
    list(closingRules());
}

} // namespace hub::conformance
