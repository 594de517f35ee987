#include "contract.hpp"

namespace hub::simulation {

using journal::AfterUnknown;
using journal::Verdict;

Result<journal::OperationSpec>
Contract::operation(std::string_view contract, std::string_view operation, std::string_view) const
{
    journal::OperationSpec spec;
    spec.contract = contract;
    spec.operation = operation;
    spec.timeout_ms = 10000;
    if (operation == "track") {
        spec.safe = true;
        spec.after_unknown = AfterUnknown::ResendSameKey;
    } else if (operation == "send") {
        spec.after_unknown = AfterUnknown::QueryFirst;
        spec.resolve = journal::ResolveSpec{"track",
                                            {"number"},
                                            "/state",
                                            {{"booked", Verdict::Answer},
                                             {"refused", Verdict::Answer},
                                             {"moving", Verdict::Wait},
                                             {"not_found", Verdict::Repeat}}};
    } else if (operation == "stamp") {
        spec.after_unknown = AfterUnknown::ResendSameKey;
    } else if (operation != "shout") {
        return Error{HUB_UNSUPPORTED, "no contract has it"};
    }
    if (mutation_ == Mutation::ResendOnUnknown && !spec.safe) {
        spec.after_unknown = AfterUnknown::ResendSameKey;
    }
    return spec;
}

Result<std::string>
Contract::connector(std::string_view, std::string_view, std::string_view account) const
{
    return std::string(account);
}

} // namespace hub::simulation
