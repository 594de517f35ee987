#include "prove.hpp"

#include "processes.hpp"
#include "switches.hpp"
#include "waiting.hpp"

#include <cstdio>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>
#include <vector>

namespace chaos {

namespace {

namespace fs = std::filesystem;

struct Row {
    const char* weakness; ///< of kernel/base/failpoint.hpp and plugins/payments/domain/weakness.hpp
    std::vector<std::string> run;
};

const std::vector<Row>& rows()
{
    static const std::vector<Row> kRows = {
        {"ack-before-commit",
         {"--fault", "failpoints", "--rounds", "4", "--steps", "request.unit_done"}},
        {"cursor-outside-unit",
         {"--fault", "failpoints", "--rounds", "3", "--steps", "event.handing"}},
        {"dedup-off", {"--fault", "kill", "--rounds", "3"}},
        {"parking-ignored", {"--fault", "failpoints", "--rounds", "3", "--steps", "event.handing"}},
        {"resend-on-unknown", {"--fault", "kill", "--rounds", "3"}},
        {"amount-check-off", {"--fault", "callbacks", "--rounds", "1"}},
        {"account-check-off", {"--fault", "callbacks", "--rounds", "1"}},
        {"synchronous-off", {"--fault", "power-cut", "--rounds", "4"}},
    };
    return kRows;
}

std::string joined(const std::vector<std::string>& words)
{
    std::string text;
    for (const std::string& word : words) {
        text += (text.empty() ? "" : " ") + word;
    }
    return text;
}

struct Ending {
    int code = 0;
    std::string line; ///< the last
    bool judged = false;
    bool damaged = false; ///< the line says so: a run that merely failed proves nothing
};

/// "lost N, doubled N, forged N, out of order N, ledger balanced"
Ending readEnding(const Ended& ended)
{
    Ending ending;
    ending.code = ended.code;
    std::istringstream lines(ended.output);
    unsigned lost = 0;
    unsigned doubled = 0;
    unsigned forged = 0;
    unsigned disordered = 0;
    for (std::string line; std::getline(lines, line);) {
        ending.line = line;
    }
    ending.judged = std::sscanf(ending.line.c_str(), // NOLINT(cert-err34-c): our own line
                                "lost %u, doubled %u, forged %u, out of order %u, ledger",
                                &lost,
                                &doubled,
                                &forged,
                                &disordered) == 4;
    ending.damaged = ending.judged && (lost + doubled + forged + disordered != 0 ||
                                       ending.line.find("NOT balanced") != std::string::npos);
    return ending;
}

class Prover {
public:
    Prover(const Options& options, fs::path program)
        : options_(options)
        , program_(std::move(program))
        , logs_(options.switched_build / "prove")
    {
        demandSwitches(options.switched_build);
        fs::remove_all(logs_);
        fs::create_directories(logs_);
    }

    int prove()
    {
        std::cout << "prove: --seed " << options_.seed << ", each run's words are in "
                  << logs_.string() << std::endl;
        bool all = true;
        std::string table;
        for (const Row& row : rows()) {
            if (!options_.weakness.empty() && options_.weakness != row.weakness) {
                continue;
            }
            const Ending control = runOnce(row.run, "");
            const Ending weak = runOnce(row.run, row.weakness);
            const bool clean = control.code == 0 && control.judged && !control.damaged;
            const bool bites = clean && weak.damaged;
            all = all && bites;
            table += std::string(row.weakness) + " | " + joined(row.run) + " | " + control.line +
                     " | " + weak.line + " | " +
                     (bites   ? "noticed"
                      : clean ? "NOT NOTICED"
                              : "THE CONTROL IS NOT CLEAN") +
                     "\n";
        }
        std::cout << "\nweakness | run | control | with the weakness | verdict\n" << table;
        std::cout << (all ? "every weakness was noticed" : "FAILED") << std::endl;
        return all ? 0 : 1;
    }

private:
    Ending runOnce(const std::vector<std::string>& what, const std::string& weakness)
    {
        const std::string name = joined(what) + (weakness.empty() ? "" : ", " + weakness);
        const auto known = endings_.find(name);
        if (known != endings_.end()) {
            return known->second;
        }
        std::vector<std::string> command = {program_,
                                            "--build",
                                            options_.switched_build,
                                            "--switched-build",
                                            options_.switched_build,
                                            "--source",
                                            options_.source,
                                            "--seed",
                                            std::to_string(options_.seed)};
        command.insert(command.end(), what.begin(), what.end());
        if (!weakness.empty()) {
            // What the weakness has lost does not come, however long one waits.
            command.insert(command.end(), {"--weakness", weakness, "--heal-seconds", "15"});
        }
        const auto start = Clock::now();
        const Ended ended = chaos::run(command);
        std::ofstream(logs_ / (std::to_string(endings_.size()) + ".log")) << joined(command) << "\n"
                                                                          << ended.output;
        const Ending ending = readEnding(ended);
        std::cout << name << " (" << since(start).count() / 1000 << " s): "
                  << (ending.judged ? ending.line : "ended with " + std::to_string(ended.code))
                  << std::endl;
        return endings_.emplace(name, ending).first->second;
    }

    const Options& options_;
    fs::path program_;
    fs::path logs_;
    std::map<std::string, Ending> endings_;
};

} // namespace

int prove(const Options& options, const fs::path& program)
{
    return Prover(options, program).prove();
}

} // namespace chaos
