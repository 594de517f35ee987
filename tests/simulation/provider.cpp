#include "provider.hpp"

#include <utility>

namespace hub::simulation {

Provider::Provider(
    Timeline& timeline, Seeded& random, const Weather& weather, Oracle& oracle, Trace& trace)
    : timeline_(timeline)
    , random_(random)
    , weather_(weather)
    , oracle_(oracle)
    , trace_(trace)
{}

void Provider::take(const Request& request, Reply reply)
{
    trace_.add("{} {} leaves", request.operation, request.number);
    if (request.operation != "track") {
        oracle_.left(request.number, request.operation, request.key);
        ++oracle_.books()[request.number].on_their_way;
    }
    const bool lost = random_.chance(weather_.request_lost);
    // Now and then so late that its sender has given it up.
    const std::uint32_t longest = random_.chance(weather_.slow) ? 15000 : weather_.latency_max_ms;
    timeline_.after(1 + random_.below(longest), [this, request, lost, reply = std::move(reply)] {
        if (request.operation != "track") {
            --oracle_.books()[request.number].on_their_way;
        }
        if (!lost) {
            arrive(request, reply);
        }
    });
}

void Provider::arrive(const Request& request, const Reply& reply)
{
    const std::string state =
        request.operation == "track" ? stateOf(request.number) : decide(request);
    trace_.add("provider: {} {} is {}", request.operation, request.number, state);
    answer(state, reply);
}

void Provider::answer(const std::string& state, const Reply& reply)
{
    if (!random_.chance(weather_.reply_lost)) {
        timeline_.after(1 + random_.below(weather_.latency_max_ms),
                        [state, reply] { reply(state); });
    }
}

std::string Provider::decide(const Request& request)
{
    Book& book = oracle_.books()[request.number];
    const bool known = book.booked + book.refused > 0 || book.moving;
    if (request.operation == "stamp" && known) {
        return stateOf(request.number); // the key is known: the same answer again
    }
    if (random_.chance(weather_.slow)) {
        book.moving = true;
        timeline_.after(1 + random_.below(20000), [this, number = request.number] {
            trace_.add("provider: {} is booked at last", number);
            oracle_.books()[number].moving = false;
            oracle_.booked(number);
        });
        return "moving";
    }
    if (random_.chance(weather_.refused)) {
        ++book.refused;
        return "refused";
    }
    oracle_.booked(request.number);
    return "booked";
}

std::string Provider::stateOf(const std::string& number) const
{
    const Book& book = oracle_.books()[number];
    return book.booked > 0                        ? "booked"
           : book.moving || book.on_their_way > 0 ? "moving"
           : book.refused > 0                     ? "refused"
                                                  : "not_found";
}

} // namespace hub::simulation
