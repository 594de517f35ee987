// What rules work with: sessions with the library, requests of the contract, the provider, and what
// was seen so far.
#pragma once

#include "contract_suite.hpp"
#include "desk.hpp"
#include "provider.hpp"

#include <set>

namespace hub::conformance {

class Bench;

/// One session with its services. When it goes, what the library said is kept by the bench.
class Stage {
public:
    Stage(Bench& bench, const HostPlan& plan);
    ~Stage();
    Stage(const Stage&) = delete;
    Stage& operator=(const Stage&) = delete;

private:
    Bench& bench_;

public:
    HubDesk desk;
    Session session;
    hub_call_id leased = 0; // the session of the account, when it has one
};

/// How a delivery differs from the usual one.
struct Manner {
    std::uint32_t attempt = 1;
    std::int64_t deadline_in_ms = 8000;
    std::optional<std::string> payload; // instead of the request's body
};

class Bench {
public:
    explicit Bench(Description description);
    ~Bench();

    const Description& description() const { return description_; }
    /// The contract under judgment. Throws DoesNotApply for a library without one.
    const Contract& contract() const;
    void setContract(const Contract* contract) { contract_ = contract; }
    /// Throws DoesNotApply when conformance.json describes none.
    Provider& provider();
    Keyring& keys() { return keys_; }

    /// What create() gets.
    Json configuration() const;
    /// A library that is ready. Throws Broken when it does not get there.
    std::unique_ptr<Stage> start();
    /// A library that may well refuse.
    std::unique_ptr<Stage> attempt(const Json& configuration);

    Request request(const std::string& operation);
    /// The operation that the rules about exchanges use. Throws DoesNotApply when the library has
    /// none that the hub carries.
    Request probe();
    hub_call_id send(Stage& stage, const Request& request, const Manner& manner = {});
    /// Waits for the answer; Broken when none comes a second after the deadline at the latest.
    Answer await(Stage& stage, hub_call_id id, const Manner& manner = {});
    Answer ask(Stage& stage, const Request& request, const Manner& manner = {});
    Answer callback(Stage& stage, const Inbound& inbound);
    /// True when the library speaks over streams and conformance.json describes their peer.
    bool playsStreams() const;
    /// The account's standing connection is the library's, and it is logged in. 0 when the manifest
    /// asks for none.
    hub_call_id lease(Stage& stage);
    /// The next answer to the operation has members that nobody knows. Throws DoesNotApply when the
    /// provider can't be made to give them.
    void addMembers(Stage& stage, const std::string& operation);
    Answer event(Stage& stage, const Json& event, const std::optional<std::string>& payload);

    /// Does a bit of everything, so that there is something to judge.
    void exercise();

    void keep(Stage& stage);
    const std::set<std::string>& said() const { return said_; }
    const std::set<std::string>& payloads() const { return payloads_; }
    const std::set<std::string>& trespasses() const { return trespasses_; }
    /// Answers that don't fit the contract's schema, each as a sentence.
    const std::set<std::string>& misfits() const { return misfits_; }
    /// Texts that stand for personal data in requests.
    const std::vector<std::string>& personal() const { return personal_; }

private:
    friend class Stage;

    HostPlan plan(const Json& configuration) const;
    hubp::Envelope envelope(const Request& request, const Manner& manner) const;
    void compare(const std::string& operation, const Answer& answer);
    Request withPayer(Request request) const;
    void exerciseConnector();
    void exerciseSubscriber();

    const Description description_;
    const Contract* contract_ = nullptr;
    Keyring keys_;
    std::unique_ptr<Provider> provider_;
    std::set<std::string> said_;
    std::set<std::string> payloads_;
    std::set<std::string> trespasses_;
    std::set<std::string> misfits_;
    std::vector<std::string> personal_;
};

/// "HUB_OUTCOME_UNKNOWN (9)".
std::string nameOf(hub_status status);
/// What an answer says, for the text of a broken rule.
std::string describe(const Answer& answer);
/// A UUID of version 7.
std::string newId();

} // namespace hub::conformance
