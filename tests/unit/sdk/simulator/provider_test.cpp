// Goal: the core fits providers that have nothing of Alipay's form. Method: a made-up one with
// several paths and verbs, headers in both directions, statuses, an empty 204, notifications that
// are signed in headers, and refunds that take time, behind the real server.

#include "core/pki.hpp"
#include "core/refunds.hpp"
#include "core/server.hpp"
#include "support/suite.hpp"

#include <Poco/Net/Context.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/HTTPSClientSession.h>
#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/HTTPServerParams.h>
#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/StreamCopier.h>
#include <Poco/TemporaryFile.h>

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace hub::simulator {

namespace {

const std::string kOrders = "/kiosk/orders";

/// POST orders makes one, DELETE orders/N closes it, POST refunds/N pays it back in an hour.
class Kiosk final : public Provider {
public:
    explicit Kiosk(Surroundings with)
        : with_(std::move(with))
    {}

    std::string_view name() const override { return "kiosk"; }
    bool serves(const HttpMessage& message) const override
    {
        return message.path.starts_with("/kiosk/");
    }
    Call read(const HttpMessage& message) const override
    {
        Call call;
        call.method = message.method + " " + message.path;
        call.number = message.path.substr(message.path.rfind('/') + 1);
        call.parameters["callback"] = headerOf(message.headers, "kiosk-callback");
        if (headerOf(message.headers, "KIOSK-TOKEN") != "t") {
            call.refusal = refuse(call, {"WHO", "", 401});
        }
        return call;
    }
    Answer book(const Call& call) override
    {
        return with_.books.transact([&](Book& book) {
            if (call.method == "POST " + kOrders) {
                return order(book, call);
            }
            auto trade = book.findByNumber(name(), "s", call.number);
            if (!trade) {
                return refuse(call, {"NONE", "", 404});
            }
            if (call.method.starts_with("POST")) {
                Refund refund;
                refund.request_number = "r-" + trade->number;
                refund.amount_minor = trade->amount_minor;
                refund.state = RefundState::Processing;
                refund.due_ms = with_.clock.nowMs() + 3'600'000;
                startRefund(*this, book, *trade, refund);
            }
            return answerOf(204, "GONE");
        });
    }
    Answer refuse(const Call&, const ScriptedRefusal& scripted) const override
    {
        return answerOf(scripted.status == 0 ? 400 : scripted.status, scripted.code);
    }
    Reply render(const Call&, const Answer& answer, Distortion distortion) const override
    {
        const char* seal = distortion == Distortion::None             ? "good"
                           : distortion == Distortion::ProbeSignature ? "probe"
                                                                      : "bad";
        return {.status = answer.status,
                .content_type = "text/plain",
                .body = "code=" + answer.code,
                .headers = {{"Kiosk-Seal", seal}}};
    }
    Look look(const Trade&) const override
    {
        return {.app = "亭", .app_english = "Kiosk", .color = "#123456", .merchant = "Shop"};
    }
    std::optional<WayBack> wayBack(const Trade&) const override
    {
        return WayBack{"https://merchant.example/back", true, {{"proof", "a<b"}}};
    }
    std::string newProviderNumber() const override { return "k" + std::to_string(++numbers_); }
    bool keepsUnopenedOrders() const override { return true; }
    void tell(Book& book, const Trade& trade, const Refund* refund) const override
    {
        if (trade.state == TradeState::Paid || refund != nullptr) {
            const std::string event =
                refund == nullptr ? "PAID" : "REFUND." + std::string(toText(refund->state));
            book.insert(Notification{.id = "n" + std::to_string(++numbers_),
                                     .trade = trade.id,
                                     .provider = trade.provider,
                                     .app = trade.app,
                                     .number = trade.number,
                                     .event = event,
                                     .url = trade.notify_url,
                                     .fields = "{}",
                                     .state = "queued",
                                     .due_ms = with_.clock.nowMs()});
        }
    }
    std::int64_t refundWindowMs() const override { return 1'000'000'000'000; }
    OutMessage renderNotification(const Notification& notification,
                                  const Json&,
                                  Distortion distortion) const override
    {
        return {.content_type = "application/x-kiosk",
                .body = notification.event,
                .headers = {{"Kiosk-Seal", distortion == Distortion::None ? "good" : "probe"}}};
    }
    bool isAcknowledgement(int status, std::string_view) const override { return status == 204; }
    const std::vector<std::int64_t>& notifyPausesMs() const override { return pauses_; }
    std::int64_t notifyPatienceMs() const override { return 5000; }
    Result<Json> command(std::string_view word, const Json& body) override
    {
        return word == "echo" ? Result<Json>(body) : Provider::command(word, body);
    }

private:
    static Answer answerOf(int status, std::string_view code)
    {
        Answer answer;
        answer.status = status;
        answer.code = code;
        return answer;
    }
    Answer order(Book& book, const Call& call)
    {
        Trade trade;
        trade.provider = name();
        trade.seller = "s";
        trade.app = "a";
        trade.number = "N1";
        trade.code = "kcode";
        trade.amount_minor = 500;
        trade.notify_url = call.parameters.at("callback");
        trade.code_expires_ms = trade.expires_ms = with_.clock.nowMs() + 60'000;
        book.insert(trade);
        return answerOf(201, "MADE");
    }

    const Surroundings with_;
    const std::vector<std::int64_t> pauses_{15'000};
    mutable int numbers_ = 0;
};

/// Takes notifications over plain http; the first is answered with 500, the next with 204.
class Callback final : public Poco::Net::HTTPRequestHandlerFactory {
public:
    struct Taken {
        std::string type;
        std::string seal;
        std::string body;
    };
    class Handler final : public Poco::Net::HTTPRequestHandler {
    public:
        explicit Handler(Callback& owner)
            : owner_(owner)
        {}
        void handleRequest(Poco::Net::HTTPServerRequest& request,
                           Poco::Net::HTTPServerResponse& response) override
        {
            Taken taken{request.getContentType(), request.get("Kiosk-Seal", ""), {}};
            Poco::StreamCopier::copyToString(request.stream(), taken.body);
            const std::lock_guard lock(owner_.guard);
            response.setStatusAndReason(owner_.taken.empty()
                                            ? Poco::Net::HTTPResponse::HTTP_INTERNAL_SERVER_ERROR
                                            : Poco::Net::HTTPResponse::HTTP_NO_CONTENT);
            response.send();
            owner_.taken.push_back(std::move(taken));
            owner_.arrived.notify_all();
        }

    private:
        Callback& owner_;
    };
    Poco::Net::HTTPRequestHandler*
    createRequestHandler(const Poco::Net::HTTPServerRequest&) override
    {
        return new Handler(*this);
    }
    bool waitFor(std::size_t count)
    {
        std::unique_lock lock(guard);
        return arrived.wait_for(
            lock, std::chrono::seconds(20), [&] { return taken.size() >= count; });
    }

    std::mutex guard;
    std::condition_variable arrived;
    std::vector<Taken> taken;
};

struct Seen {
    int status = 0;
    std::string seal;
    std::string policy;
    std::string body;
};

} // namespace

class ProviderTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ProviderTest);
    CPPUNIT_TEST(pathsVerbsHeadersAndStatusesPass);
    CPPUNIT_TEST(faultsSpeakTheProvidersWords);
    CPPUNIT_TEST(notificationsCarryHeadersAndAreRepeated);
    CPPUNIT_TEST(unopenedOrdersEndWhenTheyAreKept);
    CPPUNIT_TEST(refundsTakeTimeOrFail);
    CPPUNIT_TEST(phonePretendsToBeTheApp);
    CPPUNIT_TEST(commandsReachTheProvider);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override
    {
        folder_ = Poco::TemporaryFile::tempName();
        Poco::TemporaryFile::registerForDeletion(folder_.string());
        std::filesystem::create_directories(folder_);
        ensureCertificates(folder_);
        callback_ = new Callback;
        callback_server_ = std::make_unique<Poco::Net::HTTPServer>(
            callback_,
            Poco::Net::ServerSocket(Poco::Net::SocketAddress("127.0.0.1", 0)),
            new Poco::Net::HTTPServerParams);
        callback_server_->start();
        ServerSettings settings;
        settings.folder = folder_;
        server_ = std::make_unique<Server>(settings, [](const Surroundings& with) {
            Providers providers;
            providers.push_back(std::make_unique<Kiosk>(with));
            return providers;
        });
    }
    void tearDown() override
    {
        server_.reset();
        callback_server_->stopAll(true);
        callback_server_.reset();
    }

    void pathsVerbsHeadersAndStatusesPass()
    {
        CPPUNIT_ASSERT_EQUAL(401, send("POST", kOrders, {}, "").status);
        const Seen made = send("POST", kOrders);
        CPPUNIT_ASSERT_EQUAL(201, made.status);
        CPPUNIT_ASSERT_EQUAL(std::string("code=MADE"), made.body);
        CPPUNIT_ASSERT_EQUAL(std::string("good"), made.seal);
        const Seen gone = send("DELETE", kOrders + "/N1");
        CPPUNIT_ASSERT_EQUAL(204, gone.status);
        CPPUNIT_ASSERT_EQUAL(std::string("good"), gone.seal);
        CPPUNIT_ASSERT(gone.body.empty());
        CPPUNIT_ASSERT_EQUAL(404, send("DELETE", kOrders + "/N2").status);
        const Json log = get("/control/exchanges")["exchanges"];
        CPPUNIT_ASSERT_EQUAL(std::string("GONE"), log[2]["code"].get<std::string>());
        CPPUNIT_ASSERT_EQUAL(204, log[2]["http_status"].get<int>());
    }

    void faultsSpeakTheProvidersWords()
    {
        post("/control/faults",
             {{"rules",
               {{{"fault", "probe_signature"}, {"match", {{"method", "POST " + kOrders}}}},
                {{"fault", "refuse"}, {"code", "BUSY"}, {"status", 503}}}}});
        CPPUNIT_ASSERT_EQUAL(std::string("probe"), send("POST", kOrders).seal);
        const Seen busy = send("DELETE", kOrders + "/N1");
        CPPUNIT_ASSERT_EQUAL(503, busy.status);
        CPPUNIT_ASSERT_EQUAL(std::string("code=BUSY"), busy.body);
    }

    void notificationsCarryHeadersAndAreRepeated()
    {
        post("/control/faults",
             {{"fault", "notify_probe_signature"}, {"match", {{"event", "PAID"}}}});
        send("POST", kOrders);
        post("/control/pay", {{"out_trade_no", "N1"}});
        CPPUNIT_ASSERT(callback_->waitFor(1));
        CPPUNIT_ASSERT(eventually(
            "/control/books", [](const Json& books) { return books["deliveries"].size() == 1; }));
        post("/control/clock", {{"advance_s", 16}});
        CPPUNIT_ASSERT(callback_->waitFor(2));
        const std::lock_guard lock(callback_->guard);
        CPPUNIT_ASSERT_EQUAL(std::string("probe"), callback_->taken[0].seal);
        CPPUNIT_ASSERT_EQUAL(std::string("good"), callback_->taken[1].seal);
        CPPUNIT_ASSERT_EQUAL(std::string("application/x-kiosk"), callback_->taken[1].type);
        CPPUNIT_ASSERT_EQUAL(std::string("PAID"), callback_->taken[1].body);
    }

    void unopenedOrdersEndWhenTheyAreKept()
    {
        send("POST", kOrders);
        post("/control/clock", {{"advance_s", 61}});
        const Json trade = get("/control/books")["trades"][0];
        CPPUNIT_ASSERT_EQUAL(std::string("closed"), trade["state"].get<std::string>());
        CPPUNIT_ASSERT_EQUAL(std::string("timeout"), trade["close_reason"].get<std::string>());
    }

    void refundsTakeTimeOrFail()
    {
        send("POST", kOrders);
        post("/control/pay", {{"out_trade_no", "N1"}});
        send("POST", "/kiosk/refunds/N1");
        CPPUNIT_ASSERT_EQUAL(std::string("processing"), refundState());
        CPPUNIT_ASSERT_EQUAL(0, get("/control/books")["balances"][0]["balance_minor"].get<int>());
        post("/control/refund", {{"out_request_no", "r-N1"}, {"outcome", "dropped"}});
        CPPUNIT_ASSERT_EQUAL(std::string("dropped"), refundState());
        const Json books = get("/control/books");
        CPPUNIT_ASSERT_EQUAL(500, books["balances"][0]["balance_minor"].get<int>());
        CPPUNIT_ASSERT_EQUAL(std::string("paid"), books["trades"][0]["state"].get<std::string>());
        CPPUNIT_ASSERT_EQUAL(0, books["trades"][0]["refunded_minor"].get<int>());
        CPPUNIT_ASSERT_EQUAL(
            409,
            control("/control/refund", {{"out_request_no", "r-N1"}, {"outcome", "done"}}).status);
    }

    void phonePretendsToBeTheApp()
    {
        send("POST", kOrders);
        CPPUNIT_ASSERT_EQUAL(303, send("GET", "/phone?text=kiosk%3A%2F%2Fscan%3Fc%3Dkcode").status);
        CPPUNIT_ASSERT_EQUAL(404, send("GET", "/phone?text=kiosk%3A%2F%2Fscan%3Fc%3Dother").status);
        CPPUNIT_ASSERT_EQUAL(303, send("POST", "/qr/kcode/pay").status);
        const Seen page = send("GET", "/qr/kcode");
        for (const char* text :
             {"亭", "Kiosk", "#123456", "Shop", "https://merchant.example/back"}) {
            CPPUNIT_ASSERT_MESSAGE(text, page.body.find(text) != std::string::npos);
        }
        CPPUNIT_ASSERT(page.body.find("name=\"proof\" value=\"a&lt;b\"") != std::string::npos);
        CPPUNIT_ASSERT(page.policy.find("form-action *") != std::string::npos);
    }

    void commandsReachTheProvider()
    {
        CPPUNIT_ASSERT_EQUAL(200, control("/control/provider/kiosk/echo", {{"a", 1}}).status);
        CPPUNIT_ASSERT_EQUAL(404, control("/control/provider/kiosk/sing", Json::object()).status);
        CPPUNIT_ASSERT_EQUAL(404, control("/control/provider/other/echo", Json::object()).status);
    }

private:
    Seen send(const std::string& method,
              const std::string& path,
              const std::string& body = {},
              const std::string& token = "t") const
    {
        using namespace Poco::Net;
        const Context::Ptr context = new Context(
            Context::TLS_CLIENT_USE, "", "", (folder_ / "ca.pem").string(), Context::VERIFY_STRICT);
        HTTPSClientSession session("127.0.0.1", server_->port(), context);
        HTTPRequest request(method, path, HTTPRequest::HTTP_1_1);
        request.set("Kiosk-Token", token);
        request.set("KIOSK-CALLBACK",
                    "http://127.0.0.1:" + std::to_string(callback_server_->port()) + "/");
        request.setContentLength(static_cast<std::streamsize>(body.size()));
        session.sendRequest(request) << body;
        HTTPResponse response;
        std::istream& stream = session.receiveResponse(response);
        Seen seen{static_cast<int>(response.getStatus()),
                  response.get("kiosk-seal", ""),
                  response.get("Content-Security-Policy", ""),
                  {}};
        Poco::StreamCopier::copyToString(stream, seen.body);
        return seen;
    }
    Seen control(const std::string& path, const Json& body) const
    {
        return send("POST", path, body.dump());
    }
    void post(const std::string& path, const Json& body) const
    {
        const Seen seen = control(path, body);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(seen.body, 200, seen.status);
    }
    Json get(const std::string& path) const { return Json::parse(send("GET", path).body); }
    std::string refundState() const
    {
        return get("/control/books")["refunds"][0]["state"].get<std::string>();
    }
    template <typename Holds>
    bool eventually(const std::string& path, Holds&& holds) const
    {
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        while (std::chrono::steady_clock::now() < deadline) {
            if (holds(get(path))) {
                return true;
            }
        }
        return false;
    }

    std::filesystem::path folder_;
    Callback* callback_ = nullptr; ///< owned by its server
    std::unique_ptr<Poco::Net::HTTPServer> callback_server_;
    std::unique_ptr<Server> server_;
};

HUB_TEST_SUITE_REGISTRATION(ProviderTest, "provider");

} // namespace hub::simulator
