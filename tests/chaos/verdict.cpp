#include "verdict.hpp"

#include <algorithm>
#include <iostream>
#include <stdexcept>

namespace chaos {

namespace {

Evidence gather(const Installation& installation)
{
    Evidence evidence;
    evidence.payments = readPayments(installation.hub());
    evidence.books = readBooks(installation.simulator(), evidence.payments);
    evidence.record = readRecord(installation.recordFile());
    return evidence;
}

/// The provider tells again what was not heard: its schedule runs on, by the test clock, and what
/// a fault swallowed is sent once more.
void sendNotificationsAgain(HttpsClient& simulator, const Evidence& evidence)
{
    constexpr int kAdvanceSeconds = 60;
    simulator.post("/control/clock", {{"advance_s", kAdvanceSeconds}});
    for (const auto& [id, payment] : evidence.payments) {
        const auto charges = evidence.books.charges.find(payment.at("subject"));
        if (payment.at("state") == "paid" || charges == evidence.books.charges.end()) {
            continue;
        }
        for (const Charge& charge : charges->second) {
            simulator.post("/control/notify", {{"out_trade_no", charge.number}});
        }
    }
}

/// Lost and forged may be "not yet": books and hub are not read in one moment.
bool isSettled(const Findings& findings)
{
    return findings.lost.empty() && findings.forged.empty();
}

Evidence heal(const Installation& installation, const Memory& memory, Milliseconds limit)
{
    HttpsClient simulator(installation.simulator());
    simulator.remove("/control/faults");
    const auto start = Clock::now();
    Evidence evidence;
    const bool healed = waitUntil(
        limit,
        [&] {
            evidence = gather(installation);
            if (isSettled(judge(memory, evidence))) {
                return true;
            }
            sendNotificationsAgain(simulator, evidence);
            return false;
        },
        Milliseconds{500});
    std::cout << (healed ? "healed in " : "NOT healed in ") << since(start).count() << " ms"
              << std::endl;
    return evidence;
}

void showExposure(const Memory& memory, const Evidence& evidence)
{
    const Exposure exposure = memory.exposure();
    std::cout << "acknowledged " << exposure.acknowledged << ", charges "
              << evidence.books.charge_count << ", refunds " << evidence.books.refund_count
              << ", payments " << evidence.payments.size() << ", parallel creates "
              << exposure.parallel << ", repeated requests " << exposure.repeats
              << ", notifications sent " << evidence.books.deliveries << ", events "
              << evidence.record.events.size() << ", redeliveries " << evidence.record.redeliveries
              << "\n";
    if (exposure.given_up != 0) {
        std::cout << "never answered: " << exposure.given_up << " requests\n";
    }
}

/// The ledger in itself and against the money that reached the provider's balances.
bool isLedgerBalanced(const Ended& check,
                      const Evidence& evidence,
                      std::int64_t balance_before_minor)
{
    const std::int64_t net = netOf(evidence.payments);
    const std::int64_t earned = evidence.books.balance_minor - balance_before_minor;
    if (check.code != 0) {
        std::cout << "ledger: expohub ledger check ended with " << check.code << ": "
                  << check.output << "\n";
    }
    if (net != earned) {
        std::cout << "ledger: the hub says " << net << " was kept, the provider's balance says "
                  << earned << "\n";
    }
    return check.code == 0 && net == earned;
}

bool areBooksEqual(const Ended& check, const Evidence& evidence)
{
    const Json answer = Json::parse(check.output, nullptr, false);
    if (!answer.is_object()) {
        return false; // the check itself has failed, and said so
    }
    const auto found = differences(answer.value("data", answer), evidence);
    show("books", found);
    return found.empty();
}

template <typename One>
void append(std::vector<One>& all, const std::vector<One>& more)
{
    all.insert(all.end(), more.begin(), more.end());
}

void append(Findings& all, const Findings& more)
{
    append(all.lost, more.lost);
    append(all.doubled, more.doubled);
    append(all.forged, more.forged);
    append(all.out_of_order, more.out_of_order);
}

/// With what only shows at rest.
Proof complete(Proof proof)
{
    if (!proof.at_rest) {
        return proof;
    }
    const Proof more = proof.at_rest();
    append(proof.figures, more.figures);
    append(proof.failures, more.failures);
    append(proof.findings, more.findings);
    append(proof.floors, more.floors);
    return proof;
}

std::string lastLine(const Findings& findings, bool balanced, bool books_equal)
{
    return "lost " + std::to_string(findings.lost.size()) + ", doubled " +
           std::to_string(findings.doubled.size()) + ", forged " +
           std::to_string(findings.forged.size()) + ", out of order " +
           std::to_string(findings.out_of_order.size()) + ", ledger " +
           (balanced ? "balanced" : "NOT balanced") + ", books " +
           (books_equal ? "equal" : "NOT equal");
}

} // namespace

std::int64_t balanceOf(const Installation& installation)
{
    return readBooks(installation.simulator()).balance_minor;
}

namespace {

/// A hub that shows nothing any more has lost all that it acknowledged.
Verdict concludeBlindly(const Memory& memory, const std::string& why)
{
    Verdict verdict;
    const auto acknowledged = static_cast<std::size_t>(memory.exposure().acknowledged);
    verdict.findings.lost.resize(std::max<std::size_t>(1, acknowledged), why);
    verdict.line = lastLine(verdict.findings, false, false);
    std::cout << "FAILED: nothing can be read: " << why << "\n" << verdict.line << std::endl;
    return verdict;
}

Reasons reasonsOf(const Verdict& verdict, const Memory& memory, const Proof& proof)
{
    const Findings& findings = verdict.findings;
    Reasons reasons;
    reasons.add("lost", findings.lost.size());
    reasons.add("doubled", findings.doubled.size());
    reasons.add("forged", findings.forged.size());
    reasons.add("out of order", findings.out_of_order.size());
    reasons.addIf(!verdict.balanced, "ledger NOT balanced");
    reasons.addIf(!verdict.books_equal, "books NOT equal");
    reasons.add("unexpected answers", memory.surprises().size());
    reasons.add("never answered", static_cast<std::size_t>(memory.exposure().given_up));
    reasons.add(proof.failures);
    return reasons;
}

} // namespace

Verdict conclude(Installation& installation,
                 const Memory& memory,
                 std::int64_t balance_before_minor,
                 const Proof& found)
{
    const Milliseconds limit{installation.options().heal_seconds * 1000};
    Evidence evidence;
    Proof proof;
    try {
        if (memory.isHopeless()) {
            throw std::runtime_error("the hub does not serve any more");
        }
        evidence = heal(installation, memory, limit);
        proof = complete(found);
    } catch (const std::runtime_error& failure) {
        if (installation.options().weakness.empty()) {
            installation.keep();
        }
        return concludeBlindly(memory, failure.what());
    }
    Verdict verdict;
    Findings& findings = verdict.findings;
    findings = judge(memory, evidence);
    append(findings, proof.findings);
    const Ended check = installation.command({"ledger", "check", "--json"});
    verdict.balanced = isLedgerBalanced(check, evidence, balance_before_minor);

    verdict.books_equal = areBooksEqual(check, evidence);
    show("lost", findings.lost);
    show("doubled", findings.doubled);
    show("forged", findings.forged);
    show("out of order", findings.out_of_order);
    show("unexpected", memory.surprises());
    show("failed", proof.failures);
    showExposure(memory, evidence);
    for (const std::string& figure : proof.figures) {
        std::cout << figure << "\n";
    }
    Reasons reasons = reasonsOf(verdict, memory, proof);
    reasons.add(missedFloors(proof.floors));
    verdict.good = reasons.empty();
    if (!verdict.good) {
        if (installation.options().weakness.empty()) {
            installation.keep(); // else nobody wonders why
        }
        std::cout << reasons.line() << "\n";
    }
    verdict.line = lastLine(findings, verdict.balanced, verdict.books_equal);
    std::cout << verdict.line << std::endl;
    return verdict;
}

} // namespace chaos
