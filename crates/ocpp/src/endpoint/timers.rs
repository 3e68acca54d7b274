//! Every timer of the endpoint, in one table.

/// A timer.
#[derive(Debug, Clone, Copy)]
pub struct Timer {
    /// What it is called here.
    pub name: &'static str,
    /// Its value, or the configuration that sets it.
    pub value: &'static str,
    /// Where the standard says so.
    pub source: &'static str,
    /// What happens when it runs out.
    pub expiry: &'static str,
}

/// The timers.
pub const TIMERS: [Timer; 5] = [
    Timer {
        name: "call",
        value: "Config::call_timeout; 2.x OCPPCommCtrlr.MessageTimeout",
        source: "OCPP-J 4.1.1; 2.x part 4 section 4.1.4",
        expiry: "Event::TimedOut; a late answer is ignored",
    },
    Timer {
        name: "boot",
        value: "interval of BootNotificationResponse; Config::boot_retry without one or without an answer that counts",
        source: "1.6 section 4.2; 2.x B02, B03",
        expiry: "Event::BootDue",
    },
    Timer {
        name: "heartbeat",
        value: "interval of BootNotificationResponse",
        source: "1.6 section 4.6; 2.x G02",
        expiry: "Event::HeartbeatDue; restarted by every answer of the peer",
    },
    Timer {
        name: "retry",
        value: "RetryRules: interval times the transmissions so far",
        source: "1.6 section 3.7.1; 2.x E13",
        expiry: "the oldest transaction message is sent again",
    },
    Timer {
        name: "reconnect",
        value: "ReconnectRules: minimum, doubled, plus a random part each time",
        source: "2.x part 4 section 5.3",
        expiry: "the caller opens the WebSocket again",
    },
];
