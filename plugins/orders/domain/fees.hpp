// What a person costs by the rules of an edition (R-212, D-06): `fees` names an amount for category
// and admission period, `reuse.fee_percent` what of it a reused badge costs. A combination that the
// rules don't name has no fee: nothing is guessed.
#pragma once

#include "domain/json.hpp"

#include <cstdint>
#include <string>
#include <variant>

#include <requests/answers.hpp>

namespace orders {

using requests::Words;

/// A person as the contract registration answers (`payables`).
struct Payable {
    std::string person_id;
    std::string edition;
    std::string state;
    std::string category;
    std::string admission_period;
    std::string delivery_method;
    bool reuse = false;
    bool upgraded = false;
    std::string name;            // personal: shown to the organization, kept nowhere
    std::string document_masked; // likewise
};

/// Why somebody can't be ordered for.
struct Objection {
    std::string reason;
    Words words;
};

/// Minor units, at least 1.
std::variant<std::int64_t, Objection> feeOf(const Json& pack, const Payable& person);

} // namespace orders
