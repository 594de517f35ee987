#include "registration_fixture.hpp"

#include <cstdlib>

namespace hub::test {

std::string RegistrationFixture::variable(const char* name)
{
    const char* value = std::getenv(name); // NOLINT(concurrency-mt-unsafe)
    return value == nullptr ? "" : value;
}

void RegistrationFixture::runScript(const std::string& name) const
{
    const std::string address = hub_->simulatorAddress();
    const ProgramEnd end = runProgram({variable("HUB_SOURCE_DIR") + "/config/demo/" + name,
                                       variable("HUB_BUILD_DIR"),
                                       hub_->folder().string(),
                                       address.substr(address.rfind(':') + 1)});
    CPPUNIT_ASSERT_EQUAL_MESSAGE(name + ": " + end.output + end.error, 0, end.code);
}

void RegistrationFixture::prepare(HubOptions options)
{
    hub_ = std::make_unique<HubProcess>(std::move(options));
    runScript("wallets.sh");
    runScript("registration.sh");
}

void RegistrationFixture::prepareOnPostgres(HubOptions options)
{
    schema_ = std::make_unique<PostgresSchema>();
    for (const std::string& line : {std::string("store.backend = postgresql"),
                                    "store.postgres = " + schema_->connection(),
                                    "store.postgres_schema = " + schema_->name()}) {
        options.settings.push_back(line);
    }
    prepare(std::move(options));
}

void RegistrationFixture::run() const
{
    hub_->startSimulator();
    hub_->start();
    writeFile(hub_->folder() / "sample.key", hub_->token());
}

std::string RegistrationFixture::keyOf(const std::string& holder,
                                       const std::vector<std::string>& scopes) const
{
    std::vector<std::string> words = {"api-key", "create", "--holder", holder};
    for (const std::string& scope : scopes) {
        words.insert(words.end(), {"--scope", scope});
    }
    return hub_->ask(words).at("token").get<std::string>();
}

void RegistrationFixture::tearDown()
{
    hub_.reset();
    schema_.reset();
}

} // namespace hub::test
