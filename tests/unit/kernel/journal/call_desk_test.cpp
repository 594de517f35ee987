// Goal: a call is sent at most once per decision, ends once, and an unknown end is found out as
// its contract says. Method: the real tables on both back ends; a script plays the connector.
#include "journal_fixture.hpp"

#include <optional>
#include <string>
#include <vector>

namespace hub::journal::test {

template <store::Backend kBackend>
class CallDeskTest : public JournalFixture<kBackend> {
    CPPUNIT_TEST_SUITE(CallDeskTest);
    CPPUNIT_TEST(aCallGoesFromQueuedToAnswered);
    CPPUNIT_TEST(theMarkIsGivenOnceToTheRightDeliveryInTime);
    CPPUNIT_TEST(aDeadlineWithTheMarkIsUnknownAndFencesTheDelivery);
    CPPUNIT_TEST(aDeadlineWithoutTheMarkIsNotSent);
    CPPUNIT_TEST(aLostHostBeforeTheMarkEndsAfterThreeDeliveries);
    CPPUNIT_TEST(aLostHostAfterTheMarkIsUnknown);
    CPPUNIT_TEST(theQuerysVerdictDecides);
    CPPUNIT_TEST(aQueryThatFailsIsAskedAgain);
    CPPUNIT_TEST(aRepeatIsTheSameRequestUnderAnotherDelivery);
    CPPUNIT_TEST(resendSameKeySendsWithoutAQuery);
    CPPUNIT_TEST(neverResendStaysUnknown);
    CPPUNIT_TEST(aLateSuccessResolvesALateRefusalDoesNot);
    CPPUNIT_TEST(aSuccessWithoutAMarkIsNotBelievedTheSecondTimeEither);
    CPPUNIT_TEST(anAnswerOfAnotherLibraryHasNoEffect);
    CPPUNIT_TEST(aReleasedCallIsNotFoundOutAnyMore);
    CPPUNIT_TEST(aFormThatIsLetOutCountsAsSentAndStaysAsItIs);
    CPPUNIT_TEST(aPersonalCallIsSealedAndForgottenWhenItsOwnerKnows);
    CPPUNIT_TEST(aJournalWithoutAKeyTakesNoPersonalCall);
    CPPUNIT_TEST(aResultThatBreaksTheContractIsUnknown);
    CPPUNIT_TEST(aRestartDeliversAgainWhatHasNoMark);
    CPPUNIT_TEST(aCallWhoseConnectorIsAwayIsFoundOutLater);
    CPPUNIT_TEST_SUITE_END();

    using JournalFixture<kBackend>::inGroup;
    using JournalFixture<kBackend>::clock_;
    using JournalFixture<kBackend>::directory_;

    OutcomeNotes owner_;
    CallDesk desk_{directory_, owner_};

    hub_call_id create(const std::string& operation, const std::string& account = "main")
    {
        hub_call_id id = 0;
        inGroup([&](Group& group) {
            NewCall call;
            call.spec = directory_.operation("parcel", operation, "{}").value();
            call.owner = "post";
            call.connector = "courier";
            call.account = account;
            call.key = "parcel-1";
            call.payload = R"({"number":"N1","weight":3})";
            id = Calls::create(group, call);
        });
        return id;
    }

    CallRow row(hub_call_id id)
    {
        Group group(this->writer(), this->sequences_, this->clock_.nowMs(), this->seal_);
        return Calls::load(group, id).value();
    }

    std::vector<CallDelivery> dispatch()
    {
        std::vector<CallDelivery> deliveries;
        inGroup([&](Group& group) { deliveries = Calls::dispatch(group, "courier", 10); });
        return deliveries;
    }

    bool markSending(const CallDelivery& call)
    {
        bool marked = false;
        inGroup([&](Group& group) {
            marked = Calls::markSending(group, call.id, call.delivery, "digest");
        });
        return marked;
    }

    /// Dispatches the one queued call and marks it.
    CallDelivery send()
    {
        const auto deliveries = dispatch();
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, deliveries.size());
        CPPUNIT_ASSERT(markSending(deliveries.front()));
        return deliveries.front();
    }

    CallDesk::Taken answer(const CallDelivery& call, hub_status status, const std::string& payload)
    {
        CallAnswer answer;
        answer.id = call.id;
        answer.delivery = call.delivery;
        answer.status = status;
        answer.payload = payload;
        CallDesk::Taken taken{};
        inGroup([&](Group& group) { taken = desk_.answer(group, "courier", answer); });
        return taken;
    }

    void expire(hub_call_id id)
    {
        inGroup([&](Group& group) { desk_.expire(group, id); });
    }

    /// Advances to when the resolver would act, and lets it.
    void resolveStep()
    {
        clock_.advance(400'000);
        inGroup([&](Group& group) {
            for (const hub_call_id id : Calls::resolvable(group.connection(), group.nowMs(), 10)) {
                desk_.resolve(group, id);
            }
        });
    }

    hub_call_id sendUnknown(const std::string& operation)
    {
        const hub_call_id id = create(operation);
        answer(send(), HUB_OUTCOME_UNKNOWN, "");
        return id;
    }

    void assertTold(const std::vector<std::string>& expected) const
    {
        const auto text = [](const std::vector<std::string>& notes) {
            std::string joined;
            for (const std::string& note : notes) {
                joined += note + "; ";
            }
            return joined;
        };
        CPPUNIT_ASSERT_EQUAL(text(expected), text(owner_.notes));
    }

public:
    void aCallGoesFromQueuedToAnswered()
    {
        const hub_call_id id = create("send");
        CPPUNIT_ASSERT(row(id).state == CallState::Queued);
        const CallDelivery call = dispatch().at(0);
        CPPUNIT_ASSERT_EQUAL(std::uint32_t{1}, call.delivery);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(
            "its own id is its key at the provider", call.uuid, call.idempotency_key);
        CPPUNIT_ASSERT(row(id).state == CallState::Dispatched);
        CPPUNIT_ASSERT(dispatch().empty());
        CPPUNIT_ASSERT(markSending(call));
        CPPUNIT_ASSERT(row(id).state == CallState::Sending);

        CPPUNIT_ASSERT(answer(call, HUB_OK, R"({"state":"sent"})") == CallDesk::Taken::Settled);

        const CallRow ended = row(id);
        CPPUNIT_ASSERT(ended.state == CallState::Answered);
        CPPUNIT_ASSERT_EQUAL(std::string(R"({"state":"sent"})"), ended.result);
        CPPUNIT_ASSERT_MESSAGE("a second answer changes nothing",
                               answer(call, HUB_REJECTED, "") == CallDesk::Taken::Late);
        CallDelivery strange = call;
        strange.id = 4711;
        CPPUNIT_ASSERT(answer(strange, HUB_OK, "") == CallDesk::Taken::Unknown);
        assertTold({"1 succeeded"});
    }

    void theMarkIsGivenOnceToTheRightDeliveryInTime()
    {
        create("send");
        CallDelivery call = dispatch().at(0);
        CallDelivery other = call;
        ++other.delivery;

        CPPUNIT_ASSERT_MESSAGE("another delivery", !markSending(other));
        CPPUNIT_ASSERT(markSending(call));
        CPPUNIT_ASSERT_MESSAGE("a second mark", !markSending(call));
        answer(call, HUB_OK, "{}");
        CPPUNIT_ASSERT_MESSAGE("answered already", !markSending(call));
        create("send");
        call = dispatch().at(0);
        clock_.advance(10'000);
        CPPUNIT_ASSERT_MESSAGE("after the deadline", !markSending(call));
    }

    void aDeadlineWithTheMarkIsUnknownAndFencesTheDelivery()
    {
        const hub_call_id id = create("send");
        const CallDelivery call = send();
        clock_.advance(10'000);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1},
                             Calls::pastDeadline(this->writer(), clock_.nowMs(), 10).size());
        expire(id);
        expire(id);

        CPPUNIT_ASSERT(row(id).resolving);
        CPPUNIT_ASSERT(!markSending(call));
        assertTold({"1 unknown"});
    }

    void aDeadlineWithoutTheMarkIsNotSent()
    {
        const hub_call_id id = create("send");
        const CallDelivery call = dispatch().at(0);
        clock_.advance(10'000);
        expire(id);

        CPPUNIT_ASSERT(!row(id).resolving);
        CPPUNIT_ASSERT_MESSAGE("what was not sent can't be sent after that", !markSending(call));
        assertTold({"1 not sent"});
    }

    void aLostHostBeforeTheMarkEndsAfterThreeDeliveries()
    {
        const hub_call_id id = create("send");
        for (std::uint32_t delivery = 1; delivery <= 3; ++delivery) {
            CPPUNIT_ASSERT_EQUAL(delivery, dispatch().at(0).delivery);
            CPPUNIT_ASSERT(owner_.notes.empty());
            inGroup([&](Group& group) { desk_.hostLost(group, id, "signal 11"); });
            clock_.advance(1000);
        }

        CPPUNIT_ASSERT(dispatch().empty());
        CPPUNIT_ASSERT(row(id).message.find("signal 11") != std::string::npos);
        assertTold({"1 not sent"});
    }

    void aLostHostAfterTheMarkIsUnknown()
    {
        const hub_call_id id = create("send");
        send();
        inGroup([&](Group& group) { desk_.hostLost(group, id, "signal 11"); });

        CPPUNIT_ASSERT(row(id).resolving);
        assertTold({"1 unknown"});
    }

    void theQuerysVerdictDecides()
    {
        const hub_call_id id = sendUnknown("send");
        resolveStep();
        CallDelivery query = dispatch().at(0);
        CPPUNIT_ASSERT_EQUAL(std::string("track"), query.operation);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(
            "only what the contract names", std::string(R"({"number":"N1"})"), query.payload);
        answer(query, HUB_OK, R"({"state":"moving"})");
        CPPUNIT_ASSERT_MESSAGE("wait: nothing yet", row(id).resolving);
        resolveStep();
        answer(dispatch().at(0), HUB_OK, R"({"state":"sent","box":7})");

        const CallRow ended = row(id);
        CPPUNIT_ASSERT(!ended.resolving);
        CPPUNIT_ASSERT_EQUAL(std::string(R"({"state":"sent","box":7})"), ended.result);
        assertTold({"1 unknown", "1 succeeded resolved"});
    }

    void aQueryThatFailsIsAskedAgain()
    {
        const hub_call_id id = sendUnknown("send");
        for (const hub_status status : {HUB_REJECTED, HUB_BAD_REQUEST}) {
            resolveStep();
            answer(dispatch().at(0), status, "");
            CPPUNIT_ASSERT(row(id).resolving);
        }
        resolveStep();
        answer(dispatch().at(0), HUB_OK, R"({"state":"strange"})");
        CPPUNIT_ASSERT(row(id).resolving);
        resolveStep();
        answer(dispatch().at(0), HUB_OK, R"({"state":"sent"})");

        assertTold({"1 unknown", "1 succeeded resolved"});
    }

    void aRepeatIsTheSameRequestUnderAnotherDelivery()
    {
        const hub_call_id id = sendUnknown("send");
        const CallRow before = row(id);
        resolveStep();
        answer(dispatch().at(0), HUB_OK, R"({"state":"not_found"})");
        const CallDelivery again = send();

        CPPUNIT_ASSERT_EQUAL(id, again.id);
        CPPUNIT_ASSERT_EQUAL(std::uint32_t{2}, again.attempt);
        CPPUNIT_ASSERT_EQUAL(before.call.payload, again.payload);
        CPPUNIT_ASSERT_EQUAL(before.call.idempotency_key, again.idempotency_key);
        CPPUNIT_ASSERT(again.deadline_ms > clock_.nowMs());
        answer(again, HUB_OK, "{}");
        assertTold({"1 unknown", "1 succeeded"});
    }

    void resendSameKeySendsWithoutAQuery()
    {
        const hub_call_id id = sendUnknown("stamp");
        resolveStep();
        const CallDelivery again = dispatch().at(0);
        CPPUNIT_ASSERT_EQUAL(id, again.id);
        CPPUNIT_ASSERT_EQUAL(std::string("stamp"), again.operation);
        // That the second attempt did not leave proves nothing about the first.
        answer(again, HUB_UNAVAILABLE, "");
        CPPUNIT_ASSERT(row(id).resolving);
        CPPUNIT_ASSERT_EQUAL(std::uint32_t{HUB_OUTCOME_UNRESOLVED}, row(id).outcome);
        resolveStep();
        answer(send(), HUB_REJECTED, "");
        assertTold({"1 unknown", "1 rejected"});
    }

    void neverResendStaysUnknown()
    {
        const hub_call_id id = sendUnknown("shout");
        resolveStep();

        CPPUNIT_ASSERT(dispatch().empty());
        CPPUNIT_ASSERT(!row(id).resolving);
        assertTold({"1 unknown"});
    }

    void aLateSuccessResolvesALateRefusalDoesNot()
    {
        const hub_call_id id = create("send");
        const CallDelivery call = send();
        clock_.advance(10'000);
        expire(id);

        CPPUNIT_ASSERT(answer(call, HUB_REJECTED, "") == CallDesk::Taken::Late);
        CPPUNIT_ASSERT(row(id).resolving);
        CPPUNIT_ASSERT(answer(call, HUB_OK, R"({"wrong":1})") == CallDesk::Taken::Late);
        CPPUNIT_ASSERT_MESSAGE("a result that breaks the contract proves nothing",
                               row(id).resolving);
        CPPUNIT_ASSERT(answer(call, HUB_OK, "{}") == CallDesk::Taken::Late);
        CPPUNIT_ASSERT(!row(id).resolving);
        assertTold({"1 unknown", "1 succeeded"});
    }

    void aSuccessWithoutAMarkIsNotBelievedTheSecondTimeEither()
    {
        const hub_call_id id = sendUnknown("stamp");
        resolveStep();
        const CallDelivery again = dispatch().at(0);

        answer(again, HUB_OK, "{}");
        CPPUNIT_ASSERT(answer(again, HUB_OK, "{}") == CallDesk::Taken::Late);
        CPPUNIT_ASSERT(row(id).resolving);
        assertTold({"1 unknown"});
    }

    std::int64_t sentAt(hub_call_id id)
    {
        auto& query = this->writer().prepare("SELECT sending_ms FROM hub_call WHERE id = ?");
        query.bind(1, static_cast<std::int64_t>(id));
        return query.step() ? query.integer(0) : -1;
    }

    void aFormThatIsLetOutCountsAsSentAndStaysAsItIs()
    {
        const hub_call_id id = create("show");
        const CallDelivery first = dispatch().at(0);
        CPPUNIT_ASSERT_MESSAGE("the browser carries it: no exchange", !markSending(first));
        answer(first, HUB_UNAVAILABLE, "");
        CPPUNIT_ASSERT_EQUAL_MESSAGE("nothing is out yet", std::int64_t{0}, sentAt(id));

        clock_.advance(1000);
        const CallDelivery again = dispatch().at(0);
        answer(again, HUB_OK, R"({"form":"one"})");
        CPPUNIT_ASSERT_EQUAL(clock_.nowMs(), sentAt(id));
        CPPUNIT_ASSERT(answer(first, HUB_OK, R"({"form":"two"})") == CallDesk::Taken::Late);
        CPPUNIT_ASSERT_EQUAL(std::string(R"({"form":"one"})"), row(id).result);
        assertTold({"1 succeeded"});
    }

    std::string stored(hub_call_id id, const std::string& column)
    {
        auto& query = this->writer().prepare("SELECT " + column + " FROM hub_call WHERE id = ?");
        query.bind(1, static_cast<std::int64_t>(id));
        return query.step() ? query.text(0) : "no such call";
    }

    void aPersonalCallIsSealedAndForgottenWhenItsOwnerKnows()
    {
        const hub_call_id id = create("whisper");
        CPPUNIT_ASSERT(stored(id, "payload").starts_with("sealed "));
        CPPUNIT_ASSERT(stored(id, "payload").find("N1") == std::string::npos);
        const CallDelivery call = send();
        CPPUNIT_ASSERT_EQUAL(std::string(R"({"number":"N1","weight":3})"), call.payload);

        answer(call, HUB_OUTCOME_UNKNOWN, R"({"to":"N1"})");
        inGroup([&](Group& group) { Calls::purge(group, id); });
        CPPUNIT_ASSERT_MESSAGE("still needed to find out", !stored(id, "payload").empty());
        resolveStep();
        const CallDelivery query = dispatch().at(0);
        CPPUNIT_ASSERT_EQUAL(std::string(R"({"number":"N1"})"), query.payload);
        answer(query, HUB_OK, R"({"state":"sent"})");

        CPPUNIT_ASSERT_EQUAL(std::string(R"({"state":"sent"})"), row(id).result);
        CPPUNIT_ASSERT(stored(id, "result").starts_with("sealed "));
        inGroup([&](Group& group) { Calls::purge(group, id); });
        CPPUNIT_ASSERT_EQUAL(std::string(), stored(id, "payload") + stored(id, "result"));
        assertTold({"1 unknown", "1 succeeded resolved"});
    }

    void aJournalWithoutAKeyTakesNoPersonalCall()
    {
        NewCall call;
        call.spec = directory_.operation("parcel", "whisper", "{}").value();
        Group group(this->writer(), this->sequences_, clock_.nowMs());
        CPPUNIT_ASSERT_THROW(Calls::create(group, call), base::Failure);
    }

    void anAnswerOfAnotherLibraryHasNoEffect()
    {
        const hub_call_id id = create("send");
        const CallDelivery call = send();
        CallAnswer forged;
        forged.id = id;
        forged.delivery = call.delivery;
        forged.status = HUB_OK;
        forged.payload = "{}";
        CallDesk::Taken taken{};
        inGroup([&](Group& group) { taken = desk_.answer(group, "stranger", forged); });
        CPPUNIT_ASSERT(taken == CallDesk::Taken::Unknown);
        CPPUNIT_ASSERT(row(id).state == CallState::Sending);
        assertTold({});
    }

    void aReleasedCallIsNotFoundOutAnyMore()
    {
        const hub_call_id id = sendUnknown("send");
        bool strangers = true;
        bool owners = false;
        inGroup([&](Group& group) {
            strangers = Calls::release(group, id, "stranger");
            owners = Calls::release(group, id, "post");
        });

        CPPUNIT_ASSERT(!strangers && owners);
        resolveStep();
        CPPUNIT_ASSERT(dispatch().empty());
    }

    void aResultThatBreaksTheContractIsUnknown()
    {
        const hub_call_id id = create("send");
        answer(send(), HUB_OK, R"({"wrong":1})");

        CPPUNIT_ASSERT(row(id).resolving);
        CPPUNIT_ASSERT(row(id).message.find("/wrong is not allowed") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(std::string(), row(id).result);
        assertTold({"1 unknown"});
    }

    void aRestartDeliversAgainWhatHasNoMark()
    {
        const hub_call_id marked = create("send");
        send();
        const hub_call_id unmarked = create("send");
        const CallDelivery lost = dispatch().at(0);
        clock_.advance(60'000);
        inGroup([&](Group& group) {
            desk_.restart(group, marked);
            desk_.restart(group, unmarked);
        });

        const CallDelivery again = dispatch().at(0);
        CPPUNIT_ASSERT_EQUAL(unmarked, again.id);
        CPPUNIT_ASSERT_EQUAL(lost.delivery + 1, again.delivery);
        CPPUNIT_ASSERT_MESSAGE("the time away does not count", again.deadline_ms > clock_.nowMs());
        CPPUNIT_ASSERT_MESSAGE("the old delivery is fenced", !markSending(lost));
        assertTold({"1 unknown"});
    }

    void aCallWhoseConnectorIsAwayIsFoundOutLater()
    {
        const hub_call_id id = create("send", "closed");
        answer(send(), HUB_OUTCOME_UNKNOWN, "");
        const std::uint32_t step = row(id).resolve_step;
        resolveStep();

        CPPUNIT_ASSERT(dispatch().empty());
        CPPUNIT_ASSERT(row(id).resolving);
        CPPUNIT_ASSERT_EQUAL(step + 1, row(id).resolve_step);
        CPPUNIT_ASSERT(row(id).due_ms > clock_.nowMs());
    }
};

HUB_JOURNAL_SUITE(CallDeskTest, "call_desk");

} // namespace hub::journal::test
