// refused: use of deleted function 'hub::Reply::Reply(const hub::Reply&)'
#include <hub/connector.hpp>

#include <utility>

hub::Reply keep(hub::Reply&& reply)
{
#ifdef WRONG
    return reply.send(HUB_OK), hub::Reply(std::as_const(reply));
#else
    return std::move(reply);
#endif
}
