//! Bits into octets: most significant first, never past the buffer, the first failure kept.

use super::error::EncodeError;
use super::reader::Failed;

/// A cursor that writes bits into a buffer, or only counts them.
#[derive(Debug)]
pub struct Writer<'a> {
    buffer: &'a mut [u8],
    counting: bool,
    /// Octets written or counted.
    octets: usize,
    /// Bits that do not fill an octet yet, right-aligned.
    window: u64,
    bits: u32,
    error: Option<EncodeError>,
}

impl<'a> Writer<'a> {
    /// Writes into `buffer`.
    #[must_use]
    pub fn new(buffer: &'a mut [u8]) -> Self {
        Self { buffer, counting: false, octets: 0, window: 0, bits: 0, error: None }
    }

    /// Counts what would be written.
    #[must_use]
    pub fn counting() -> Self {
        Self { buffer: &mut [], counting: true, octets: 0, window: 0, bits: 0, error: None }
    }

    /// Writes the low `count` bits of `value`, at most 56; the higher ones must be 0.
    #[inline]
    pub fn bits(&mut self, value: u64, count: u32) {
        if self.bits + count > 64 {
            self.flush();
        }
        self.window = (self.window << count) | value;
        self.bits += count;
    }

    /// Empties the window but for the bits that do not fill an octet.
    fn flush(&mut self) {
        let whole = (self.bits / 8) as usize;
        let rest = self.bits % 8;
        if self.bits > 0 && !self.counting {
            let word = (self.window << (64 - self.bits)).to_be_bytes();
            let tail = self.buffer.get_mut(self.octets..).unwrap_or_default();
            match tail.first_chunk_mut::<8>() {
                Some(chunk) => *chunk = word,
                None => {
                    for (to, from) in tail.iter_mut().zip(word.iter().take(whole)) {
                        *to = *from;
                    }
                }
            }
        }
        self.octets += whole;
        self.bits = rest;
        self.window &= (1 << rest) - 1;
    }

    /// Writes an unsigned integer.
    #[inline]
    pub fn unsigned(&mut self, value: u64) {
        let mut left = value;
        while left >= 0x80 {
            self.bits(left & 0x7f | 0x80, 8);
            left >>= 7;
        }
        self.bits(left, 8);
    }

    /// Writes a signed integer.
    #[inline]
    #[expect(clippy::cast_sign_loss, reason = "the sign bit stands apart")]
    pub fn signed(&mut self, value: i64) {
        self.bits(u64::from(value < 0), 1);
        self.unsigned((if value < 0 { !value } else { value }) as u64);
    }

    /// Writes octets.
    pub fn octets(&mut self, octets: &[u8]) {
        let mut chunks = octets.chunks_exact(4);
        for chunk in &mut chunks {
            if let [a, b, c, d] = chunk {
                self.bits(u64::from(u32::from_be_bytes([*a, *b, *c, *d])), 32);
            }
        }
        for octet in chunks.remainder() {
            self.bits(u64::from(*octet), 8);
        }
    }

    /// Records why the value cannot be written.
    #[cold]
    #[inline(never)]
    pub fn fail(&mut self, error: EncodeError) -> Failed {
        self.error.get_or_insert(error);
        Failed
    }

    pub(crate) fn error(&self) -> EncodeError {
        let got = u32::try_from(self.buffer.len()).unwrap_or(u32::MAX);
        self.error.unwrap_or(EncodeError::BufferTooShort { got })
    }

    pub(crate) fn overflowed(&self) -> bool {
        !self.counting && self.octets > self.buffer.len()
    }

    /// Bits written so far.
    #[must_use]
    pub fn position(&self) -> usize {
        self.octets * 8 + self.bits as usize
    }

    /// Fills the last octet with 0 and tells the length in octets.
    ///
    /// # Errors
    /// The buffer is too short.
    pub fn finish(&mut self) -> Result<usize, EncodeError> {
        self.flush();
        if self.bits > 0 {
            self.bits(0, 8 - self.bits);
            self.flush();
        }
        if self.overflowed() { Err(self.error()) } else { Ok(self.octets) }
    }
}
