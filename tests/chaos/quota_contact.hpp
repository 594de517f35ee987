// An organization's contact where organizations choose: puts a category into the form of each
// person and submits them, one or many at a time; who gets no place chooses another one. Several
// may work for one organization.
#pragma once

#include "caller.hpp"
#include "quota_roll.hpp"
#include "quota_watch.hpp"

#include <cstdint>
#include <random>
#include <string>

namespace chaos {

class QuotaContact {
public:
    QuotaContact(Caller caller,
                 const std::string& edition,
                 std::string organization_id,
                 QuotaRoll& roll,
                 QuotaWatch& watch,
                 Effort& effort,
                 std::uint64_t seed);

    /// Returns when everybody is done, or nobody answers any more.
    void work();

private:
    void look();
    void carryOut(const Lease& lease);
    bool choose(const std::string& person_id, const std::string& category);
    void settle(const std::string& person_id, int status, const Json& said);
    void surprise(const std::string& person_id, int status, const Json& said);

    Caller caller_;
    std::string organization_id_;
    QuotaRoll& roll_;
    QuotaWatch& watch_;
    Effort& effort_;
    std::mt19937_64 random_;
    std::string quotas_path_;
    std::string persons_path_;
    std::string name_;
    int acts_ = 0;
};

} // namespace chaos
