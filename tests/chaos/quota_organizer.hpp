// The organizer's hand in a quota run: moves organizations to other delegations and groups, lowers
// and raises the delegations' quotas, and withdraws persons, one thing after the other. What a run
// owes comes first, and the fight lasts until it is done, so that also a short one has some of
// each.
#pragma once

#include "caller.hpp"
#include "quota_roll.hpp"
#include "quota_watch.hpp"

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace chaos {

struct Interventions {
    std::int64_t moved = 0;         ///< to another delegation, and approved there
    std::int64_t reassigned = 0;    ///< within its delegation
    std::int64_t refused_moves = 0; ///< the other group had too few places
    std::int64_t lowered = 0;
    std::int64_t raised = 0;
    std::int64_t asked_too_low = 0; ///< below what was used
    std::int64_t withdrawn = 0;
};

class QuotaOrganizer {
public:
    QuotaOrganizer(Caller caller,
                   std::string edition,
                   std::vector<Group> groups,
                   Mode mode,
                   QuotaRoll& roll,
                   QuotaWatch& watch,
                   Effort& effort,
                   std::uint64_t seed);

    /// At first so many of each, and nobody is done before. Returns when everybody is done, or
    /// nobody answers any more.
    void work(std::int64_t wanted);
    /// For whoever reads it after work().
    const Interventions& interventions() const noexcept { return done_; }

private:
    struct Act {
        void (QuotaOrganizer::*act)();
        std::int64_t Interventions::*count;
    };
    static const std::vector<Act>& acts();
    bool hasDone(std::int64_t wanted) const;
    const Act& choose(std::size_t turn, std::int64_t wanted);
    std::size_t draw(std::size_t n);
    void move();
    void reassign();
    std::vector<Group> targetsOf(const Group& from, bool is_move) const;
    void relocate(bool is_move);
    void settle(const std::string& organization_id, const Group& to, const HttpAnswer& answer);
    Json drawLine(bool has_free);
    bool give(const Json& line, std::int64_t total);
    void lower();
    void raise();
    void lowerTooFar();
    void withdraw();
    HttpAnswer ask(const std::string& organization_id, const Group& to, bool is_move);
    void makeRoom(const Group& to, const Json& parameters);
    void approve(const std::string& organization_id);
    std::string nextKey();

    Caller caller_;
    std::string edition_;
    std::vector<Group> groups_;
    Mode mode_;
    QuotaRoll& roll_;
    QuotaWatch& watch_;
    Effort& effort_;
    std::mt19937_64 random_;
    std::string path_; ///< of the edition's quotas
    std::string name_;
    int acts_ = 0;
    Interventions done_;
};

} // namespace chaos
