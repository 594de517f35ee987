#include "memory.hpp"

namespace chaos {

void Memory::sendsPayment(const std::string& key, std::int64_t amount_minor)
{
    const std::lock_guard lock(mutex_);
    payments_[key].key = key;
    payments_[key].amount_minor = amount_minor;
}

void Memory::sendsRefund(const std::string& payment_key, const RefundMemory& refund)
{
    const std::lock_guard lock(mutex_);
    payments_.at(payment_key).refunds.push_back(refund);
}

void Memory::acknowledge(std::string& known, const std::string& key, const std::string& id)
{
    if (!known.empty() && known != id) {
        contradictions_.push_back("key " + key + " was answered with " + known + " and with " + id);
    }
    // Parallel and repeated requests of one key are one acknowledgement.
    exposure_.acknowledged += known.empty() ? 1 : 0;
    known = id;
}

void Memory::acknowledgePayment(const std::string& key, const std::string& payment_id)
{
    const std::lock_guard lock(mutex_);
    acknowledge(payments_.at(key).payment_id, key, payment_id);
}

void Memory::acknowledgeRefund(const std::string& payment_key,
                               const std::string& key,
                               const std::string& refund_id)
{
    const std::lock_guard lock(mutex_);
    for (RefundMemory& refund : payments_.at(payment_key).refunds) {
        if (refund.key == key) {
            acknowledge(refund.refund_id, key, refund_id);
        }
    }
}

void Memory::acknowledgeCancel(const std::string& payment_key)
{
    const std::lock_guard lock(mutex_);
    payments_.at(payment_key).cancel_acknowledged = true;
    ++exposure_.acknowledged;
}

void Memory::countPaid()
{
    const std::lock_guard lock(mutex_);
    ++exposure_.paid;
}

void Memory::countRepeat()
{
    const std::lock_guard lock(mutex_);
    ++exposure_.repeats;
}

void Memory::countParallel()
{
    const std::lock_guard lock(mutex_);
    ++exposure_.parallel;
}

void Memory::countGivenUp()
{
    const std::lock_guard lock(mutex_);
    ++exposure_.given_up;
}

void Memory::surprise(const std::string& sentence)
{
    const std::lock_guard lock(mutex_);
    surprises_.push_back(sentence);
}

Exposure Memory::exposure() const
{
    const std::lock_guard lock(mutex_);
    return exposure_;
}

std::map<std::string, PaymentMemory> Memory::payments() const
{
    const std::lock_guard lock(mutex_);
    return payments_;
}

std::vector<std::string> Memory::contradictions() const
{
    const std::lock_guard lock(mutex_);
    return contradictions_;
}

std::vector<std::string> Memory::surprises() const
{
    const std::lock_guard lock(mutex_);
    return surprises_;
}

} // namespace chaos
