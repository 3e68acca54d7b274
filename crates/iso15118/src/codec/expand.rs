//! String table hits: rewriting a document that uses them as the one that spells every string out.

use super::error::DecodeErrorKind;
use super::info::index_width;
use super::reader::Reader;
use super::writer::Writer;

/// A string met in a document: where its characters are, and of which element or attribute it is the value.
#[derive(Debug, Clone, Copy, Default)]
pub struct StringEntry {
    name: &'static str,
    bit: u32,
    length: u32,
}

/// What a reader carries to follow hits: the strings so far, and the copy that it writes.
#[derive(Debug)]
pub(crate) struct Expander<'a> {
    entries: &'a mut [StringEntry],
    used: usize,
    out: Writer<'a>,
    /// All before this bit has been copied.
    copied: u32,
}

impl<'a> Expander<'a> {
    pub(crate) fn new(entries: &'a mut [StringEntry], out: &'a mut [u8]) -> Self {
        Self { entries, used: 0, out: Writer::new(out), copied: 0 }
    }

    fn known(&self) -> &[StringEntry] {
        self.entries.get(..self.used).unwrap_or_default()
    }

    /// Adds a string to both partitions.
    pub(crate) fn remember(
        &mut self,
        name: &'static str,
        bit: u32,
        length: u32,
    ) -> Result<(), DecodeErrorKind> {
        let full =
            DecodeErrorKind::ValueEntry { expected: count(self.used), found: count(self.used) };
        *self.entries.get_mut(self.used).ok_or(full)? = StringEntry { name, bit, length };
        self.used += 1;
        Ok(())
    }

    /// Bits of the index that follows a local or global hit.
    pub(crate) fn index_bits(&self, local: bool, name: &str) -> u32 {
        index_width(self.known().iter().filter(|e| !local || e.name == name).count() as u32)
    }

    /// Where the characters of an entry are, and how many.
    pub(crate) fn entry(
        &self,
        local: bool,
        name: &str,
        index: u16,
    ) -> Result<(u32, u32), DecodeErrorKind> {
        let mut entries = self.known().iter().filter(|e| !local || e.name == name);
        let expected = count(entries.clone().count());
        let entry = entries.nth(usize::from(index));
        let entry = entry.ok_or(DecodeErrorKind::ValueEntry { expected, found: index })?;
        Ok((entry.bit, entry.length))
    }

    /// Copies all up to the hit at `begin..after` and writes the string in its place.
    pub(crate) fn substitute(
        &mut self,
        data: &[u8],
        begin: u32,
        after: u32,
        bit: u32,
        length: u32,
    ) -> Result<(), DecodeErrorKind> {
        self.copy(data, begin)?;
        self.copied = after;
        self.out.unsigned(u64::from(length) + 2);
        let mut reader = Reader::at(data, bit);
        for _ in 0..length {
            if let Ok(character) = reader.character() {
                self.out.unsigned(u64::from(u32::from(character)));
            }
        }
        self.room()
    }

    /// Copies the rest and tells the length of the copy.
    pub(crate) fn finish(mut self, data: &[u8], end: u32) -> Result<usize, DecodeErrorKind> {
        self.copy(data, end)?;
        self.out.finish().map_err(|_| DecodeErrorKind::ExpansionBuffer)
    }

    fn copy(&mut self, data: &[u8], to: u32) -> Result<(), DecodeErrorKind> {
        let mut reader = Reader::at(data, self.copied);
        let mut left = to.saturating_sub(self.copied);
        while left > 0 {
            let width = left.min(32);
            let Ok(bits) = reader.bits(width) else { break };
            self.out.bits(bits, width);
            left -= width;
        }
        self.copied = to;
        self.room()
    }

    fn room(&self) -> Result<(), DecodeErrorKind> {
        if self.out.overflowed() { Err(DecodeErrorKind::ExpansionBuffer) } else { Ok(()) }
    }
}

fn count(n: usize) -> u16 {
    u16::try_from(n).unwrap_or(u16::MAX)
}
