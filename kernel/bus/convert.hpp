// Between what the journal hands out and what HUBP/1 carries. Pure.
#pragma once

#include "bus/router.hpp"
#include "hubp/frames.hpp"
#include "journal/event.hpp"

namespace hub::bus {

hubp::Call toCall(const journal::CallDelivery& delivery);
hubp::Callback toCallback(const journal::CallDelivery& delivery);
/// A call that no store keeps: in the frame that takes no credit, so that the lane's stays true.
hubp::Callback toAside(const journal::CallDelivery& delivery);
hubp::Session toSession(const journal::CallDelivery& delivery);
hubp::Event toEvent(const journal::EventDelivery& delivery);
hubp::Welcome toWelcome(const Welcome& welcome, const RouterSettings& settings);

journal::CallAnswer toAnswer(hubp::Outcome&& outcome);
journal::Acknowledgement toAcknowledgement(hubp::Ack&& ack);
/// The publisher is the library that the host was started for, whatever the frame says.
PublishFrame toPublication(hubp::Publish&& publish, const std::string& publisher);

} // namespace hub::bus
