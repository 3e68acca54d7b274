/* An ISO 15118-2 message of a vehicle: made, framed, read back part by part and by path. */
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

static void show(void *context, const evse_exi_part_t *part) {
    int *parts = context;
    ++*parts;
    if (part->kind == EVSE_EXI_CLOSE)
        return;
    printf("%*s%s", part->depth * 2, "", part->name);
    switch (part->kind) {
    case EVSE_EXI_INT:
    case EVSE_EXI_UINT:
    case EVSE_EXI_BOOL: printf(" %lld", (long long)part->number); break;
    case EVSE_EXI_NAME:
    case EVSE_EXI_TEXT: printf(" %s", (const char *)part->data); break;
    case EVSE_EXI_BYTES: printf(" %u octets", (unsigned)part->len); break;
    default: break;
    }
    printf("\n");
}

static evse_status_t quantity(evse_exi_writer_t *writer, const char *name, const char *unit, int value) {
    evse_exi_open(writer, name);
    evse_exi_int(writer, "Multiplier", -1);
    evse_exi_text(writer, "Unit", unit);
    evse_exi_int(writer, "Value", value);
    return evse_exi_close(writer);
}

int main(void) {
    static const uint8_t session_id[8] = {1, 2, 3, 4, 5, 6, 7, 8};
    static uint8_t buffer[256], header[8], scratch[256];
    evse_exi_writer_t writer;
    evse_exi_error_t error;
    evse_exi_part_t part;
    size_t len = 0;
    int parts = 0;
    int set = evse_exi_set("iso15118_2");

    /* The first failure is kept, so that only the end needs a look. */
    MUST(evse_exi_begin(&writer, set, false, buffer, sizeof buffer));
    evse_exi_open(&writer, "V2G_Message");
    evse_exi_open(&writer, "Header");
    evse_exi_bytes(&writer, "SessionID", session_id, sizeof session_id);
    evse_exi_close(&writer);
    evse_exi_open(&writer, "Body");
    evse_exi_open(&writer, "CurrentDemandReq");
    evse_exi_open(&writer, "DC_EVStatus");
    evse_exi_bool(&writer, "EVReady", true);
    evse_exi_text(&writer, "EVErrorCode", "NO_ERROR");
    evse_exi_int(&writer, "EVRESSSOC", 55);
    evse_exi_close(&writer);
    quantity(&writer, "EVTargetCurrent", "A", 200);
    evse_exi_bool(&writer, "ChargingComplete", false);
    quantity(&writer, "EVTargetVoltage", "V", 4261);
    evse_exi_close(&writer);
    evse_exi_close(&writer);
    evse_exi_close(&writer);
    MUST(evse_exi_finish(&writer, &len));
    MUST(evse_v2gtp_write(0x8001, (uint32_t)len, header));
    printf("%u octets after a header of 8\n", (unsigned)len);

    MUST(evse_exi_visit(set, false, buffer, len, scratch, sizeof scratch, show, &parts, &error));
    MUST(evse_exi_find(set, false, buffer, len, "V2G_Message/Body/CurrentDemandReq/EVTargetVoltage/Value",
                       scratch, sizeof scratch, &part, &error));
    if (part.kind != EVSE_EXI_INT || part.number != 4261 || parts != 25)
        return printf("%d parts\n", parts), 1;
    MUST(evse_exi_find(set, false, buffer, len, "V2G_Message/Header/SessionID", scratch, sizeof scratch, &part,
                       &error));
    if (part.len != 8 || memcmp(part.data, session_id, 8) != 0)
        return 1;
    if (evse_exi_find(set, false, buffer, len, "V2G_Message/Body/SessionStopReq", scratch, sizeof scratch, &part,
                      &error) != EVSE_NOT_FOUND)
        return 1;

    /* A message cut short: where and why. */
    if (evse_exi_visit(set, false, buffer, 20, scratch, sizeof scratch, show, &parts, &error) != EVSE_MALFORMED)
        return 1;
    printf("bit %u: %s\n", (unsigned)error.bit, error.text);

    /* A message that the schema does not allow: what is missing. */
    char text[96];
    MUST(evse_exi_begin(&writer, set, false, buffer, sizeof buffer));
    evse_exi_open(&writer, "V2G_Message");
    evse_exi_open(&writer, "Body");
    evse_status_t status = evse_exi_finish(&writer, &len);
    evse_exi_error_text(&writer, text, sizeof text);
    printf("%s: %s\n", evse_status_text(status), text);
    return status == EVSE_ORDER && strcmp(text, "Header is missing") == 0 ? 0 : 1;
}
