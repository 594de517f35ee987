// A reviewer at the console: looks at the quota line and now and then gives those below more or
// less of it, then categorizes, takes back, locks and cancels persons of the group, one or many at
// a time, until everybody is done. Where organizations choose, it gives them quota and cancels.
#pragma once

#include "caller.hpp"
#include "quota_roll.hpp"
#include "quota_watch.hpp"

#include <cstdint>
#include <random>
#include <string>

namespace chaos {

class QuotaClerk {
public:
    QuotaClerk(Caller caller,
               std::string edition,
               Group group,
               int giving_share,
               QuotaRoll& roll,
               QuotaWatch& watch,
               Effort& effort,
               std::uint64_t seed);

    /// Returns when everybody is done, or nobody answers any more.
    void work();

private:
    void look();
    void carryOut(const Lease& lease);
    void settle(const std::string& person_id, int status, const Json& said);
    void giveQuota(const Json& shown);

    Caller caller_;
    std::string edition_;
    Group group_;
    int giving_share_; ///< percent of looks after which it gives quota below
    QuotaRoll& roll_;
    QuotaWatch& watch_;
    Effort& effort_;
    std::mt19937_64 random_;
    std::string name_;
    int acts_ = 0;
};

} // namespace chaos
