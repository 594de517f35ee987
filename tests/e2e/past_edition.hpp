// PastEdition: what the organizer has of an edition before this one, brought in by command from the
// files that it kept: groups, an enterprise, its persons, their photos and the log-in that proves
// whose they are.
#pragma once

#include "enterprise.hpp"
#include "installation.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace demo {

/// Somebody who had a badge then.
struct PastPerson {
    std::string name;
    Sex sex = Sex::Male;
    unsigned number = 0; // the n-th of the enterprise
    bool has_passed = true;
};

class PastEdition {
public:
    /// `edition` is "ciie-6".
    PastEdition(const Installation& installation,
                std::string edition,
                const Enterprise& enterprise);

    void bringIn(const std::vector<PastPerson>& persons) const;
    const std::string& edition() const noexcept { return edition_; }

private:
    void writeFiles(const std::filesystem::path& folder,
                    const std::vector<PastPerson>& persons) const;
    /// Waits until the import has ended.
    void import(const std::string& kind, const std::filesystem::path& file) const;
    void importLogins(const std::filesystem::path& file) const;

    const Installation& installation_;
    std::string edition_;
    const Enterprise& enterprise_;
};

/// Where the past contact was reached, the n-th phone of the enterprise.
inline constexpr unsigned kPastPhone = 90;

} // namespace demo
