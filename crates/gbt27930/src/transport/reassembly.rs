//! The packets of one message, put together in memory that the caller lends.

use super::{AbortReason, LONGEST, PACKET, packets_of};

/// A message in the making: which of its packets are there. The bytes are in the caller's memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reassembly {
    pgn: u32,
    size: u16,
    packets: u8,
    /// Packets stored so far.
    stored: u8,
    /// One bit per packet, bit 0 of word 0 is packet 1.
    have: [u32; 8],
}

/// What became of a packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stored {
    /// Stored; more are missing.
    More,
    /// Stored, and the message is complete.
    Complete,
    /// Was there already; ignored.
    Duplicate,
    /// No packet of this message has that number; ignored.
    NoSuchPacket,
}

impl Reassembly {
    /// A message as an RTS announces it.
    ///
    /// # Errors
    /// The reason to refuse it: [`AbortReason::TooLong`] above 1785 bytes, [`AbortReason::Other`] below 9 bytes or if
    /// the number of packets does not fit the size, [`AbortReason::Resources`] if it exceeds the memory.
    #[inline]
    pub const fn new(pgn: u32, size: u16, packets: u8, memory: usize) -> Result<Self, AbortReason> {
        if size > LONGEST {
            return Err(AbortReason::TooLong);
        }
        if size < 9 || packets_of(size) != packets as u16 {
            return Err(AbortReason::Other);
        }
        if size as usize > memory {
            return Err(AbortReason::Resources);
        }
        Ok(Self { pgn, size, packets, stored: 0, have: [0; 8] })
    }

    /// The message's parameter group number.
    #[must_use]
    pub const fn pgn(&self) -> u32 {
        self.pgn
    }

    /// Bytes of the message.
    #[must_use]
    pub const fn size(&self) -> u16 {
        self.size
    }

    /// Packets of the message.
    #[must_use]
    pub const fn packets(&self) -> u8 {
        self.packets
    }

    /// Packets stored so far.
    #[must_use]
    pub const fn stored(&self) -> u8 {
        self.stored
    }

    /// Stores a packet, in any order.
    #[inline]
    pub fn store(&mut self, number: u8, data: &[u8; PACKET], memory: &mut [u8]) -> Stored {
        if number == 0 || number > self.packets {
            return Stored::NoSuchPacket;
        }
        let index = number - 1;
        let Some(word) = self.have.get_mut(usize::from(index >> 5)) else {
            return Stored::NoSuchPacket;
        };
        let bit = 1 << (index & 31);
        if *word & bit != 0 {
            return Stored::Duplicate;
        }
        let start = usize::from(index) * PACKET;
        let room = memory.get_mut(start..).unwrap_or_default();
        let left = usize::from(self.size) - start;
        if left >= PACKET {
            match room.first_chunk_mut() {
                Some(slot) => *slot = *data,
                None => return Stored::NoSuchPacket,
            }
        } else {
            for (to, from) in room.iter_mut().zip(data).take(left) {
                *to = *from;
            }
        }
        *word |= bit;
        self.stored += 1;
        if self.stored == self.packets { Stored::Complete } else { Stored::More }
    }

    /// The first run of missing packets at or after `from`: its first number and length.
    #[must_use]
    pub(super) fn missing(&self) -> Option<(u8, u8)> {
        let is_missing = |number: &u8| {
            let index = number - 1;
            let word = self.have.get(usize::from(index >> 5)).copied().unwrap_or_default();
            word & 1 << (index & 31) == 0
        };
        let first = (1..=self.packets).find(is_missing)?;
        let run = (first..=self.packets).take_while(is_missing).count();
        Some((first, run as u8))
    }
}
