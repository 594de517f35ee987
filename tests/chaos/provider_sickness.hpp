// What can be wrong with a provider: with its answers, which the simulator scripts, or with the way
// to it, which the proxy does.
#pragma once

#include "https_client.hpp"
#include "proxy_script.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace chaos {

struct Sickness {
    enum class Place {
        Answers,     ///< `rule` at the simulator
        Way,         ///< `plan` at the proxy
        Certificate, ///< a server that another authority vouches for answers
        Nobody       ///< nobody listens
    };
    std::string name;
    Place place = Place::Answers;
    Json rule; ///< without its match
    Plan plan = {};
    std::size_t after_bytes_max = 0; ///< of the plan
    bool unbelievable = false;       ///< it looks like success and must not count as one
};

const std::vector<Sickness>& sicknesses();

/// The rules for creates and refunds of a provider, as the simulator takes them.
Json rulesOf(const Sickness& sickness,
             const std::string& provider,
             const std::vector<std::string>& requests);

} // namespace chaos
