/* A session over a price change: running cost, the price on the display, the bill, its parts. */
#include <stdio.h>
#include <string.h>

#include "evse.h"

#define MUST(call)                                                              \
    do {                                                                        \
        evse_status_t status_ = (call);                                         \
        if (status_ != EVSE_OK) {                                               \
            printf("%s:%d: %s\n", __FILE__, __LINE__, evse_status_text(status_)); \
            return 1;                                                           \
        }                                                                       \
    } while (0)

int main(void) {
    static const evse_tariff_rate_t rates[] = {{4, 260000, 760000}, {3, 780000, 760000}};
    uint8_t half_hours[48];
    evse_tariff_t tariff;
    evse_tariff_session_t session;
    evse_tariff_bill_t bill;
    evse_tariff_price_t price;

    memset(half_hours, 1, sizeof half_hours);
    memset(half_hours, 0, 16); /* valley until 08:00 */
    MUST(evse_tariff_init(&tariff, rates, 2, half_hours, "CST-8", EVSE_TARIFF_ROUND_ONCE));
    MUST(evse_tariff_session_init(&session));
    MUST(evse_tariff_session_reading(&session, &tariff, 1717372200000, 1000000000)); /* 07:50, 1 kWh */
    MUST(evse_tariff_price_at(&tariff, 1717372200000, &price));
    if (!price.changes || price.change_ms != 1717372800000 || price.rate.electricity != 260000)
        return 1;
    MUST(evse_tariff_session_reading(&session, &tariff, 1717373400000, 8000000000)); /* 08:10, 8 kWh */
    MUST(evse_tariff_session_bill(&session, &tariff, &bill));
    printf("electricity %lld, service %lld, total %lld millionths; %u lines\n", (long long)bill.electricity,
           (long long)bill.service, (long long)bill.total, bill.line_count);
    if (bill.electricity != 3640000 || bill.service != 5320000 || bill.total != 8960000 || bill.line_count != 2)
        return 1;

    /* A reading that cannot be is refused and changes nothing. */
    evse_tariff_bill_t again;
    if (evse_tariff_session_reading(&session, &tariff, 1717373460000, 1) != EVSE_READING)
        return 1;
    MUST(evse_tariff_session_bill(&session, &tariff, &again));
    if (again.total != bill.total)
        return 1;

    /* Weekends at the valley price: a second day table and a rule. */
    evse_tariff_rule_t weekend = {0, 0, 0, 0, 0x60, 1};
    if (evse_tariff_add_rule(&tariff, &weekend) != EVSE_ARGUMENT) /* no such table yet */
        return 1;
    memset(half_hours, 0, sizeof half_hours);
    MUST(evse_tariff_add_day(&tariff, half_hours));
    MUST(evse_tariff_add_rule(&tariff, &weekend));
    MUST(evse_tariff_price_at(&tariff, 1717250400000, &price)); /* Saturday noon */
    if (price.rate.band != 4)
        return 1;

    const uint64_t weights[] = {70, 20, 10};
    int64_t parts[3];
    MUST(evse_settlement_split(bill.total / 10000, weights, parts, 3));
    printf("%lld + %lld + %lld fen\n", (long long)parts[0], (long long)parts[1], (long long)parts[2]);
    return parts[0] + parts[1] + parts[2] == 896 ? 0 : 1;
}
