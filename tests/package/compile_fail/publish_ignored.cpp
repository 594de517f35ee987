// refused: ignoring returned value of type 'hub::Result<void>'
#include <hub/host.hpp>

bool publish(const hub::Host& host, const hub::Publication& publication)
{
#ifdef WRONG
    host.publish(publication);
#endif
    return host.publish(publication).ok();
}
