//! String table hits: rewriting a document that uses them as the one that spells every string out.

use super::error::DecodeErrorKind;
use super::info::index_width;
use super::reader::Reader;
use super::writer::Writer;

/// A string met in a document: where its characters are, and of which element or attribute it is the value.
#[derive(Debug, Clone, Copy, Default)]
pub struct StringEntry {
    of: Name,
    bit: u32,
    length: u32,
}

/// Local name and the last part of the namespace: the local partition of the string table to which a value belongs.
pub(crate) type Name = (&'static str, &'static str);

/// The strings so far, and the copy that is being written.
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

    /// Reads a string of at most `max` characters, spelled out or not.
    pub(crate) fn text(&mut self, reader: &mut Reader<'_>, of: Name, max: u32) {
        let begin = reader.position();
        let mut ahead = reader.clone();
        let coded = ahead.unsigned(u64::from(u32::MAX));
        if ahead.has_failed() || coded >= 2 {
            reader.text(0, max);
            let entry =
                StringEntry { of, bit: ahead.position(), length: coded.saturating_sub(2) as u32 };
            if entry.length > 0
                && !reader.has_failed()
                && let Err(kind) = self.remember(entry)
            {
                reader.fail_at(begin, kind);
            }
            return;
        }
        *reader = ahead;
        if let Err(kind) = self.hit(reader, begin, (coded == 0).then_some(of), max) {
            reader.fail_at(begin, kind);
        }
    }

    /// Adds a string to both partitions.
    fn remember(&mut self, entry: StringEntry) -> Result<(), DecodeErrorKind> {
        let used = count(self.used);
        let full = DecodeErrorKind::ValueEntry { expected: used, found: used };
        *self.entries.get_mut(self.used).ok_or(full)? = entry;
        self.used += 1;
        Ok(())
    }

    /// Writes the string of a hit at `begin`, in the local partition of a name or in the global one.
    fn hit(
        &mut self,
        reader: &mut Reader<'_>,
        begin: u32,
        local: Option<Name>,
        max: u32,
    ) -> Result<(), DecodeErrorKind> {
        let known = self.entries.get(..self.used).unwrap_or_default();
        let mut entries = known.iter().filter(|e| local.is_none_or(|name| e.of == name));
        let expected = entries.clone().count();
        let index = reader.bits(index_width(expected as u32)) as u16;
        let entry = entries.nth(usize::from(index));
        let missing = DecodeErrorKind::ValueEntry { expected: count(expected), found: index };
        let StringEntry { bit, length, .. } = *entry.ok_or(missing)?;
        if length > max {
            return Err(DecodeErrorKind::Length { minimum: 0, maximum: max, found: length });
        }
        self.copy(reader.data(), begin)?;
        self.copied = reader.position();
        self.out.unsigned(u64::from(length) + 2);
        let mut characters = Reader::at(reader.data(), bit);
        for _ in 0..length {
            self.out.unsigned(u64::from(u32::from(characters.character())));
        }
        self.room()
    }

    /// Copies the rest and tells the length of the copy.
    pub(crate) fn finish(mut self, data: &[u8], end: u32) -> Result<usize, DecodeErrorKind> {
        self.copy(data, end)?;
        self.out.finish().map_err(|_| DecodeErrorKind::ExpansionBuffer)
    }

    fn copy(&mut self, data: &[u8], to: u32) -> Result<(), DecodeErrorKind> {
        self.out.copy_bits(data, self.copied, to.saturating_sub(self.copied));
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
