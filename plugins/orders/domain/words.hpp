// The same sentence for both of our readers.
#pragma once

#include <string>

namespace orders {

struct Words {
    std::string en;
    std::string zh;
};

} // namespace orders
