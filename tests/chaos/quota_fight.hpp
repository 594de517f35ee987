// One edition's part of a quota run: its world is built, everybody fights for places at once while
// the hub dies again and again, and at the end all is judged.
#pragma once

#include "caller.hpp"
#include "installation.hpp"
#include "quota_organizer.hpp"
#include "quota_recount.hpp"
#include "quota_roll.hpp"
#include "quota_watch.hpp"
#include "quota_world.hpp"
#include "registration_office.hpp"
#include "report.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace chaos {

struct QuotaFindings {
    std::vector<std::string> lost;
    std::vector<std::string> doubled;
    std::vector<std::string> exceeded;
    std::vector<std::string> unequal;
    std::vector<std::string> failures;
    std::vector<Floor> floors;
};

class QuotaFight {
public:
    QuotaFight(const Installation& installation, Mode mode, std::int64_t persons, Effort& effort);

    /// Throws std::runtime_error when a step is refused.
    void build();
    /// Returns when everybody is done.
    void fight();
    /// Prints the figures; adds to the findings.
    void judge(QuotaFindings& findings);

private:
    void joinClerks();
    void giveQuotas();
    void begin(std::vector<std::thread>& threads);
    void kill(int round);
    void tellFigures(const Recount& counted, const QuotaReplay& replay) const;
    std::vector<Floor> floors(const Recount& counted) const;
    std::int64_t interventionsWanted() const;

    const Installation& installation_;
    Mode mode_;
    std::int64_t persons_;
    Effort& effort_;
    std::string edition_;
    Office office_;
    QuotaRoll roll_;
    QuotaWatch watch_;
    QuotaWorld world_;
    std::vector<Group> staffed_;
    std::vector<std::unique_ptr<Caller>>
        clerks_; ///< the n-th is of the n-th staffed group, in turn
    Interventions interventions_;
    std::vector<std::string> failures_;
    std::int64_t kills_ = 0;
};

} // namespace chaos
