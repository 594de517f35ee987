// What an organization does with its orders: look what they would cost, create, cancel.
#pragma once

#include "flow/work.hpp"

namespace orders {

hub::Answer quoteOrder(const Work& work, const hub::Event& event);
hub::Answer createOrder(const Work& work, const hub::Event& event);
hub::Answer cancelOrder(const Work& work, const hub::Event& event);

} // namespace orders
