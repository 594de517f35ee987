#include "journal_fixture.hpp"

#include "base/exception.hpp"

namespace hub::journal::test {

namespace {

Result<void> refuseWrong(std::string_view payload)
{
    if (payload.find("\"wrong\"") != std::string_view::npos) {
        return Error{HUB_BAD_REQUEST, "/wrong is not allowed"};
    }
    return {};
}

} // namespace

Result<OperationSpec> FixedDirectory::operation(std::string_view contract,
                                                std::string_view operation,
                                                std::string_view) const
{
    static const std::map<std::string_view, AfterUnknown> operations = {
        {"send", AfterUnknown::QueryFirst},
        {"stamp", AfterUnknown::ResendSameKey},
        {"shout", AfterUnknown::NeverResend},
        {"show", AfterUnknown::QueryFirst},
        {"whisper", AfterUnknown::QueryFirst},
        {"find", AfterUnknown::ResendSameKey},
        {"track", AfterUnknown::ResendSameKey}};
    const auto found = operations.find(operation);
    if (contract != "parcel" || found == operations.end()) {
        return Error{HUB_UNSUPPORTED, "no contract has it"};
    }
    OperationSpec spec;
    spec.contract = contract;
    spec.operation = operation;
    spec.safe = operation == "find" || operation == "track";
    spec.carrier = operation == "show" ? kBrowser : kByHub;
    spec.personal = operation == "whisper";
    spec.after_unknown = found->second;
    spec.timeout_ms = 10000;
    if (found->second == AfterUnknown::QueryFirst) {
        spec.resolve = ResolveSpec{
            "track",
            {"number"},
            "/state",
            {{"sent", Verdict::Answer}, {"not_found", Verdict::Repeat}, {"moving", Verdict::Wait}}};
    }
    return spec;
}

Result<std::string>
FixedDirectory::connector(std::string_view, std::string_view, std::string_view account) const
{
    if (account == "closed") {
        return Error{HUB_UNSUPPORTED, "no connector serves the account closed"};
    }
    return std::string("courier");
}

Result<void>
FixedDirectory::checkRequest(std::string_view, std::string_view, std::string_view payload) const
{
    return refuseWrong(payload);
}

Result<void>
FixedDirectory::checkResult(std::string_view, std::string_view, std::string_view payload) const
{
    return refuseWrong(payload);
}

std::string PlainSeal::seal(std::string_view place, std::string_view plain) const
{
    return "sealed " + std::string{place} + " " + std::string{plain.rbegin(), plain.rend()};
}

std::string PlainSeal::open(std::string_view place, std::string_view sealed) const
{
    const std::string head = seal(place, "");
    if (!sealed.starts_with(head)) {
        throw base::Failure(HUB_INTERNAL, "not sealed for {}", place);
    }
    sealed.remove_prefix(head.size());
    return std::string{sealed.rbegin(), sealed.rend()};
}

void OutcomeNotes::deliverOutcome(Group&, const CallRow& row, bool resolved)
{
    notes.push_back(std::to_string(row.call.id) + " " + outcomeName(row.outcome) +
                    (resolved ? " resolved" : ""));
}

std::string outcomeName(std::uint32_t outcome)
{
    switch (outcome) {
    case HUB_OUTCOME_SUCCEEDED:
        return "succeeded";
    case HUB_OUTCOME_REJECTED:
        return "rejected";
    case HUB_OUTCOME_NOT_SENT:
        return "not sent";
    case HUB_OUTCOME_PENDING:
        return "pending";
    case HUB_OUTCOME_UNRESOLVED:
        return "unknown";
    default:
        return "none";
    }
}

} // namespace hub::journal::test
