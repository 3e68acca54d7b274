//! The three versions of the protocol.

/// A version of OCPP over JSON and WebSocket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Version {
    /// OCPP 1.6J with the security extension (whitepaper edition 3).
    V16,
    /// OCPP 2.0.1 edition 3.
    V201,
    /// OCPP 2.1 edition 1.
    V21,
}

impl Version {
    /// Every version, oldest first.
    pub const ALL: [Self; 3] = [Self::V16, Self::V201, Self::V21];

    /// The number as people write it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::V16 => "1.6",
            Self::V201 => "2.0.1",
            Self::V21 => "2.1",
        }
    }

    /// The WebSocket subprotocol that carries it.
    #[must_use]
    pub const fn subprotocol(self) -> &'static str {
        match self {
            Self::V16 => "ocpp1.6",
            Self::V201 => "ocpp2.0.1",
            Self::V21 => "ocpp2.1",
        }
    }

    /// The version of a number (`2.0.1`) or subprotocol (`ocpp2.0.1`).
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        all.find(|version| text == version.as_str() || text == version.subprotocol())
    }
}

impl core::fmt::Display for Version {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.as_str())
    }
}
