// Candidates: the accounts that an attempt may go to now, by the method's table and by what the hub
// knows of the accounts at this moment.
#pragma once

#include "flow/work.hpp"

#include <map>
#include <string>
#include <vector>

namespace payments {

/// What somebody asks for; empty members leave the choice to the table.
struct Wanted {
    std::string account;
    std::string wallet;
    std::string product;
    std::string payer = {};         // JSON of the contract's `payer`
    std::int64_t expires_at_ms = 0; // 0: as the settings say
};

std::map<std::string, AccountFacts> readAccounts(const hub::Snapshot& snapshot,
                                                 const std::vector<RouteRule>& rules,
                                                 std::int64_t now_ms);

/// The method is open, and its table still lets the payment go to this account.
bool isRouted(const Work& work, const Payment& payment, const std::string& account);

/// Those that fit, in the order of trying. `number` is the attempt's.
std::vector<RouteRule> candidatesFor(const Work& work,
                                     const Payment& payment,
                                     const Wanted& wanted,
                                     const std::string& number);

} // namespace payments
