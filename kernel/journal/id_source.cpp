#include "journal/id_source.hpp"

#include "base/uuid.hpp"

namespace hub::journal {

namespace {

class SystemIds final : public IdSource {
public:
    std::string make(std::int64_t unix_ms) override { return base::makeUuidV7(unix_ms); }
};

} // namespace

IdSource& IdSource::system()
{
    static SystemIds ids;
    return ids;
}

} // namespace hub::journal
