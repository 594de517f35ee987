// Goal: what was gathered comes out as it went in, and no bytes bring the reader down. Method:
// every size around the limits, then batches that are cut and mutated with a seed.
#include "hubp/batch.hpp"
#include "support/suite.hpp"

#include <random>
#include <string>
#include <vector>

namespace {

namespace hubp = hub::hubp;

hubp::Message eventOf(std::int64_t seq, std::size_t bytes)
{
    hubp::Event event;
    event.envelope.seq = seq;
    event.payload = std::string(bytes, 'x');
    return hubp::encode(event).value();
}

hubp::Batch batchOf(std::vector<hubp::Message> messages)
{
    hubp::BatchWriter writer;
    for (hubp::Message& message : messages) {
        CPPUNIT_ASSERT(writer.add(std::move(message)));
    }
    return {writer.take().payload};
}

/// The seqs of the events, -1 for what can't be decoded; -2 at the end when the batch is broken.
std::vector<std::int64_t> read(const hubp::Batch& batch)
{
    std::vector<std::int64_t> seqs;
    const auto whole = hubp::readBatch(batch, [&](hub::Result<hubp::Frame> frame) {
        const auto* event = frame.ok() ? std::get_if<hubp::Event>(&frame.value()) : nullptr;
        seqs.push_back(event == nullptr ? -1 : event->envelope.seq);
        return true;
    });
    if (!whole.ok()) {
        CPPUNIT_ASSERT(whole.error().message.find("BATCH: it ") == 0);
        seqs.push_back(-2);
    }
    return seqs;
}

class BatchTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(BatchTest);
    CPPUNIT_TEST(oneAloneTravelsAsItIs);
    CPPUNIT_TEST(severalKeepTheirOrderAndContent);
    CPPUNIT_TEST(aFullBatchRefusesAndLosesNothing);
    CPPUNIT_TEST(theReaderMayStop);
    CPPUNIT_TEST(brokenBatchesAreRefused);
    CPPUNIT_TEST(mutatedBatchesNeverThrow);
    CPPUNIT_TEST_SUITE_END();

public:
    void oneAloneTravelsAsItIs()
    {
        hubp::BatchWriter writer;
        CPPUNIT_ASSERT(writer.add(eventOf(7, hubp::kPayloadBytesMax)));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, writer.size());
        const hubp::Message message = writer.take();
        CPPUNIT_ASSERT(message.command == hubp::Command::Event);
        CPPUNIT_ASSERT_EQUAL(hubp::kPayloadBytesMax, message.payload.size());
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, writer.size());
    }

    void severalKeepTheirOrderAndContent()
    {
        hubp::BatchWriter writer;
        for (int round = 0; round < 2; ++round) {
            for (std::int64_t seq = 1; seq <= 100; ++seq) {
                CPPUNIT_ASSERT(writer.add(eventOf(seq, static_cast<std::size_t>(seq) * 10)));
            }
            const hubp::Message message = writer.take();
            CPPUNIT_ASSERT(message.command == hubp::Command::Batch);
            const auto seqs = read({message.payload});
            CPPUNIT_ASSERT_EQUAL(std::size_t{100}, seqs.size());
            for (std::size_t i = 0; i < seqs.size(); ++i) {
                CPPUNIT_ASSERT_EQUAL(static_cast<std::int64_t>(i) + 1, seqs[i]);
            }
        }
    }

    void aFullBatchRefusesAndLosesNothing()
    {
        hubp::BatchWriter writer;
        std::int64_t next = 1;
        hubp::Message message = eventOf(next, 1000);
        while (writer.add(std::move(message))) {
            message = eventOf(++next, 1000);
        }
        CPPUNIT_ASSERT_EQUAL_MESSAGE("still whole", std::size_t{1000}, message.payload.size());
        const hubp::Message full = writer.take();
        CPPUNIT_ASSERT(full.payload.size() <= hubp::kBatchBytesMax);
        CPPUNIT_ASSERT(full.payload.size() > hubp::kBatchBytesMax - 1100);
        CPPUNIT_ASSERT_EQUAL(static_cast<std::size_t>(next) - 1, read({full.payload}).size());
        CPPUNIT_ASSERT(writer.add(std::move(message)));
        CPPUNIT_ASSERT(!writer.add(eventOf(1, hubp::kPayloadBytesMax)));
    }

    void theReaderMayStop()
    {
        int taken = 0;
        const auto whole = hubp::readBatch(batchOf({eventOf(1, 1), eventOf(2, 1), eventOf(3, 1)}),
                                           [&](hub::Result<hubp::Frame>) { return ++taken < 2; });
        CPPUNIT_ASSERT(whole.ok());
        CPPUNIT_ASSERT_EQUAL(2, taken);
    }

    void brokenBatchesAreRefused()
    {
        const hubp::Batch sound = batchOf({eventOf(1, 10), eventOf(2, 10)});
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, read({""}).size());
        for (std::size_t size = 1; size < sound.payload.size(); ++size) {
            const auto seqs = read({sound.payload.substr(0, size)});
            // Cut between the two it is a shorter batch.
            const bool whole = seqs.size() == 1 && seqs.front() == 1;
            CPPUNIT_ASSERT(whole || seqs.back() == -2);
        }
        hubp::Batch nested = sound;
        nested.payload[0] = static_cast<char>(hubp::Command::Batch);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{-2}, read(nested).back());
        hubp::Batch unknown = sound;
        unknown.payload[0] = 99;
        CPPUNIT_ASSERT_EQUAL(std::int64_t{-1}, read(unknown).front());
    }

    void mutatedBatchesNeverThrow()
    {
        const hubp::Batch sound = batchOf({eventOf(1, 100), eventOf(2, 5), eventOf(3, 60)});
        std::mt19937 random(11);
        for (int round = 0; round < 20000; ++round) {
            hubp::Batch mutated = sound;
            for (int i = 0; i < 3; ++i) {
                mutated.payload[random() % mutated.payload.size()] = static_cast<char>(random());
            }
            CPPUNIT_ASSERT(read(mutated).size() <= sound.payload.size());
        }
    }
};

HUB_TEST_SUITE_REGISTRATION(BatchTest, "batch");

} // namespace
