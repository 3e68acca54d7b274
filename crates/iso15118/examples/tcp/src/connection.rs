//! A stream of V2GTP messages over TCP, with TLS or without.

use core::time::Duration;
use std::io::{self, Read, Write};
use std::net::TcpStream;

use anyhow::{Context as _, Result, bail};
use evse_iso15118::session::Instant;
use evse_iso15118::v2gtp::{Header, PayloadType, Reassembler};

use crate::Clock;

/// The longest message that is taken: a certificate installation has some ten thousand octets.
const LONGEST: usize = 16_384;

/// An open connection.
#[derive(Debug)]
pub enum Stream {
    /// As it is.
    Plain(TcpStream),
    /// TLS, as the charger.
    #[cfg(feature = "tls")]
    Server(Box<rustls::StreamOwned<rustls::ServerConnection, TcpStream>>),
    /// TLS, as the vehicle.
    #[cfg(feature = "tls")]
    Client(Box<rustls::StreamOwned<rustls::ClientConnection, TcpStream>>),
}

impl Stream {
    fn socket(&self) -> &TcpStream {
        match self {
            Self::Plain(socket) => socket,
            #[cfg(feature = "tls")]
            Self::Server(stream) => &stream.sock,
            #[cfg(feature = "tls")]
            Self::Client(stream) => &stream.sock,
        }
    }
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(socket) => socket.read(buffer),
            #[cfg(feature = "tls")]
            Self::Server(stream) => stream.read(buffer),
            #[cfg(feature = "tls")]
            Self::Client(stream) => stream.read(buffer),
        }
    }
}

impl Write for Stream {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(socket) => socket.write(octets),
            #[cfg(feature = "tls")]
            Self::Server(stream) => stream.write(octets),
            #[cfg(feature = "tls")]
            Self::Client(stream) => stream.write(octets),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(socket) => socket.flush(),
            #[cfg(feature = "tls")]
            Self::Server(stream) => stream.flush(),
            #[cfg(feature = "tls")]
            Self::Client(stream) => stream.flush(),
        }
    }
}

/// What came of waiting for a message.
#[derive(Debug)]
pub enum Received {
    /// A message.
    Message(PayloadType, Vec<u8>),
    /// The deadline.
    Timeout,
    /// The other side has closed the connection.
    Closed,
}

/// Messages over a stream.
#[derive(Debug)]
pub struct Connection {
    stream: Stream,
    /// Octets that have come and are not yet taken.
    rest: Vec<u8>,
}

impl Connection {
    /// Over a stream that is open.
    ///
    /// # Errors
    /// The socket refuses an option.
    pub fn new(stream: Stream) -> Result<Self> {
        stream.socket().set_nodelay(true)?;
        Ok(Self { stream, rest: Vec::new() })
    }

    /// Waits for a message, until the engine's next deadline if it has one.
    ///
    /// # Errors
    /// The stream breaks, or bears no V2GTP.
    pub fn receive(&mut self, clock: Clock, until: Option<Instant>) -> Result<Received> {
        let mut buffer = [0; LONGEST];
        let mut reassembler = Reassembler::new(&mut buffer);
        let mut chunk = core::mem::take(&mut self.rest);
        loop {
            let mut input = chunk.as_slice();
            if let Some(frame) = reassembler.next_frame(&mut input)? {
                let (kind, payload) = (frame.payload_type, frame.payload.to_vec());
                self.rest = input.to_vec();
                return Ok(Received::Message(kind, payload));
            }
            let left = until.map(|until| until.as_millis().saturating_sub(clock.millis()));
            // A read without any time would wait for ever.
            let wait = left.map(|millis| Duration::from_millis(millis.max(1)));
            self.stream.socket().set_read_timeout(wait)?;
            chunk.resize(4096, 0);
            match self.stream.read(&mut chunk) {
                Ok(0) if reassembler.is_inside() => bail!("the connection ends within a message"),
                Ok(0) => return Ok(Received::Closed),
                Ok(count) => chunk.truncate(count),
                Err(error) if is_timeout(&error) && reassembler.is_inside() => {
                    bail!("a message stops in its midst")
                }
                Err(error) if is_timeout(&error) => return Ok(Received::Timeout),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => chunk.clear(),
                Err(error) => return Err(error).context("reading"),
            }
        }
    }

    /// Sends a message.
    ///
    /// # Errors
    /// The stream breaks.
    pub fn send(&mut self, payload_type: PayloadType, payload: &[u8]) -> Result<()> {
        let header = Header { payload_type, length: u32::try_from(payload.len())? };
        let frame = [&header.encode(), payload].concat();
        self.stream.write_all(&frame).and_then(|()| self.stream.flush()).context("writing")
    }
}

fn is_timeout(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut)
}
