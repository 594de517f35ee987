// What a connector keeps that speaks over streams: the mark before the message, the fate of what
// was being sent, and the standing connection of its account.
#include "bench.hpp"

#include <array>

namespace hub::conformance {

namespace {

constexpr auto kConnectPatience = Milliseconds(10000);
constexpr auto kReturnPatience = Milliseconds(5000);
// How long the suite watches that nothing happens.
constexpr auto kWatch = Milliseconds(700);

std::unique_ptr<Stage> start(Bench& bench)
{
    if (!bench.playsStreams()) {
        throw DoesNotApply("conformance.json describes no \"stream\"");
    }
    return bench.start();
}

std::unique_ptr<Stage> startLeased(Bench& bench)
{
    auto stage = start(bench);
    if (stage->leased == 0) {
        throw DoesNotApply("the manifest asks for no session");
    }
    return stage;
}

bool isUnsent(const Answer& answer)
{
    return answer.status == HUB_UNAVAILABLE || answer.status == HUB_THROTTLED ||
           answer.status == HUB_INTERNAL;
}

std::vector<Line> messagesOf(Stage& stage)
{
    std::vector<Line> messages = stage.desk.peer().lines();
    std::erase_if(messages, [](const Line& line) { return !line.is_message; });
    return messages;
}

struct Tried {
    hub_call_id call = 0;
    Answer answer;
};

/// Asks until the connection is there; a library may refuse until it has logged in.
Tried askConnected(Bench& bench, Stage& stage)
{
    const std::int64_t until_ms = unixNowMs() + kConnectPatience.count();
    Tried tried;
    do {
        tried.call = bench.send(stage, bench.probe());
        tried.answer = bench.await(stage, tried.call);
    } while (isUnsent(tried.answer) && messagesOf(stage).empty() && unixNowMs() < until_ms);
    require(!messagesOf(stage).empty(),
            "it sent no message and answered " + describe(tried.answer));
    return tried;
}

void marksBeforeTheMessage(Bench& bench)
{
    const auto stage = start(bench);
    const Tried tried = askConnected(bench, *stage);
    for (const Line& message : messagesOf(*stage)) {
        require(message.marked.contains(tried.call),
                "\"" + message.text + "\" left before begin() of its call");
    }
}

void heedsARefusedMark(Bench& bench)
{
    const auto stage = start(bench);
    stage->desk.peer().refuseMarks();
    const Answer answer = bench.ask(*stage, bench.probe());
    require(messagesOf(*stage).empty(), "begin() was refused, and the message was sent");
    require(isUnsent(answer),
            "begin() was refused, so nothing was sent; it answered " + describe(answer));
}

void lostBehindTheMessage(Bench& bench)
{
    const auto stage = start(bench);
    stage->desk.peer().cutAtMessage();
    const Tried tried = askConnected(bench, *stage);
    require(messagesOf(*stage).size() == 1,
            "one call sent " + std::to_string(messagesOf(*stage).size()) + " messages");
    require(tried.answer.status == HUB_OUTCOME_UNKNOWN,
            "the message had left and the stream was lost; it answered " + describe(tried.answer));
}

void nobodyThere(Bench& bench)
{
    const auto stage = start(bench);
    stage->desk.peer().goDown();
    if (stage->leased != 0) {
        (void)stage->session.await(stage->leased, kReturnPatience);
    }
    const Answer answer = bench.ask(*stage, bench.probe());
    require(isUnsent(answer), "there was no connection; it answered " + describe(answer));
}

void returnsLostSessions(Bench& bench)
{
    const auto stage = startLeased(bench);
    (void)askConnected(bench, *stage);
    require(!stage->session.await(stage->leased, Milliseconds(0)).arrived,
            "it gave the session back while its stream was sound");
    stage->desk.peer().cut();
    require(stage->session.await(stage->leased, kReturnPatience).arrived,
            "the stream was lost, and the session was not given back within 5 s");
    stage->leased = bench.lease(*stage);
    const std::size_t before = messagesOf(*stage).size();
    const Tried tried = askConnected(bench, *stage);
    require(messagesOf(*stage).size() > before,
            "in the next session it sent nothing and answered " + describe(tried.answer));
}

/// A stage whose peer has said something unasked, and the library has published it.
std::unique_ptr<Stage> startSpeaking(Bench& bench, hub_status published_as)
{
    auto stage = startLeased(bench);
    if (!stage->desk.peer().speaksUnasked()) {
        throw DoesNotApply("conformance.json gives no \"unasked\" to try");
    }
    stage->desk.setPublishStatus(published_as);
    stage->desk.peer().speak();
    require(stage->desk.waitForPublished(1, kReturnPatience),
            "what the peer said unasked was not published within 5 s");
    return stage;
}

void acknowledgesAfterTheCommit(Bench& bench)
{
    const auto refused = startSpeaking(bench, HUB_THROTTLED);
    StreamPeer& peer = refused->desk.peer();
    const auto acknowledges = [&peer](const Line& line) {
        return peer.acknowledges(line);
    };
    require(!peer.waitForLine(acknowledges, kWatch),
            "it acknowledged what the hub had refused to keep");
    const auto kept = startSpeaking(bench, HUB_OK);
    StreamPeer& content = kept->desk.peer();
    require(content.waitForLine([&](const Line& line) { return content.acknowledges(line); },
                                kReturnPatience),
            "it did not acknowledge what the hub had kept");
    for (const Line& line : content.lines()) {
        require(!content.acknowledges(line) || line.publications_put > 0,
                "it acknowledged before the publication was kept");
    }
}

void sameIdForTheSame(Bench& bench)
{
    const auto stage = startSpeaking(bench, HUB_OK);
    stage->desk.peer().speak();
    require(stage->desk.waitForPublished(2, kReturnPatience) || stage->desk.published().size() == 1,
            "it published nothing");
    const auto published = stage->desk.published();
    for (const hubp::Publish& publish : published) {
        require(publish.envelope.id == published.front().envelope.id,
                "what came twice was published under two ids");
    }
}

constexpr std::array<Rule, 7> kRules = {{
    {"stream.marked",
     "No byte of a call's message leaves before begin() of that call.",
     "Call begin() on the stream before the first write of the message.",
     marksBeforeTheMessage},
    {"stream.mark_refused",
     "When begin() is refused, nothing of the call is sent, and its answer says so.",
     "After anything but HUB_OK of begin() answer HUB_UNAVAILABLE.",
     heedsARefusedMark},
    {"stream.cut",
     "When a message has left and its stream is lost, the outcome is unknown, and nothing is "
     "resent.",
     "Answer HUB_OUTCOME_UNKNOWN for everything that was begun and not answered.",
     lostBehindTheMessage},
    {"stream.not_connected",
     "Without a connection a call is not sent: safe to repeat.",
     "Answer HUB_UNAVAILABLE when there is no stream.",
     nobodyThere},
    {"session.returned",
     "A session ends when its stream is lost, not before, and the next one serves as well.",
     "Return from session() when a read says anything but HUB_OK or HUB_THROTTLED.",
     returnsLostSessions},
    {"session.acknowledges",
     "What the peer says unasked is acknowledged once the hub has kept it, never before.",
     "Write the acknowledgement after publish() returned well.",
     acknowledgesAfterTheCommit},
    {"session.repeated",
     "What the peer says twice is published under one id.",
     "Derive the id from the peer's own number.",
     sameIdForTheSame},
}};

} // namespace

std::span<const Rule> streamRules()
{
    return kRules;
}

} // namespace hub::conformance
