//! The packets of one message, put together in memory that the caller lends.

use super::{AbortReason, LONGEST, PACKET};

/// A message in the making: which of its packets are there. The bytes are in the caller's memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reassembly {
    pgn: u32,
    size: u16,
    packets: u8,
    /// Packets 1 to this one are there without a gap.
    in_order: u8,
    /// Packets that are there behind a gap.
    behind_gap: u8,
    /// Which packets came behind a gap, also after it closed: bit 0 of word 0 is packet 1.
    early: [u32; 8],
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
        let room = packets as u16 * PACKET as u16;
        if size < 9 || size > room || size + PACKET as u16 <= room {
            return Err(AbortReason::Other);
        }
        if size as usize > memory {
            return Err(AbortReason::Resources);
        }
        Ok(Self { pgn, size, packets, in_order: 0, behind_gap: 0, early: [0; 8] })
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
        self.in_order + self.behind_gap
    }

    /// The usual one of the message's packets: the next in order, with none behind a gap. False, and nothing done, for
    /// any other, which is for [`Self::store`]. Where the memory has room, the padding of the last packet is copied too.
    #[inline]
    pub(super) fn append(&mut self, number: u8, data: &[u8; PACKET], memory: &mut [u8]) -> bool {
        if number.wrapping_sub(1) != self.in_order || self.behind_gap != 0 {
            return false;
        }
        let start = usize::from(self.in_order) * PACKET;
        let Some(slot) = memory.get_mut(start..).and_then(<[u8]>::first_chunk_mut) else {
            return false;
        };
        *slot = *data;
        self.in_order = number;
        true
    }

    /// Stores a packet, in any order.
    pub fn store(&mut self, number: u8, data: &[u8; PACKET], memory: &mut [u8]) -> Stored {
        if number == 0 || number > self.packets {
            return Stored::NoSuchPacket;
        }
        if self.has(number) {
            return Stored::Duplicate;
        }
        let start = usize::from(number - 1) * PACKET;
        let length = PACKET.min(usize::from(self.size) - start);
        let slot = memory.get_mut(start..).and_then(|rest| rest.get_mut(..length));
        let (Some(slot), Some(data)) = (slot, data.get(..length)) else {
            return Stored::NoSuchPacket;
        };
        slot.copy_from_slice(data);
        if number - 1 == self.in_order {
            self.in_order = number;
            while self.behind_gap > 0 && self.came_early(self.in_order + 1) {
                self.in_order += 1;
                self.behind_gap -= 1;
            }
        } else {
            if let Some(word) = self.early.get_mut(usize::from(number - 1) / 32) {
                *word |= 1 << ((number - 1) % 32);
            }
            self.behind_gap += 1;
        }
        if self.in_order == self.packets { Stored::Complete } else { Stored::More }
    }

    /// The first run of missing packets: its first number and length.
    #[must_use]
    pub(super) fn missing(&self) -> Option<(u8, u8)> {
        let first = self.in_order.checked_add(1).filter(|first| *first <= self.packets)?;
        let run = (first..=self.packets).take_while(|number| !self.has(*number)).count();
        Some((first, run as u8))
    }

    /// Whether a packet from 1 on is there.
    fn has(&self, number: u8) -> bool {
        number <= self.in_order || self.came_early(number)
    }

    fn came_early(&self, number: u8) -> bool {
        let word = self.early.get(usize::from(number - 1) / 32).copied().unwrap_or_default();
        word & 1 << ((number - 1) % 32) != 0
    }
}
