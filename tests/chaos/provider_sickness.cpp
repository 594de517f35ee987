#include "provider_sickness.hpp"

namespace chaos {

namespace {

using Place = Sickness::Place;

Sickness answers(const char* name, Json rule, bool unbelievable = false)
{
    return {name, Place::Answers, std::move(rule), {}, 0, unbelievable};
}

Sickness way(const char* name, Plan plan, std::size_t after_bytes_max = 0)
{
    return {name, Place::Way, {}, plan, after_bytes_max, false};
}

} // namespace

const std::vector<Sickness>& sicknesses()
{
    // The server's part of a handshake takes about 2,500 bytes; the answer follows.
    static const std::vector<Sickness> kAll = {
        answers("booked, no answer", {{"fault", "drop_after_booking"}}),
        answers("not booked, no answer", {{"fault", "drop_before_booking"}}),
        answers("booked late, no answer", {{"fault", "book_late"}, {"ms", 1'500}}),
        answers("500, booked", {{"fault", "http_status"}, {"status", 500}, {"booked", true}}),
        answers("503, not booked", {{"fault", "http_status"}, {"status", 503}, {"booked", false}}),
        answers("429", {{"fault", "http_status"}, {"status", 429}, {"booked", false}}),
        answers("garbage", {{"fault", "garbage"}, {"booked", true}}, true),
        answers("bad signature", {{"fault", "bad_signature"}}, true),
        answers("probe signature", {{"fault", "probe_signature"}}, true),
        answers("unsigned success", {{"fault", "unsigned"}}, true),
        answers("a drip", {{"fault", "slow_drip"}, {"ms", 40}}),
        answers("TLS ends without an answer", {{"fault", "tls_close"}}),
        {"wrong certificate", Place::Certificate, {}, {}, 0, true},
        {"nobody listens", Place::Nobody, {}, {}, 0, false},
        way("reset within the answer", {Behavior::Reset, Direction::ToClient, 500}, 3'000),
        way("truncated within the answer", {Behavior::Truncate, Direction::ToClient, 500}, 3'000),
        way("reset within the request", {Behavior::Reset, Direction::ToServer, 300}, 1'500),
        way("silent after the handshake", {Behavior::HalfOpen, Direction::ToServer, 600}, 1'200),
        way("answers swallowed", {Behavior::Drop, Direction::ToClient, 2'000}, 2'800),
        way("a narrow way", {Behavior::Throttle, Direction::ToClient, 0, {}, 400}),
        way("bytes come twice", {Behavior::Duplicate, Direction::ToServer, 600}),
    };
    return kAll;
}

Json rulesOf(const Sickness& sickness,
             const std::string& provider,
             const std::vector<std::string>& requests)
{
    Json rules = Json::array();
    for (const std::string& request : requests) {
        Json rule = sickness.rule;
        rule["match"] = {{"provider", provider}, {"method", request}, {"times", 0}};
        rules.push_back(rule);
    }
    return rules;
}

} // namespace chaos
