// What the suite knows of one contract beyond its document: how a fresh request is made, and the
// rules that follow from what the operations mean. A new contract is one file and one line in
// contract_suite.cpp; a contract without one is judged by the rules for every connector, with the
// examples of its document as requests.
#pragma once

#include "json.hpp"
#include "rule.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace hub::conformance {

struct Contract;

struct Request {
    std::string operation;
    Json body;
    std::string number; // what identifies it at the provider; may be empty
    std::int64_t amount_minor = 0;
    std::vector<std::string> blobs = {}; // what the hub holds of it
};

struct ContractSuite {
    std::string_view contract;
    /// The operation that the rules about exchanges use: one that changes something.
    std::string_view operation;
    /// Makes the example of the contract fresh: numbers never used before, times of today.
    void (*freshen)(Request& request, const Contract& contract);
    std::span<const Rule> (*rules)();
};

/// NULL when there is none for this contract.
const ContractSuite* findSuite(std::string_view contract);
std::span<const ContractSuite> contractSuites();

/// contract_licence.cpp
extern const ContractSuite kLicenceSuite;
/// contract_payment.cpp
extern const ContractSuite kPaymentSuite;
/// contract_sms.cpp
extern const ContractSuite kSmsSuite;

} // namespace hub::conformance
