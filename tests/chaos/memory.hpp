// What the clients know: which requests they sent under which key, and what was acknowledged. The
// measure of "lost" and "doubled". Thread-safe.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace chaos {

struct RefundMemory {
    std::string key; ///< Idempotency-Key; also the reason, which the books show
    std::int64_t amount_minor = 0;
    std::string refund_id; ///< empty: not acknowledged
};

struct PaymentMemory {
    std::string key; ///< Idempotency-Key; also order and subject, which API and books show
    std::int64_t amount_minor = 0;
    std::string payment_id; ///< empty: not acknowledged
    bool cancel_acknowledged = false;
    std::vector<RefundMemory> refunds;
};

struct Exposure {
    std::int64_t acknowledged = 0; ///< creates, refunds and cancels with a 2xx answer
    std::int64_t repeats = 0;      ///< requests sent again after a broken connection or 5xx
    std::int64_t parallel = 0;     ///< creates that were sent several times at once
    std::int64_t paid = 0;         ///< the wallet said so
    std::int64_t given_up = 0;     ///< never answered, in spite of repeats
};

class Memory {
public:
    void sendsPayment(const std::string& key, std::int64_t amount_minor);
    void sendsRefund(const std::string& payment_key, const RefundMemory& refund);
    void acknowledgePayment(const std::string& key, const std::string& payment_id);
    void acknowledgeRefund(const std::string& payment_key,
                           const std::string& key,
                           const std::string& refund_id);
    void acknowledgeCancel(const std::string& payment_key);
    void countPaid();
    void countRepeat();
    void countParallel();
    void countGivenUp();
    /// The hub will not come back: nobody shall wait for an answer any more.
    void giveUpHope() noexcept { hopeless_ = true; }
    bool isHopeless() const noexcept { return hopeless_; }
    /// An answer that no client should get for what it asked.
    void surprise(const std::string& sentence);

    Exposure exposure() const;
    std::map<std::string, PaymentMemory> payments() const;
    /// One key that was answered with two things.
    std::vector<std::string> contradictions() const;
    std::vector<std::string> surprises() const;

private:
    void acknowledge(std::string& known, const std::string& key, const std::string& id);

    mutable std::mutex mutex_;
    std::map<std::string, PaymentMemory> payments_;
    std::vector<std::string> contradictions_;
    std::vector<std::string> surprises_;
    Exposure exposure_;
    std::atomic<bool> hopeless_{false};
};

} // namespace chaos
