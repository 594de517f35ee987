// domain: registration at the size of the fair, under an open load.
#pragma once

#include "figure.hpp"

#include <string>
#include <vector>

namespace bench {

/// Besides what all figures are told.
struct DomainOptions {
    double seconds = 120;       // of the load, after the warm-up
    std::string store = "both"; // sqlite, postgres or both
};

std::vector<Figure> domainFigures(const DomainOptions& domain);

} // namespace bench
