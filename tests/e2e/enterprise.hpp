// Enterprise: who a story is about, with numbers that no other run has and that belong to nobody:
// "HUB" in the social credit code, birth in the first years of 1900, phones on the simulator.
#pragma once

#include <cstdint>
#include <string>

namespace demo {

enum class Sex { Male, Female };

class Enterprise {
public:
    /// `run` tells one telling from another: milliseconds do.
    explicit Enterprise(std::uint64_t run);

    const std::string& name() const noexcept { return name_; }
    const std::string& socialCreditCode() const noexcept { return code_; }
    /// The n-th number of this run, in E.164.
    std::string phone(unsigned n) const;
    /// Of the n-th person.
    std::string residentCard(unsigned n, Sex sex) const;

private:
    std::uint64_t run_;
    std::string name_;
    std::string code_;
};

} // namespace demo
