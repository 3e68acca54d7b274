//! Discovery of the charger over SDP, with the decision about TLS made explicit: who may lower it, and when.
//!
//! The datagrams are unauthenticated, so an answer "no TLS" may come from anyone on the link. A vehicle that wants Plug &
//! Charge or -20 must therefore use [`TlsPolicy::Required`]; the charger's certificate then proves who answered.

use core::net::Ipv6Addr;

use crate::sdp::{Datagram, Request, Response, SdpError, Security, Transport};

/// Milliseconds between two requests.
pub const REPETITION_MILLIS: u32 = 250;
/// Requests at most.
pub const REQUESTS: u8 = 50;

/// What a side does about TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TlsPolicy {
    /// Never without.
    Required,
    /// With it where the other side has it; an answer without is taken. Anyone on the link can bring this about.
    AllowDowngrade,
    /// Never with it: DIN, and stations without a certificate.
    Never,
}

impl TlsPolicy {
    /// What a vehicle asks for.
    #[must_use]
    pub const fn asks(self) -> Security {
        match self {
            Self::Required | Self::AllowDowngrade => Security::Tls,
            Self::Never => Security::None,
        }
    }
}

/// Where the vehicle connects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target {
    /// The charger's address; link-local ones need the interface of the answer.
    pub address: Ipv6Addr,
    /// Its TCP port.
    pub port: u16,
    /// With TLS or without.
    pub tls: bool,
    /// The vehicle asked for TLS and goes without, as its policy allows.
    pub is_downgraded: bool,
}

/// Why an answer is not taken. The vehicle goes on asking: another answer may come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refused {
    /// It is no answer of SDP.
    #[error(transparent)]
    Datagram(#[from] SdpError),
    /// It is a request.
    #[error("a request, not an answer")]
    NotAnAnswer,
    /// The charger has no TLS, which the policy requires.
    #[error("the charger answers without TLS")]
    Downgrade,
    /// TLS, or another security, that was not asked for.
    #[error("security {found:#04x} was not asked for")]
    Security {
        /// The octet.
        found: u8,
    },
    /// Not TCP.
    #[error("transport {found:#04x} is not TCP")]
    Transport {
        /// The octet.
        found: u8,
    },
    /// No address or port that can be connected to.
    #[error("no address to connect to")]
    Address,
}

/// The vehicle's side of the discovery.
#[derive(Debug, Clone)]
pub struct Discovery {
    policy: TlsPolicy,
    next_millis: u64,
    left: u8,
}

impl Discovery {
    /// A discovery that begins at `now`, in milliseconds of the caller's origin.
    #[must_use]
    pub const fn new(policy: TlsPolicy, now: u64) -> Self {
        Self { policy, next_millis: now, left: REQUESTS }
    }

    /// When [`Discovery::poll_transmit`] has the next request; `None` once all were sent and the last was given its time.
    #[must_use]
    pub const fn poll_timeout(&self) -> Option<u64> {
        if self.left == 0 && self.next_millis == u64::MAX { None } else { Some(self.next_millis) }
    }

    /// Writes the request that is due, to be sent to `ff02::1` port 15118; its length.
    ///
    /// # Errors
    /// The buffer has not 10 octets.
    pub fn poll_transmit(&mut self, now: u64, out: &mut [u8]) -> Result<Option<usize>, SdpError> {
        if now < self.next_millis {
            return Ok(None);
        }
        if self.left == 0 {
            self.next_millis = u64::MAX;
            return Ok(None);
        }
        let length = Datagram::Request(Request {
            security: self.policy.asks(),
            transport: Transport::Tcp,
            is_wireless: false,
            wireless: None,
            rest: &[],
        })
        .encode(out)?;
        self.left -= 1;
        self.next_millis = now.saturating_add(u64::from(REPETITION_MILLIS));
        Ok(Some(length))
    }

    /// Whether no charger has answered to any request.
    #[must_use]
    pub const fn has_failed(&self) -> bool {
        self.poll_timeout().is_none()
    }

    /// An answer: where to connect.
    ///
    /// # Errors
    /// It is not taken; nothing has changed.
    pub fn handle_datagram(&self, octets: &[u8]) -> Result<Target, Refused> {
        let Datagram::Response(response) = Datagram::decode(octets)? else {
            return Err(Refused::NotAnAnswer);
        };
        if response.transport != Transport::Tcp {
            return Err(Refused::Transport { found: response.transport.to_raw() });
        }
        let address = response.address;
        if response.port == 0 || address.is_unspecified() || address.is_multicast() {
            return Err(Refused::Address);
        }
        let (tls, is_downgraded) = match (self.policy, response.security) {
            (TlsPolicy::Required | TlsPolicy::AllowDowngrade, Security::Tls) => (true, false),
            (TlsPolicy::Required, Security::None) => return Err(Refused::Downgrade),
            (TlsPolicy::AllowDowngrade, Security::None) => (false, true),
            (TlsPolicy::Never, Security::None) => (false, false),
            (_, other) => return Err(Refused::Security { found: other.to_raw() }),
        };
        Ok(Target { address, port: response.port, tls, is_downgraded })
    }
}

/// Where a charger listens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listening {
    /// Its address.
    pub address: Ipv6Addr,
    /// The port with TLS, where there is one.
    pub tls_port: Option<u16>,
    /// The port without, where there is one.
    pub plain_port: Option<u16>,
    /// With [`TlsPolicy::Required`] a vehicle that asks for none is pointed to TLS all the same.
    pub policy: TlsPolicy,
}

impl Listening {
    /// The answer to a request, written into `out`; `None` if there is none to give.
    ///
    /// # Errors
    /// The datagram is no request, or the buffer has not 28 octets.
    pub fn answer(&self, octets: &[u8], out: &mut [u8]) -> Result<Option<usize>, SdpError> {
        let Datagram::Request(request) = Datagram::decode(octets)? else { return Ok(None) };
        if request.transport != Transport::Tcp {
            return Ok(None);
        }
        let asks_for_tls = request.security == Security::Tls;
        let with = self.tls_port.map(|port| (port, Security::Tls));
        let without = self.plain_port.map(|port| (port, Security::None));
        let given = match (self.policy, asks_for_tls) {
            (TlsPolicy::Required, _) => with,
            (TlsPolicy::AllowDowngrade, true) => with.or(without),
            (TlsPolicy::AllowDowngrade, false) => without.or(with),
            (TlsPolicy::Never, _) => without,
        };
        let Some((port, security)) = given else { return Ok(None) };
        let response = Response {
            address: self.address,
            port,
            security,
            transport: Transport::Tcp,
            is_wireless: request.is_wireless,
            wireless: None,
            rest: &[],
        };
        Datagram::Response(response).encode(out).map(Some)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATION: Listening = Listening {
        address: Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 1),
        tls_port: Some(64_109),
        plain_port: Some(61_341),
        policy: TlsPolicy::AllowDowngrade,
    };

    fn answer(vehicle: TlsPolicy, station: Listening) -> Result<Target, Refused> {
        let mut discovery = Discovery::new(vehicle, 0);
        let (mut request, mut response) = ([0; 10], [0; 28]);
        let sent = discovery.poll_transmit(0, &mut request);
        assert_eq!(sent, Ok(Some(10)));
        match station.answer(&request, &mut response)? {
            Some(length) => discovery.handle_datagram(response.get(..length).unwrap_or_default()),
            None => Err(Refused::NotAnAnswer),
        }
    }

    #[test]
    fn tls_is_lowered_only_where_the_policy_says_so() {
        let plain = Listening { tls_port: None, ..STATION };
        assert_eq!(answer(TlsPolicy::Required, plain), Err(Refused::Downgrade));
        let target = answer(TlsPolicy::AllowDowngrade, plain);
        assert!(target.is_ok_and(|t| !t.tls && t.is_downgraded && t.port == 61_341));
        assert!(answer(TlsPolicy::Required, STATION).is_ok_and(|t| t.tls && t.port == 64_109));
        assert!(answer(TlsPolicy::Never, STATION).is_ok_and(|t| !t.tls && !t.is_downgraded));
        let strict = Listening { policy: TlsPolicy::Required, ..STATION };
        let refused = Err(Refused::Security { found: 0 });
        assert_eq!(answer(TlsPolicy::Never, strict), refused);
    }

    #[test]
    fn requests_go_out_every_quarter_second_and_end() {
        let mut discovery = Discovery::new(TlsPolicy::Required, 1000);
        let (mut now, mut sent, mut out) = (1000, 0, [0; 10]);
        while let Some(at) = discovery.poll_timeout() {
            assert_eq!(discovery.poll_transmit(at - 1, &mut out), Ok(None));
            now = at;
            sent += usize::from(discovery.poll_transmit(at, &mut out) == Ok(Some(10)));
        }
        assert_eq!((sent, now), (50, 1000 + 50 * 250));
        assert!(discovery.has_failed());
    }

    #[test]
    fn answers_without_an_address_are_refused() {
        let nowhere = Listening { address: Ipv6Addr::UNSPECIFIED, ..STATION };
        assert_eq!(answer(TlsPolicy::Required, nowhere), Err(Refused::Address));
        let nowhere = Listening { tls_port: Some(0), ..STATION };
        assert_eq!(answer(TlsPolicy::Required, nowhere), Err(Refused::Address));
    }
}
