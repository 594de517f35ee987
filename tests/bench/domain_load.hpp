// DomainLoad: what a fair's people ask for at its height, as requests: reviewers list and search,
// organizations save drafts and submit persons who are ready.
#pragma once

#include "open_load.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>
#include <sample_data.hpp>

namespace bench {

class DomainLoad {
public:
    /// Answers to what was due in the first `warm_up_s` count for nothing but their status.
    DomainLoad(const sample::Sizes& sizes, std::string token, double warm_up_s);

    /// Of the streams, in the order of requestOf().
    static std::vector<double> rates();
    /// Nothing while all drafts have a save under way. Throws std::runtime_error when nobody is
    /// left to submit.
    std::optional<OpenRequest> requestOf(const Arrival& arrival);

    /// By what was asked: "list", "search", "draft", "submit" and, of lists and searches, each
    /// kind, as "list.state".
    const std::map<std::string, std::vector<double>>& latenciesMs() const { return latencies_ms_; }
    /// Throws std::runtime_error when anything was answered otherwise than it has to be.
    void demandAnswered() const;

private:
    struct Draft {
        std::uint64_t row = 0;
        std::int64_t revision = 1;
        std::uint64_t saves = 0;
    };

    OpenRequest list(std::uint64_t number);
    OpenRequest search(std::uint64_t number);
    std::optional<OpenRequest> save();
    OpenRequest submit(std::uint64_t number);
    std::uint64_t draw();
    /// A person who was submitted.
    std::uint64_t drawSubmitted();
    std::string get(const std::string& path) const;
    std::string write(const std::string& method,
                      std::uint64_t row,
                      const std::string& end,
                      const std::string& header,
                      const nlohmann::json& body) const;
    /// False, and noted, unless it was answered 200.
    bool
    took(const Arrival& arrival, const std::vector<std::string>& names, const OpenAnswer& answer);
    void demand(bool is_right, const std::string& otherwise);

    sample::Sizes sizes_;
    std::string token_;
    double warm_up_s_;
    std::uint64_t drawn_ = 0;
    Arrival arrival_;
    std::deque<Draft> saved_;         // those with an answer under way are not in it
    std::deque<std::uint64_t> ready_; // rows to submit
    std::map<std::string, std::vector<double>> latencies_ms_;
    std::size_t wrong_ = 0; // answers
    std::string first_wrong_;
};

/// "样" becomes "%E6%A0%B7".
std::string percentEncoded(const std::string& text);

} // namespace bench
