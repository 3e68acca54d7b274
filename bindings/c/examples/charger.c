/* A charger and a vehicle charge together over a bus in memory, in virtual time. */
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

static evse_gbt_charger_t charger;
static evse_gbt_bms_t bms;
static uint8_t charger_memory[1785], bms_memory[64];

/* The battery asks for 426.1 V and 20.0 A. */
static evse_status_t say_demand(void) {
    uint8_t payload[8];
    size_t len;
    evse_status_t status = evse_gbt_begin(EVSE_GBT_BCL, 2015, payload, sizeof payload, &len);
    if (status == EVSE_OK)
        status = evse_gbt_set(EVSE_GBT_BCL, 2015, payload, len, EVSE_GBT_BCL_VOLTAGE_DEMAND, 0, 4261);
    if (status == EVSE_OK)
        status = evse_gbt_set(EVSE_GBT_BCL, 2015, payload, len, EVSE_GBT_BCL_CURRENT_DEMAND, 0, -200);
    if (status == EVSE_OK)
        status = evse_gbt_set(EVSE_GBT_BCL, 2015, payload, len, EVSE_GBT_BCL_MODE, 0, 1);
    if (status == EVSE_OK)
        status = evse_gbt_bms_set_content(&bms, EVSE_GBT_BCL, payload, len);
    return status;
}

int main(void) {
    evse_gbt_event_t event;
    evse_can_frame_t frame;
    int frames = 0, outputs = 0, charger_done = 0, bms_done = 0;
    int64_t demand = 0;

    /* Memory that nobody initialised is told apart. */
    if (evse_gbt_charger_connected(&charger, 0) != EVSE_NULL || evse_gbt_charger_state(&charger) != -1)
        return 1;

    MUST(evse_gbt_charger_init(&charger, 2015));
    MUST(evse_gbt_bms_init(&bms, 2015));
    MUST(say_demand());
    MUST(evse_gbt_charger_connected(&charger, 0));
    MUST(evse_gbt_bms_connected(&bms, 0));
    for (uint64_t now = 0; now < 20000; now++) {
        MUST(evse_gbt_charger_handle_timeout(&charger, now));
        MUST(evse_gbt_bms_handle_timeout(&bms, now));
        if (now == 10000)
            MUST(evse_gbt_bms_stop(&bms, now, NULL));
        for (;;) {
            while (evse_gbt_charger_poll_event(&charger, &event)) {
                if (event.kind == EVSE_GBT_START_INSULATION_TEST)
                    MUST(evse_gbt_charger_insulation_result(&charger, now, true));
                else if (event.kind == EVSE_GBT_PREPARE_OUTPUT)
                    MUST(evse_gbt_charger_set_ready(&charger, now, true));
                else if (event.kind == EVSE_GBT_SET_OUTPUT && event.has_voltage)
                    outputs += event.voltage == 4261 && event.current == -200;
                else if (event.kind == EVSE_GBT_MESSAGE && event.message == EVSE_GBT_BCL) {
                    uint8_t payload[1785];
                    size_t len;
                    evse_gbt_value_t value;
                    MUST(evse_gbt_charger_payload(&charger, charger_memory, sizeof charger_memory, payload,
                                                  sizeof payload, &len));
                    MUST(evse_gbt_get(EVSE_GBT_BCL, 2015, payload, len, EVSE_GBT_BCL_VOLTAGE_DEMAND, 0, &value));
                    demand = value.available ? value.value : -1;
                } else if (event.kind == EVSE_GBT_SESSION_END)
                    charger_done = event.done;
            }
            while (evse_gbt_bms_poll_event(&bms, &event)) {
                if (event.kind == EVSE_GBT_CLOSE_CONTACTORS)
                    MUST(evse_gbt_bms_set_ready(&bms, now, true));
                else if (event.kind == EVSE_GBT_SESSION_END)
                    bms_done = event.done;
            }
            if (evse_gbt_charger_poll_frame(&charger, &frame))
                MUST(evse_gbt_bms_handle_frame(&bms, now, &frame, bms_memory, sizeof bms_memory));
            else if (evse_gbt_bms_poll_frame(&bms, NULL, &frame))
                MUST(evse_gbt_charger_handle_frame(&charger, now, &frame, charger_memory, sizeof charger_memory));
            else
                break;
            frames++;
        }
    }
    printf("%d frames, %d outputs set, demand %lld.%lld V, both ends done: %d\n", frames, outputs,
           (long long)(demand / 10), (long long)(demand % 10), charger_done && bms_done);

    /* What does not fit is refused, by name. */
    uint8_t payload[8] = {0};
    evse_gbt_value_t value;
    if (evse_gbt_set(EVSE_GBT_BCL, 2015, payload, 5, EVSE_GBT_BCL_VOLTAGE_DEMAND, 0, 65535) != EVSE_RANGE ||
        evse_gbt_set(EVSE_GBT_BCL, 2015, payload, 5, EVSE_GBT_BCL_VOLTAGE_DEMAND, 0, INT64_MIN) != EVSE_RANGE ||
        evse_gbt_set(EVSE_GBT_BCL, 2015, payload, 1, EVSE_GBT_BCL_VOLTAGE_DEMAND, 0, 1) != EVSE_NOT_FOUND ||
        evse_gbt_get(EVSE_GBT_BCL, 2015, payload, 5, 77, 0, &value) != EVSE_ARGUMENT ||
        evse_gbt_get(EVSE_GBT_BCL, 2016, payload, 5, 0, 0, &value) != EVSE_ARGUMENT ||
        evse_gbt_get(EVSE_GBT_BCL, 2015, NULL, 5, 0, 0, &value) != EVSE_NULL ||
        evse_gbt_check(EVSE_GBT_BCL, 2015, payload, 2) != EVSE_MALFORMED)
        return 1;
    return charger_done && bms_done && demand == 4261 && outputs > 0 ? 0 : 1;
}
