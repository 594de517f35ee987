// A hub with all plugins of the registration and its simulated providers, as `./hub up` makes it.
#pragma once

#include "support/hub_process.hpp"
#include "support/postgres.hpp"
#include "support/suite.hpp"

#include <memory>
#include <string>
#include <vector>

namespace hub::test {

class RegistrationFixture : public CppUnit::TestFixture {
public:
    void tearDown() override;

protected:
    /// An installation; nothing runs yet.
    void prepare(HubOptions options = {});
    /// The same on a schema of its own.
    void prepareOnPostgres(HubOptions options = {});
    void run() const;

    HubProcess& hub() const { return *hub_; }
    /// Where the hub keeps its tables; null on SQLite.
    const PostgresSchema* schema() const { return schema_.get(); }

    /// An API key's token.
    std::string keyOf(const std::string& holder, const std::vector<std::string>& scopes) const;

    static std::string variable(const char* name);

private:
    void runScript(const std::string& name) const;

    std::unique_ptr<PostgresSchema> schema_;
    std::unique_ptr<HubProcess> hub_;
};

} // namespace hub::test
