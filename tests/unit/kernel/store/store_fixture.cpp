#include "store_fixture.hpp"

#include <cstdlib>
#include <stdexcept>

namespace hub::store::test {

TemporaryFolder::TemporaryFolder()
{
    std::string name = (std::filesystem::temp_directory_path() / "hub-store-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) {
        throw std::runtime_error(name + ": no temporary folder can be made");
    }
    path_ = name;
}

TemporaryFolder::~TemporaryFolder()
{
    std::error_code error;
    std::filesystem::remove_all(path_, error);
}

std::string toString(Trouble trouble)
{
    switch (trouble) {
    case Trouble::Constraint:
        return "Constraint";
    case Trouble::Statement:
        return "Statement";
    case Trouble::Denied:
        return "Denied";
    case Trouble::Busy:
        return "Busy";
    case Trouble::Full:
        return "Full";
    case Trouble::ReadOnly:
        return "ReadOnly";
    case Trouble::Io:
        return "Io";
    case Trouble::Sync:
        return "Sync";
    case Trouble::Lost:
        return "Lost";
    case Trouble::Fenced:
        return "Fenced";
    }
    return "?";
}

} // namespace hub::store::test
