// Clerk: somebody of the delegation's staff, who logs in with password and authenticator, and
// reviews, gives quotas, categorizes and locks.
#pragma once

#include "installation.hpp"
#include "web_client.hpp"

#include <string>
#include <vector>

namespace demo {

class Clerk {
public:
    Clerk(const Installation& installation, const std::string& edition);

    /// Accepts the invitation, sets up the authenticator, and logs in as every day.
    void join(const std::string& invitation, const std::string& mail);
    void approve(const std::string& organization) const;
    /// What passed by a rule, without anybody's review.
    void lookAtPassed(const std::string& organization) const;
    /// Gives the organization places of the delegation's.
    void giveQuota(const std::string& organization, const std::string& category, int total) const;
    WebAnswer categorize(const std::vector<std::string>& persons,
                         const std::string& category) const;
    void lock(const std::vector<std::string>& persons) const;
    /// "1/1"
    std::string quotaUse(const std::string& category) const;

private:
    std::string enroll();

    std::string edition_;
    WebClient hub_;
};

} // namespace demo
