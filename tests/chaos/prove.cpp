#include "prove.hpp"

#include "processes.hpp"
#include "switches.hpp"
#include "waiting.hpp"

#include <atomic>
#include <fstream>
#include <iostream>
#include <map>
#include <mutex>
#include <sstream>
#include <stdexcept>
#include <thread>
#include <vector>

namespace chaos {

namespace {

namespace fs = std::filesystem;

struct Row {
    const char* weakness; ///< of kernel/base/failpoint.hpp and plugins/*/domain/weakness.hpp
    const char* reason;   ///< what the run says of this weakness and of nothing else
    std::vector<std::string> run;
};

const std::vector<Row>& rows()
{
    static const std::vector<Row> kRows = {
        {"ack-before-commit",
         "was acknowledged and is not there",
         {"--fault", "store", "--rounds", "2", "--steps", "disk"}},
        {"cursor-outside-unit",
         ", 0 reached the subscriber",
         {"--fault", "failpoints", "--rounds", "3", "--steps", "event.handing"}},
        {"dedup-off", "doubled: key ", {"--fault", "kill", "--rounds", "3"}},
        {"parking-ignored",
         " came first",
         {"--fault", "failpoints", "--rounds", "3", "--steps", "event.handing"}},
        {"resend-on-unknown", "doubled: refund ", {"--fault", "kill", "--rounds", "3"}},
        {"amount-check-off",
         "forged: one cent less, validly signed",
         {"--fault", "callbacks", "--rounds", "1", "--steps", "lies"}},
        {"account-check-off",
         "forged: the same merchant's other app and address, validly signed",
         {"--fault", "callbacks", "--rounds", "1", "--steps", "lies"}},
        {"synchronous-off", "lost: ", {"--fault", "power-cut", "--rounds", "3"}},
        {"quota-check-in-read",
         "exceeded: at event ",
         {"--fault", "quotas", "--rounds", "1", "--persons", "400"}},
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
    std::string output;
};

/// "lost N, doubled N, forged N, out of order N, ledger balanced, books equal", or what else the
/// fault counts: whatever is not 0 or "NOT" as it should be is damage.
Ending readEnding(const Ended& ended)
{
    Ending ending;
    ending.code = ended.code;
    ending.output = ended.output;
    std::istringstream lines(ended.output);
    for (std::string line; std::getline(lines, line);) {
        ending.line = line;
    }
    ending.judged = ending.line.rfind("lost ", 0) == 0;
    const bool counts = ending.line.find_first_of("123456789") != std::string::npos;
    ending.damaged = ending.judged && (counts || ending.line.find("NOT ") != std::string::npos);
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
        runAll();
        bool all = true;
        std::cout << "\nweakness | run | control | with the weakness | verdict\n";
        for (const Row* row : chosen()) {
            const Ending& control = endings_.at(nameOf(row->run, ""));
            const Ending& weak = endings_.at(nameOf(row->run, row->weakness));
            const std::string verdict = judge(*row, control, weak);
            all = all && verdict == kNoticed;
            std::cout << row->weakness << " | " << joined(row->run) << " | " << control.line
                      << " | " << weak.line << " | " << verdict << "\n";
        }
        std::cout << (all ? "every weakness was noticed" : "FAILED") << std::endl;
        return all ? 0 : 1;
    }

private:
    static constexpr const char* kNoticed = "noticed";
    /// They wait more than they work.
    static constexpr std::size_t kAtOnce = 3;

    struct Run {
        std::vector<std::string> what;
        std::string weakness; ///< empty: the control
    };

    static std::string nameOf(const std::vector<std::string>& what, const std::string& weakness)
    {
        return joined(what) + (weakness.empty() ? "" : ", " + weakness);
    }

    static std::string judge(const Row& row, const Ending& control, const Ending& weak)
    {
        if (control.code != 0 || !control.judged || control.damaged) {
            return "THE CONTROL IS NOT CLEAN";
        }
        if (!weak.damaged) {
            return "NOT NOTICED";
        }
        return weak.output.find(row.reason) == std::string::npos
                   ? std::string("NOTICED FOR ANOTHER REASON THAN \"") + row.reason + "\""
                   : kNoticed;
    }

    std::vector<const Row*> chosen() const
    {
        std::vector<const Row*> some;
        for (const Row& row : rows()) {
            if (options_.weakness.empty() || options_.weakness == row.weakness) {
                some.push_back(&row);
            }
        }
        if (some.empty()) {
            throw std::invalid_argument("--weakness is \"" + options_.weakness +
                                        "\"; --prove knows those of prove.cpp");
        }
        return some;
    }

    /// Each control once, those with a weakness first: they take longer.
    void runAll()
    {
        std::vector<Run> runs;
        for (const char* kind : {"weak", "control"}) {
            for (const Row* row : chosen()) {
                runs.push_back({row->run, *kind == 'w' ? row->weakness : ""});
            }
        }
        std::atomic<std::size_t> next{0};
        std::vector<std::thread> workers;
        for (std::size_t i = 0; i < kAtOnce; ++i) {
            workers.emplace_back([&] {
                for (std::size_t mine = next++; mine < runs.size(); mine = next++) {
                    runOnce(runs[mine], logs_ / (std::to_string(mine) + ".log"));
                }
            });
        }
        for (std::thread& worker : workers) {
            worker.join();
        }
    }

    void runOnce(const Run& run, const fs::path& log)
    {
        const std::string name = nameOf(run.what, run.weakness);
        {
            const std::lock_guard lock(mutex_);
            if (!endings_.emplace(name, Ending{}).second) {
                return;
            }
        }
        // What a weakness has lost does not come, however long one waits.
        std::vector<std::string> command = {program_,
                                            "--build",
                                            options_.switched_build,
                                            "--switched-build",
                                            options_.switched_build,
                                            "--source",
                                            options_.source,
                                            "--seed",
                                            std::to_string(options_.seed),
                                            "--heal-seconds",
                                            "10"};
        command.insert(command.end(), run.what.begin(), run.what.end());
        if (!run.weakness.empty()) {
            command.insert(command.end(), {"--weakness", run.weakness});
        }
        const auto start = Clock::now();
        const Ended ended = chaos::run(command);
        std::ofstream(log) << joined(command) << "\n" << ended.output;
        const Ending ending = readEnding(ended);
        const std::lock_guard lock(mutex_);
        std::cout << name << " (" << since(start).count() / 1000 << " s): "
                  << (ending.judged ? ending.line : "ended with " + std::to_string(ended.code))
                  << std::endl;
        endings_[name] = ending;
    }

    const Options& options_;
    fs::path program_;
    fs::path logs_;
    std::mutex mutex_;
    std::map<std::string, Ending> endings_; ///< by the name of the run
};

} // namespace

int prove(const Options& options, const fs::path& program)
{
    return Prover(options, program).prove();
}

} // namespace chaos
