// expohub-bench [NAME] [--build FOLDER] [--runs N] [--seconds N] [--minutes N] [--rows N]
// [--payments N] [--store sqlite|postgres|both] [--strict]
//
// One JSON line per figure whose name is NAME or begins with "NAME.", and a last line with all
// ratios. Ends with 1 when a figure was not measured correctly (the hub lost, doubled, reordered or
// refused something) or missed a mark that allows for no miss, with --strict also when any mark was
// missed or the disk was too unsteady to judge by. Figures mean something for the release preset
// only.

#include "burst.hpp"
#include "domain.hpp"
#include "figure.hpp"
#include "memory.hpp"
#include "payments_hub.hpp"
#include "route.hpp"

#include <fmt/format.h>

#include <exception>
#include <iostream>
#include <string>
#include <vector>

namespace {

/// Each file of figures has one line here.
std::vector<bench::Figure> allFigures(const bench::DomainOptions& domain)
{
    std::vector<bench::Figure> all;
    for (const auto& figures : {bench::routeFigures(),
                                bench::callbackFigures(),
                                bench::createFigures(),
                                bench::containFigures(),
                                bench::burstFigures(),
                                bench::domainFigures(domain),
                                bench::memoryFigures()}) {
        all.insert(all.end(), figures.begin(), figures.end());
    }
    return all;
}

/// False for a word that is no option, and for an option without its value.
bool take(const std::vector<std::string>& words,
          std::size_t& i,
          bench::Options& options,
          bench::DomainOptions& domain,
          std::string& name)
{
    const std::string& word = words[i];
    if (word == "--strict") {
        options.strict = true;
        return true;
    }
    if (word.rfind("--", 0) != 0 && name.empty()) {
        name = word;
        return true;
    }
    if (i + 1 >= words.size()) {
        return false;
    }
    const std::string& value = words[++i];
    if (word == "--build") {
        options.build = value;
    } else if (word == "--runs") {
        options.runs = std::stoi(value);
    } else if (word == "--seconds") {
        options.seconds = std::stod(value);
        domain.seconds = options.seconds;
    } else if (word == "--minutes") {
        options.minutes = std::stod(value);
    } else if (word == "--rows") {
        options.rows = std::stoi(value);
    } else if (word == "--payments") {
        options.payments = std::stoi(value);
    } else if (word == "--store" && (value == "sqlite" || value == "postgres" || value == "both")) {
        domain.store = value;
    } else {
        return false;
    }
    return true;
}

/// "route.sync 0.31 (>= 0.33 missed)".
std::string briefOf(const nlohmann::json& line)
{
    const std::string name = line.at("name");
    if (line.contains("failed")) {
        return name + " FAILED";
    }
    const std::string verdict = line.value("verdict", "for information");
    const std::string wanted = line.value("wanted", "");
    if (!line.contains("ratio")) {
        return name + " " + verdict;
    }
    return fmt::format("{} {:.3g} ({}{}{})",
                       name,
                       line.at("ratio").get<double>(),
                       wanted,
                       wanted.empty() ? "" : " ",
                       verdict);
}

class Report {
public:
    void add(const nlohmann::json& line)
    {
        std::cout << line.dump() << std::endl;
        summary_ += (summary_.empty() ? "" : " · ") + briefOf(line);
        const std::string verdict = line.value("verdict", "");
        const bool missed = verdict == "missed" || verdict == "void";
        missed_ = missed_ || missed;
        failed_ =
            failed_ || line.contains("failed") || (missed && line.value("missed_fails", false));
    }

    void measure(const bench::Figure& figure, const bench::Options& options)
    {
        try {
            for (const nlohmann::json& line : figure.measure(options)) {
                add(line);
            }
        } catch (const std::exception& problem) {
            add({{"name", figure.name}, {"failed", problem.what()}});
        }
    }

    int end(bool strict) const
    {
        std::cout << summary_ << std::endl;
        return failed_ || (strict && missed_) ? 1 : 0;
    }

private:
    std::string summary_;
    bool failed_ = false;
    bool missed_ = false;
};

bool isChosen(const bench::Figure& figure, const std::string& name)
{
    return name.empty() || figure.name == name || figure.name.rfind(name + ".", 0) == 0;
}

} // namespace

int main(int argc, char** argv)
{
    const std::vector<std::string> words(argv + 1, argv + argc);
    bench::Options options;
    bench::DomainOptions domain;
    std::string name;
    try {
        for (std::size_t i = 0; i < words.size(); ++i) {
            if (!take(words, i, options, domain, name)) {
                throw std::invalid_argument(words[i]);
            }
        }
    } catch (const std::exception&) { // std::stoi too
        std::cerr << "usage: expohub-bench [NAME] [--build FOLDER] [--runs N] [--seconds N]"
                     " [--minutes N] [--rows N] [--payments N]"
                     " [--store sqlite|postgres|both] [--strict]\n";
        return 2;
    }
    Report report;
    bool found = false;
    for (const bench::Figure& figure : allFigures(domain)) {
        if (isChosen(figure, name)) {
            found = true;
            report.measure(figure, options);
        }
    }
    if (!found) {
        std::cerr << "bench: no figure \"" << name << "\"; there are";
        for (const bench::Figure& figure : allFigures(domain)) {
            std::cerr << " " << figure.name;
        }
        std::cerr << "\n";
        return 2;
    }
    return report.end(options.strict);
}
