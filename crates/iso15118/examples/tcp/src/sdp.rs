//! Discovery over UDP: the engine's datagrams on sockets.

use core::net::{Ipv6Addr, SocketAddrV6};
use core::time::Duration;
use std::net::UdpSocket;

use anyhow::{Context as _, Result, bail};
use evse_iso15118::discovery::{Discovery, Listening, Target, TlsPolicy};

use crate::{Clock, complain};

/// Where vehicles ask.
pub const ALL_NODES: Ipv6Addr = Ipv6Addr::new(0xFF02, 0, 0, 0, 0, 0, 0, 1);

/// Answers requests in a thread of its own, for as long as the program runs; the port.
///
/// `interface` is the number of a network interface on whose link vehicles ask all nodes; 0 leaves that to the system, and
/// without such a link only requests to an address of this machine arrive.
///
/// # Errors
/// The port is taken.
pub fn answer(port: u16, interface: u32, listening: Listening) -> Result<u16> {
    let socket = UdpSocket::bind((Ipv6Addr::UNSPECIFIED, port))
        .with_context(|| format!("SDP: UDP port {port}"))?;
    if let Err(error) = socket.join_multicast_v6(&ALL_NODES, interface) {
        complain(&format!("SDP: requests to all nodes do not arrive: {error}"));
    }
    let port = socket.local_addr()?.port();
    std::thread::spawn(move || {
        let (mut request, mut response) = ([0; 256], [0; 64]);
        while let Ok((length, from)) = socket.recv_from(&mut request) {
            let request = request.get(..length).unwrap_or_default();
            let answered = listening.answer(request, &mut response);
            if let Ok(Some(length)) = answered
                && let Some(answer) = response.get(..length)
                && let Err(error) = socket.send_to(answer, from)
            {
                complain(&format!("SDP: {from}: {error}"));
            }
        }
    });
    Ok(port)
}

/// Asks until a charger answers as the policy wants.
///
/// # Errors
/// None does.
pub fn discover(to: SocketAddrV6, policy: TlsPolicy) -> Result<Target> {
    let socket = UdpSocket::bind((Ipv6Addr::UNSPECIFIED, 0))?;
    let clock = Clock::start();
    let mut discovery = Discovery::new(policy, clock.millis());
    let (mut request, mut answer) = ([0; 16], [0; 256]);
    let mut last_refused = None;
    while let Some(at) = discovery.poll_timeout() {
        if let Some(length) = discovery.poll_transmit(clock.millis(), &mut request)? {
            let request = request.get(..length).unwrap_or_default();
            socket.send_to(request, to).with_context(|| format!("SDP: asking {to}"))?;
        }
        let wait = at.saturating_sub(clock.millis()).max(1);
        socket.set_read_timeout(Some(Duration::from_millis(wait)))?;
        // A refused or missing answer is no end: the next request goes out at its time.
        let Ok((length, _)) = socket.recv_from(&mut answer) else { continue };
        match discovery.handle_datagram(answer.get(..length).unwrap_or_default()) {
            Ok(target) => return Ok(target),
            Err(refused) => last_refused = Some(refused),
        }
    }
    match last_refused {
        Some(refused) => Err(refused).context("SDP: no answer was taken"),
        None => bail!("SDP: no charger answers at {to}"),
    }
}
