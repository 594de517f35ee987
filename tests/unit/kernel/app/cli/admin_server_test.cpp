// Goal: commands reach the hub and answers come back, whatever the other end does. Method: a real
// socket in a temporary folder with a handler that answers as its row says.

#include "app/cli/admin_client.hpp"
#include "app/cli/admin_server.hpp"
#include "app/cli/cli.hpp"
#include "base/exception.hpp"
#include "support/suite.hpp"

#include <Poco/TemporaryFile.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

namespace {

using hub::base::Json;
using hub::cli::AdminReply;
using hub::cli::AdminRequest;
using hub::cli::AdminServer;
using hub::cli::AdminStream;
using hub::cli::callHub;
using hub::cli::StreamItem;
using hub::cli::UnixSocket;
using std::chrono::milliseconds;

class FakeHandler final : public hub::cli::AdminHandler {
public:
    AdminReply handle(const AdminRequest& request, AdminStream& stream) override
    {
        const std::string& word = request.words.front();
        AdminReply reply;
        if (word == "throw") {
            throw hub::base::Failure(HUB_INTERNAL, "the store is away");
        }
        if (word == "refuse") {
            return AdminReply::failure(1, "event 17 is not there; look it up with `event tail`");
        }
        if (word == "commands") {
            reply.data = Json::parse(R"([{"name": "payment show", "arguments": ["payment"],
                "title": {"en": "Shows a payment.", "zh": "z"}}])");
            return reply;
        }
        if (word == "event") {
            for (int number = 1; number <= 3; ++number) {
                stream.send({{{"seq", number}}, "event " + std::to_string(number)});
            }
        }
        if (word == "wait") {
            waiting = true;
            closed = stream.waitClosed(milliseconds(10000));
        }
        reply.data = {
            {"words", request.words}, {"options", request.options}, {"actor", request.actor}};
        reply.sections = {{"Answer", {"actor"}, {{request.actor}}}};
        return reply;
    }

    std::atomic<bool> waiting = false;
    std::atomic<bool> closed = false;
};

class AdminServerTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(AdminServerTest);
    CPPUNIT_TEST(answersWithTheActorOfTheKernel);
    CPPUNIT_TEST(streamsItemsBeforeTheReply);
    CPPUNIT_TEST(turnsAnExceptionIntoAReply);
    CPPUNIT_TEST(refusesGarbage);
    CPPUNIT_TEST(onlyItsUserMayOpenTheSocket);
    CPPUNIT_TEST(tellsAHandlerThatTheOperatorLeft);
    CPPUNIT_TEST(stopsWhileACommandRuns);
    CPPUNIT_TEST(takesTheSocketOfADeadHubButNotOfALivingOne);
    CPPUNIT_TEST(leavesAFileThatIsNoSocket);
    CPPUNIT_TEST(refusesAPathThatIsTooLong);
    CPPUNIT_TEST(limitsConnections);
    CPPUNIT_TEST(printsTablesOrJson);
    CPPUNIT_TEST(runsHereWhenNoHubAnswers);
    CPPUNIT_TEST(sendsASecretFromStandardInput);
    CPPUNIT_TEST(knowsThePluginsCommands);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override
    {
        std::filesystem::create_directories(folder_);
        server_ = std::make_unique<AdminServer>(socket_, handler_);
        server_->start();
    }

    void tearDown() override
    {
        server_.reset();
        std::filesystem::remove_all(folder_);
    }

    void answersWithTheActorOfTheKernel()
    {
        AdminRequest request = command({"plugin", "list"});
        request.options = {{"a", "b"}};
        request.actor = "os:somebody else";

        const auto reply = callHub(socket_, request, {});

        CPPUNIT_ASSERT_EQUAL(std::string("os:") + ::getpwuid(::geteuid())->pw_name,
                             reply.value().data.at("actor").get<std::string>());
        CPPUNIT_ASSERT_EQUAL(std::string("list"),
                             reply.value().data.at("words").at(1).get<std::string>());
        CPPUNIT_ASSERT_EQUAL(std::string("b"),
                             reply.value().data.at("options").at("a").get<std::string>());
        CPPUNIT_ASSERT_EQUAL(std::string("Answer"), reply.value().sections.at(0).title);
    }

    void streamsItemsBeforeTheReply()
    {
        std::string lines;

        const auto reply =
            callHub(socket_, command({"event", "tail"}), [&lines](const StreamItem& item) {
                lines += item.line + item.data.dump() + "\n";
            });

        CPPUNIT_ASSERT(reply.ok());
        CPPUNIT_ASSERT_EQUAL(
            std::string("event 1{\"seq\":1}\nevent 2{\"seq\":2}\nevent 3{\"seq\":3}\n"), lines);
    }

    void turnsAnExceptionIntoAReply()
    {
        const auto reply = callHub(socket_, command({"throw"}), {});

        CPPUNIT_ASSERT_EQUAL(70, reply.value().exit);
        CPPUNIT_ASSERT(reply.value().error.find("the store is away") != std::string::npos);
    }

    void refusesGarbage()
    {
        for (const char* line : {"garbage\n", "{}\n", "{\"words\":[],\"options\":{}}\n", "[]\n"}) {
            auto connection = UnixSocket::connect(socket_).value();
            connection.write(line);

            const auto answer = hub::cli::parseServerLine(readLine(connection));

            CPPUNIT_ASSERT_EQUAL_MESSAGE(line, 64, answer.value().reply.exit);
        }
    }

    void onlyItsUserMayOpenTheSocket()
    {
        struct stat status {};
        CPPUNIT_ASSERT_EQUAL(0, ::stat(socket_.c_str(), &status));

        CPPUNIT_ASSERT_EQUAL(0600, static_cast<int>(status.st_mode & 0777U));
    }

    void tellsAHandlerThatTheOperatorLeft()
    {
        {
            const auto connection = UnixSocket::connect(socket_).value();
            connection.write(toLine(command({"wait"})));
            until(handler_.waiting);
        }

        until(handler_.closed);
    }

    void stopsWhileACommandRuns()
    {
        auto connection = UnixSocket::connect(socket_).value();
        connection.write(toLine(command({"wait"})));
        until(handler_.waiting);

        server_->stop();

        CPPUNIT_ASSERT(handler_.closed);
        CPPUNIT_ASSERT(!std::filesystem::exists(socket_));
        CPPUNIT_ASSERT(callHub(socket_, command({"x"}), {}).error().code == HUB_UNAVAILABLE);
    }

    void takesTheSocketOfADeadHubButNotOfALivingOne()
    {
        const auto abandoned = folder_ / "abandoned.sock";
        {
            const UnixSocket dead = UnixSocket::listen(abandoned);
        } // the file stays

        CPPUNIT_ASSERT(std::filesystem::exists(abandoned));
        CPPUNIT_ASSERT_NO_THROW(AdminServer(abandoned, handler_));
        CPPUNIT_ASSERT_THROW(AdminServer(socket_, handler_), hub::base::Failure);
        CPPUNIT_ASSERT(callHub(socket_, command({"x"}), {}).ok());
    }

    void leavesAFileThatIsNoSocket()
    {
        const auto file = folder_ / "file";
        std::ofstream(file) << "precious";

        CPPUNIT_ASSERT_THROW(AdminServer(file, handler_), hub::base::Failure);
        CPPUNIT_ASSERT_EQUAL(std::uintmax_t{8}, std::filesystem::file_size(file));
    }

    void refusesAPathThatIsTooLong()
    {
        CPPUNIT_ASSERT_THROW(AdminServer(folder_ / std::string(108, 'x'), handler_),
                             hub::base::Failure);
    }

    void limitsConnections()
    {
        std::vector<UnixSocket> idle;
        for (int number = 0; number < 16; ++number) {
            idle.push_back(UnixSocket::connect(socket_).value());
        }

        const auto reply = callHub(socket_, command({"x"}), {});

        CPPUNIT_ASSERT_EQUAL(69, reply.value().exit);
        CPPUNIT_ASSERT(reply.value().error.find("16 commands run already") == 0);
    }

    void printsTablesOrJson()
    {
        CPPUNIT_ASSERT_EQUAL(0, program({"plugin", "list"}));
        CPPUNIT_ASSERT_EQUAL(std::string("Answer\nactor\nos:"), out_.str().substr(0, 16));
        CPPUNIT_ASSERT_EQUAL(0, program({"plugin", "list", "--json"}));
        CPPUNIT_ASSERT_EQUAL(std::string("plugin"),
                             Json::parse(out_.str()).at("words").at(0).get<std::string>());
        CPPUNIT_ASSERT_EQUAL(1, program({"refuse"}));
        CPPUNIT_ASSERT_EQUAL(
            std::string("expohub: event 17 is not there; look it up with `event tail`\n"),
            error_.str());
    }

    void runsHereWhenNoHubAnswers()
    {
        CPPUNIT_ASSERT_EQUAL(0, program({"doctor"}));
        CPPUNIT_ASSERT(out_.str().find("Answer") == 0);
        server_->stop();

        CPPUNIT_ASSERT_EQUAL(0, program({"doctor"}));
        CPPUNIT_ASSERT_EQUAL(std::string("Here\nword\ndoctor\n"), out_.str());
        CPPUNIT_ASSERT_EQUAL(0, program({"serve"}));
        CPPUNIT_ASSERT_EQUAL(69, program({"plugin", "list"}));
        CPPUNIT_ASSERT(error_.str().find("no hub answers at") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(
            "may be a plugin's, on the closed store", 0, program({"payment", "show", "p1"}));
        CPPUNIT_ASSERT_EQUAL(std::string("Here\nword\npayment\n"), out_.str());
        CPPUNIT_ASSERT_EQUAL(0, program({"--help"}));
    }

    void sendsASecretFromStandardInput()
    {
        in_.str("pem");
        CPPUNIT_ASSERT_EQUAL(0, program({"secret", "put", "main/app_key", "--json"}));
        CPPUNIT_ASSERT_EQUAL(
            std::string("cGVt"),
            Json::parse(out_.str()).at("options").at("input_base64").get<std::string>());

        in_.str("");
        CPPUNIT_ASSERT_EQUAL(64, program({"secret", "put", "main/app_key"}));
        CPPUNIT_ASSERT_EQUAL(64, program({"secret", "put", "a", "--file", "/nowhere/x"}));
    }

    void knowsThePluginsCommands()
    {
        CPPUNIT_ASSERT_EQUAL(0, program({"--help"}));
        CPPUNIT_ASSERT(out_.str().find("payment show <payment>") != std::string::npos);
        CPPUNIT_ASSERT(out_.str().find("Shows a payment.") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(0, program({"payment", "show", "p1", "--json"}));
        CPPUNIT_ASSERT_EQUAL(std::string("p1"),
                             Json::parse(out_.str()).at("words").at(2).get<std::string>());
    }

private:
    static AdminRequest command(std::vector<std::string> words)
    {
        AdminRequest request;
        request.words = std::move(words);
        return request;
    }

    static std::string readLine(UnixSocket& connection)
    {
        return connection
            .readLine(1024 * 1024, std::chrono::steady_clock::now() + std::chrono::seconds(10))
            .value();
    }

    static void until(const std::atomic<bool>& condition)
    {
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
        while (!condition) {
            CPPUNIT_ASSERT(std::chrono::steady_clock::now() < deadline);
            std::this_thread::yield();
        }
    }

    int program(const std::vector<std::string>& arguments)
    {
        out_.str("");
        error_.str("");
        in_.clear();
        hub::cli::LocalSide local;
        local.admin_socket = [this](const auto&) {
            return socket_;
        };
        local.run = [](const AdminRequest& request, const auto&) {
            AdminReply reply;
            reply.sections = {{"Here", {"word"}, {{request.words.front()}}}};
            return reply;
        };
        return runCli(arguments, local, {in_, out_, error_});
    }

    std::filesystem::path folder_ = Poco::TemporaryFile::tempName();
    std::filesystem::path socket_ = folder_ / "admin.sock";
    FakeHandler handler_;
    std::unique_ptr<AdminServer> server_;
    std::istringstream in_;
    std::ostringstream out_;
    std::ostringstream error_;
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(AdminServerTest, "admin_server");
